from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "services.attachments"
    label = "attachments"

    def ready(self) -> None:
        from services.attachments import permissions  # noqa: F401
