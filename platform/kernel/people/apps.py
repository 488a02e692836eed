from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kernel.people"
    label = "people"

    def ready(self) -> None:
        from kernel.people import permissions, privacy, sessions  # noqa: F401
        from kernel.people.identity import provider

        provider.register()
        privacy.forget_addresses_of_sessions()
