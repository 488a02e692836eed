from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "tenants.setup"
    label = "setup"

    def ready(self) -> None:
        from django.urls import reverse

        from kernel.people.identity import report
        from kernel.people.identity.operations import on_claims, on_students_providers
        from kernel.ui.look import register_look
        from tenants.setup import permissions  # noqa: F401  registers the table
        from tenants.setup.face import look_of_municipality
        from tenants.setup.operations.change import stamp
        from tenants.setup.operations.claimed import give_claimed

        register_look(look_of_municipality)
        on_claims(give_claimed)
        on_students_providers(stamp)
        report.register_address(lambda row: reverse("setup:provider", args=[row.pk]))
