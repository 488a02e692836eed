from django.apps import AppConfig


class NextDoorConfig(AppConfig):
    name = "services.nextdoor"
    label = "nextdoor"

    def ready(self) -> None:
        from services.contact import following, panels, sending_on
        from services.nextdoor import followers, panel, permissions  # noqa: F401
        from services.nextdoor.queries import roles_offered

        following.register(followers.NEXT_DOORS)
        panels.register(panel.PANEL)
        sending_on.register(roles_offered)
