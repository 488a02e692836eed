"""One spelling for each mailbox, and nothing that a mail server cannot be told."""

import pytest

from kernel import mailbox
from kernel.actor import MACHINE
from kernel.errors import Invalid
from kernel.people import operations, queries
from kernel.people.models import Account
from kernel.tenancy import inside
from tests.cast import World


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Kari.Nordmann@Lom.Kommune.NO ", "kari.nordmann@lom.kommune.no"),
        ("o'neil+door@lom.kommune.no", "o'neil+door@lom.kommune.no"),
        ("kari@Blåbær.no", "kari@xn--blbr-roah.no"),
        ("kari@xn--blbr-roah.no", "kari@xn--blbr-roah.no"),
        ("eva@\uff53ala.example", "eva@sala.example"),
        ("eva@sala\u3002example", "eva@sala.example"),
    ],
)
def test_two_spellings_are_one_address(typed, kept):
    assert mailbox.checked(typed) == kept
    assert mailbox.checked(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "kari", "@lom.no", "kari@", "\u017fam@kommune.example", "\u212aari@kommune.example",
        '"eva"@sala.example', '"a\x01b"@kommune.example', "a\x00b@kommune.example", "a b@kommune.example",
        "a@b@kommune.example", ".a@kommune.example", "a..b@kommune.example", "kari@[127.0.0.1]",
        "kari@stra\u00dfe.example", "kari@a\u200db.example", "kari@lom.no\nBcc: x@y.no", "eva\uff20sala.example",
        "a" * 65 + "@kommune.example", "kari@" + "a" * 64 + ".example", "k@" + "a." * 130 + "no", "kari@lom..no",
    ],
)  # fmt: skip
def test_what_no_server_can_be_told_is_no_address(typed):
    assert not mailbox.is_address(typed)
    with pytest.raises(mailbox.NotAnAddress) as refused:
        mailbox.checked(typed)
    assert str(refused.value) == ""


def test_nobody_is_invited_or_moved_to_such_an_address(world: World, db):
    with inside(world.alpha):
        for typed in ("\u017fam@kommune.example", '"eva"@sala.example'):
            with pytest.raises(Invalid):
                operations.invite(by=MACHINE, email=typed, name="Sam")
            with pytest.raises(Invalid):
                operations.change_email(by=MACHINE, account_id=world.people["nurse"], email=typed)
        account = operations.invite(by=MACHINE, email="Eva@\uff33ala.example", name="Eva")
        assert operations.invite(by=MACHINE, email="eva@sala.example", name="Eva").pk == account.pk
        assert queries.by_email("EVA@sala.example.") is None
        assert queries.by_email("eva@\uff53ala.example") == account
        assert Account.objects.get_by_natural_key("Eva@Sala.example") == account


@pytest.mark.parametrize("typed", ["\u017fam@kommune.example", '"nora"@kommune.example'])
def test_sign_in_and_sign_up_ask_again_for_such_an_address(world: World, at, typed):
    page = at(world.alpha).post("/sign-in/", {"email": typed})
    assert page.status_code == 422
    start = {
        "step": "email", "country": "NO", "kind": "municipality", "organisation_number": "958 935 420",
        "contact_name": "Sam", "email": typed, "anyway": "1",
    }  # fmt: skip
    page = at(world.operator).post("/start/", start, headers={"Accept-Language": "en"})
    assert page.status_code == 422
    assert "name@place.no" in page.content.decode()
