from django.apps import AppConfig


class FeasibilityConfig(AppConfig):
    name = "tenants.feasibility"
    label = "feasibility"

    def ready(self) -> None:
        from tenants.feasibility.set_up import item
        from tenants.setup import checklist

        checklist.register(item)
