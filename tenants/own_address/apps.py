from django.apps import AppConfig


class OwnAddressConfig(AppConfig):
    name = "tenants.own_address"
    label = "own_address"

    def ready(self) -> None:
        from tenants.own_address import jobs, permissions  # noqa: F401
