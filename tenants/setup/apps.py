from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "tenants.setup"
    label = "setup"

    def ready(self) -> None:
        from kernel.actor import register_loader
        from kernel.ui.look import register_look
        from tenants.setup import permissions  # noqa: F401  registers the table
        from tenants.setup.actors import actor_of_account
        from tenants.setup.face import look_of_municipality

        register_loader(actor_of_account)
        register_look(look_of_municipality)
