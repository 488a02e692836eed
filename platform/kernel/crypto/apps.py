from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "kernel.crypto"
    label = "crypto"

    def ready(self) -> None:
        from kernel.crypto import permissions  # noqa: F401
