from django.apps import AppConfig


class LogReviewConfig(AppConfig):
    name = "services.logreview"
    label = "logreview"

    def ready(self) -> None:
        from services.logreview import permissions  # noqa: F401
