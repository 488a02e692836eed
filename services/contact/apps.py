from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "services.contact"
    label = "contact"

    def ready(self) -> None:
        from services.contact import (  # noqa: F401
            broken,
            followers,
            handover_promise,
            permissions,
            wish_follower,
        )
        from services.contact.handover_queries import ties
        from services.contact.held import held_by, unclaimed_at_doors_of
        from services.contact.models import SUBJECT
        from services.contact.nobody_then import left_alone
        from services.contact.operations import end_rehearsal, hand_on, left
        from services.contact.operations.handover_ends import KIND
        from services.contact.queries import find_case
        from services.contact.views.first import hero
        from services.contact.wishes import hidden_ids
        from services.promises import subjects
        from tenants.onboarding.rehearsal import register_cleaner
        from tenants.presence import unclaimed
        from tenants.setup import leaving, miniature
        from tenants.walls import cases

        subjects.register(SUBJECT, broken.on_broken, broken.lock, broken.describe, hidden_ids)
        subjects.register(
            KIND,
            handover_promise.on_broken,
            handover_promise.lock,
            handover_promise.describe,
            handover_promise.hidden_from,
        )
        register_cleaner(end_rehearsal)
        followers.follow()
        wish_follower.follow()
        cases.register(find_case, ties)
        miniature.register("contact/hero.html", hero)
        leaving.register(held_by, hand_on)
        unclaimed.register(unclaimed_at_doors_of)
        unclaimed.register_left_alone(left_alone)
        leaving.register_farewell(left)
