from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "kernel.api"
    label = "api"

    def ready(self) -> None:
        from kernel.api import permissions  # noqa: F401  registers its table
        from kernel.api.tokens import withdraw_all
        from kernel.people.operations import on_end_of_sessions

        on_end_of_sessions(withdraw_all)
