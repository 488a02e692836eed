from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "services.contact"
    label = "contact"

    def ready(self) -> None:
        from services.contact import broken, permissions  # noqa: F401
        from services.contact.models import SUBJECT
        from services.promises import subjects

        subjects.register(SUBJECT, broken.on_broken)
