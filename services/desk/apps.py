from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "services.desk"
    label = "desk"

    def ready(self) -> None:
        from kernel.people.identity.doors import register_waiting
        from services.contact import following
        from services.desk import (  # noqa: F401
            eid_panels,
            feedback_panel,
            followers,
            panels,
            permissions,
            reach_panels,
            worry_panels,
        )
        from services.desk.views import handing_over, meetings, notes, record, sharing
        from services.desk.waiting import waiting_for

        register_waiting(waiting_for)
        for panel in (notes.PANEL, record.PANEL, meetings.PANEL, sharing.PANEL, *handing_over.PANELS):
            panels.register(panel)
        following.register(followers.NOTES)
        following.register(followers.DRAFTS)
