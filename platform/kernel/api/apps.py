from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "kernel.api"
    label = "api"

    def ready(self) -> None:
        from kernel.api import openapi, permissions  # noqa: F401  both register themselves
