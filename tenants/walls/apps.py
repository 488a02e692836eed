from django.apps import AppConfig


class WallsConfig(AppConfig):
    name = "tenants.walls"
    label = "walls"

    def ready(self) -> None:
        from tenants.onboarding.rehearsal import register_cleaner
        from tenants.walls import permissions  # noqa: F401  registers the table
        from tenants.walls.operations import end_rehearsal

        register_cleaner(end_rehearsal)
