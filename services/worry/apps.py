from django.apps import AppConfig


class WorryConfig(AppConfig):
    name = "services.worry"
    label = "worry"

    def ready(self) -> None:
        from kernel.people.identity import assurance
        from services.contact import closing, following, panels, turning_points
        from services.promises import subjects
        from services.worry import clock, followers, permissions, stays_open, student_panel  # noqa: F401
        from services.worry.held import held_by
        from services.worry.models import SUBJECT
        from services.worry.nobody_then import left_alone
        from services.worry.operations import hand_on
        from services.worry.set_up import item
        from tenants.presence import unclaimed
        from tenants.setup import checklist, leaving

        assurance.register({"worry.take_out": assurance.Needs()})
        subjects.register(SUBJECT, clock.on_broken, clock.lock, clock.describe, clock.hidden_from)
        turning_points.register(moves=clock.moves, left=clock.left)
        following.register(followers.WORRIES)
        closing.register("worry", stays_open.stays_open, stays_open.TEXT)
        panels.register(student_panel.PANEL)
        leaving.register(held_by, hand_on)
        unclaimed.register_left_alone(left_alone)
        checklist.register(item)
