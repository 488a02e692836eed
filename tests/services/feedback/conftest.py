from tests.services.contact.conftest import alpha, clock
from tests.services.desk.conftest import signed_in

__all__ = ["alpha", "clock", "signed_in"]
