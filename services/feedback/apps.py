from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "services.feedback"
    label = "feedback"

    def ready(self) -> None:
        from services.contact import following, panels, turning_points
        from services.feedback import followers, panel, permissions  # noqa: F401
        from services.feedback.operations import undone

        following.register(followers.FEEDBACK)
        panels.register(panel.PANEL)
        turning_points.register(undone=undone)
