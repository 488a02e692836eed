from django.apps import AppConfig


class PresenceConfig(AppConfig):
    name = "tenants.presence"
    label = "presence"

    def ready(self) -> None:
        from kernel.actor import register_loader
        from tenants.onboarding.rehearsal import register_cleaner
        from tenants.presence import jobs, permissions  # noqa: F401
        from tenants.presence.actors import actor_of_account
        from tenants.presence.operations import end_rehearsal

        register_loader(actor_of_account)
        register_cleaner(end_rehearsal)
