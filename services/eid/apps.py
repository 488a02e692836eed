from django.apps import AppConfig


class EidConfig(AppConfig):
    name = "services.eid"
    label = "eid"

    def ready(self) -> None:
        from kernel.people.identity import students
        from services.contact import confirming, following, panels, turning_points
        from services.eid import followers, jobs, permissions, visiting  # noqa: F401
        from services.eid.operations import no_longer_confirmed
        from services.eid.panels import PANEL
        from services.eid.views import coming_back

        students.register(coming_back.back)
        confirming.register(visiting.ROOM)
        following.register(followers.BINDINGS)
        turning_points.register(named=no_longer_confirmed)
        panels.register(PANEL)
