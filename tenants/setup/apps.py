from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "tenants.setup"
    label = "setup"

    def ready(self) -> None:
        from kernel.actor import register_loader

        from tenants.setup import permissions  # noqa: F401  registers the table
        from tenants.setup.actors import actor_of_account

        register_loader(actor_of_account)
