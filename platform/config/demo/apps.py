from django.apps import AppConfig
from django.conf import settings

from kernel import clock


class DemoConfig(AppConfig):
    name = "config.demo"
    label = "demo"

    def ready(self) -> None:
        if settings.DEMO:
            from config.demo import fast_forward

            clock.run_ahead(fast_forward.how_far)
