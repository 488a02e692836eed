from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "services.reach"
    label = "reach"

    def ready(self) -> None:
        from kernel.outbox import addressees
        from services.contact import following, other_codes, panels, turning_points
        from services.reach import followers, jobs, notices, permissions, visiting  # noqa: F401
        from services.reach.panels import PANELS

        addressees.register(notices.ROOM, notices.ADDRESSEES)
        turning_points.register(
            ended=notices.ended,
            undone=notices.undone,
            news=notices.news,
            no_news=notices.no_news,
            looked=notices.looked,
        )
        for follower in (followers.NOTICES, followers.NAMES, followers.TIES, followers.FRIENDS):
            following.register(follower)
        other_codes.register(visiting.entrance)
        for panel in PANELS:
            panels.register(panel)
