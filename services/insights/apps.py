from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "services.insights"
    label = "insights"

    def ready(self) -> None:
        from services.insights import jobs, permissions  # noqa: F401
