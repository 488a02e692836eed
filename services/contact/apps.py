from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "services.contact"
    label = "contact"

    def ready(self) -> None:
        from services.contact import broken, followers, handover_promise, permissions  # noqa: F401
        from services.contact.handover_queries import ties
        from services.contact.held import held_by
        from services.contact.models import SUBJECT
        from services.contact.operations import end_rehearsal, hand_on, left
        from services.contact.operations.handover_ends import KIND
        from services.contact.queries import find_case
        from services.contact.views.first import hero
        from services.promises import subjects
        from tenants.onboarding.rehearsal import register_cleaner
        from tenants.setup import leaving, miniature
        from tenants.walls import cases

        subjects.register(SUBJECT, broken.on_broken, broken.lock, broken.describe)
        subjects.register(KIND, handover_promise.on_broken, handover_promise.lock, handover_promise.describe)
        register_cleaner(end_rehearsal)
        followers.follow()
        cases.register(find_case, ties)
        miniature.register("contact/hero.html", hero)
        leaving.register(held_by, hand_on)
        leaving.register_farewell(left)
