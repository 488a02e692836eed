from tests.services.contact.conftest import alpha, clock

__all__ = ["alpha", "clock"]
