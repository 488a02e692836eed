from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "kernel.api"
    label = "api"

    def ready(self) -> None:
        from kernel.api import permissions  # noqa: F401  registers its table
