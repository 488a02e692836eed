from django.apps import AppConfig


class FeasibilityConfig(AppConfig):
    name = "tenants.feasibility"
    label = "feasibility"
