"""At a municipality's own host nobody is sent to a provider: they would come back to another, without their words."""

from html import unescape

import pytest

from services.contact import confirming
from tests.services.contact.test_pages import asks
from tests.services.eid.conftest import said

pytestmark = pytest.mark.django_db


def test_it_is_offered_at_our_host_alone(alpha, phone, row, monkeypatch) -> None:
    def pages() -> list[str]:
        name = phone.post("/knock/", {**said(alpha), "step": "about"})
        return [
            unescape(one.content.decode()) for one in (name, phone.get("/receipt/"), phone.get("/privacy/"))
        ]

    assert all("BankID" in page for page in pages())
    monkeypatch.setattr(confirming, "is_own_host", lambda host: True)
    name, code, privacy = pages()
    assert asks(name) == "name"
    assert 'name="receipt"' in code
    assert not any("BankID" in page for page in (name, code, privacy))
