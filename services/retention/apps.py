from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "services.retention"
    label = "retention"

    def ready(self) -> None:
        from services.contact import following, lasting, panels
        from services.desk import panels as desk
        from services.retention import followers, jobs, permissions, queries  # noqa: F401
        from services.retention.operations import keep_archive_decision
        from services.retention.set_up import item
        from services.retention.views import desk_panel, student
        from tenants.onboarding import archive
        from tenants.setup import checklist

        following.register(followers.RETENTION)
        lasting.register(lasting.Room(at_least=queries.code_works_at_least, until=queries.code_works_until))
        panels.register(student.KEPT_UNTIL)
        panels.register(student.RIGHTS)
        desk.register(desk_panel.PANEL)
        archive.register(keep_archive_decision)
        checklist.register(item)
