from django.apps import AppConfig


class GuaranteeConfig(AppConfig):
    """Has no models: the app exists so that `manage.py due` is found."""

    name = "kernel.guarantee"
    label = "guarantee"
