from django.apps import AppConfig


class NextDoorConfig(AppConfig):
    name = "services.nextdoor"
    label = "nextdoor"

    def ready(self) -> None:
        from services.contact import following, panels
        from services.nextdoor import followers, panel, permissions  # noqa: F401

        following.register(followers.NEXT_DOORS)
        panels.register(panel.PANEL)
