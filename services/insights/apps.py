from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "services.insights"
    label = "insights"

    def ready(self) -> None:
        from services.insights import permissions  # noqa: F401
