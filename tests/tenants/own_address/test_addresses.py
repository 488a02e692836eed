"""A host of a municipality's own: proved by its record, shown by choice, looked at each day, never another's."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import dns.rcode
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from kernel import tenancy
from kernel.actor import MACHINE
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox.links import address, door_address
from kernel.outbox.models import Message
from kernel.people.models import Account
from kernel.tenancy import inside, lookup
from tenants.own_address import operations, records
from tenants.own_address.models import OwnAddress
from tenants.own_address.queries import addresses, one
from tenants.own_address.views import MOST_LOOKS
from tests import access
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock
from tests.tenants.own_address.conftest import ANOTHERS, Leading
from tests.tenants.own_address.name_server import NameServer

pytestmark = pytest.mark.django_db
HOST = "dor.alfa.example"
PARTS = {"uuid": "00000000-0000-4000-8000-000000000000", "slug": "x", "int": "1", "str": "x"}


@pytest.fixture(autouse=True)
def directory_forgotten() -> Any:
    yield
    tenancy.forget()


def written(world: World, names: NameServer, host: str = HOST, who: str = "admin") -> UUID:
    """Written down, its record in the name server."""
    row = operations.add(by=world.actor(who), host=host)
    names.texts[records.record_name(row.host)] = ["v=spf1 -all", records.record_value(row.token)]
    return row.pk


def proved(world: World, names: NameServer, leading: Leading) -> UUID:
    leading.add(HOST)
    address_id = written(world, names)
    operations.look(by=world.actor("admin"), address_id=address_id)
    return address_id


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        (" https://Dor.Alfa.example/ ", HOST),
        ("dør.alfa.example.", "xn--dr-lka.alfa.example"),
        ("DOR.ALFA.EXAMPLE", HOST),
    ],
)
def test_a_host_is_understood_as_it_is_typed(typed: str, host: str) -> None:
    assert operations.checked_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    ["", "dor", "127.0.0.1", "0x7f.1", "alfa.localhost", "localhost", "x.internal", "a b.example", "dor.example/knock",
     "dor.example:8000", "me@dor.example", "*.alfa.example", "-dor.example", "a" * 64 + ".example", "[::1]",
     "dor..example", "printer.local", "alfa.example"],
)  # fmt: skip
def test_what_is_no_host_of_theirs_is_refused_by_name(alpha: World, typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        operations.add(by=alpha.actor("admin"), host=typed)
    assert [error.field for error in refusal.value.errors] == ["host"]
    assert not OwnAddress.objects.exists()


def test_nobody_is_led_anywhere_before_the_record_is_there(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    row = operations.add(by=alpha.actor("admin"), host=HOST)
    assert operations.add(by=alpha.actor("admin"), host=HOST).token == row.token, "the second click"
    assert operations.look(by=alpha.actor("admin"), address_id=row.pk).proof == "missing"
    names.texts[records.record_name(HOST)] = ["lavterskel=somebody-else"]
    assert operations.look(by=alpha.actor("admin"), address_id=row.pk).others == ("lavterskel=somebody-else",)
    assert lookup(HOST) is None
    assert addresses()[0].state == "waiting"
    names.texts[records.record_name(HOST)] += [records.record_value(row.token)]
    operations.look(by=alpha.actor("admin"), address_id=row.pk)
    found = lookup(f"{HOST.upper()}:443")
    assert found is not None
    assert found.id == alpha.alpha.id
    assert addresses()[0].state == "proved", "it is theirs, and does not lead here yet"


def test_students_come_by_it_and_staff_are_led_to_ours(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    proved(alpha, names, leading)
    client = Client(SERVER_NAME=HOST)
    assert client.get("/").status_code == 200
    assert client.get("/knock/").status_code == 200
    for path in ("/desk/", "/sign-in/?next=/desk/", "/setup/address/", "/account/", "/worry/"):
        assert client.get(path)["Location"] == address(path)
        assert client.post(path).status_code == 404
    assert not client.cookies


def test_whatever_a_student_may_do_is_done_at_their_own_host(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    """The access table: what nobody and students reach with a form stands at the own host, what asks for staff does
    not."""
    proved(alpha, names, leading)
    own, ours = Client(SERVER_NAME=HOST), Client(SERVER_NAME="alfa.localhost")
    kept_with_us = (
        "account/",
        "sign-in/",
        "sign-out/",
        "demo",
        "ui/",
        "calendar/",
        "rehearsal/",
        "api/",
        "eid/",  # providers send people back to our host
        "^",
    )
    for row in access.MUNICIPALITY:
        if not row.route.startswith(kept_with_us):
            path = "/" + re.sub(r"<(\w+):\w+>", lambda part: PARTS[part[1]], row.route)
            asks_for_staff = ours.get(path).get("Location", "").startswith("/sign-in/")
            is_led_away = own.get(path).get("Location", "").startswith("http://")
            assert is_led_away == asks_for_staff, row.route


def test_it_is_shown_by_choice_once_it_leads_here(alpha: World, names: NameServer, leading: Leading) -> None:
    address_id = proved(alpha, names, leading)
    assert door_address("/s/solhaug/") == address("/s/solhaug/")
    operations.show(by=alpha.actor("admin"), address_id=address_id)
    assert door_address("/s/solhaug/") == f"https://{HOST}/s/solhaug/"
    assert address("/desk/").startswith("http://alfa.localhost"), "staff's links stay"
    assert (
        f'<link rel="canonical" href="https://{HOST}/">' in Client(SERVER_NAME="alfa.localhost").get("/").text
    )
    operations.show(by=alpha.actor("admin"), address_id=None)
    assert door_address("/") == address("/")
    operations.show(by=alpha.actor("admin"), address_id=address_id)
    operations.remove(by=alpha.actor("admin"), address_id=address_id)
    assert door_address("/") == address("/")


def test_one_that_does_not_lead_here_is_not_printed(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    address_id = written(alpha, names)
    operations.look(by=alpha.actor("admin"), address_id=address_id)
    with pytest.raises(Conflict):
        operations.show(by=alpha.actor("admin"), address_id=address_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnAddress.objects.create(host="x.y.example", token="t", asked_at="2026-01-01T00:00Z", is_shown=True)


def test_another_municipality_gets_it_only_after_its_holder(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    address_id = proved(alpha, names, leading)
    with inside(alpha.beta):
        theirs = operations.add(by=MACHINE, host=HOST)
        assert theirs.token not in names.texts[records.record_name(HOST)][1]
        names.texts[records.record_name(HOST)] += [records.record_value(theirs.token)]
        with pytest.raises(Conflict):
            operations.look(by=MACHINE, address_id=theirs.pk)
        with pytest.raises(NotFound):
            operations.look(by=MACHINE, address_id=address_id)
        with pytest.raises(NotFound):
            operations.remove(by=MACHINE, address_id=address_id)
        operations.remove(by=MACHINE, address_id=theirs.pk)
    assert lookup(HOST) == alpha.alpha, "giving up what one never had takes nothing from its holder"
    operations.remove(by=alpha.actor("admin"), address_id=address_id)
    assert lookup(HOST) is None
    with inside(alpha.beta):
        again = operations.add(by=MACHINE, host=HOST)
        assert again.token != theirs.token, "an old record proves nothing"
        assert operations.look(by=MACHINE, address_id=again.pk).proof == "missing"


def test_a_record_that_is_gone_is_told_and_closes_after_seven_days(
    alpha: World, names: NameServer, leading: Leading, clock: time_machine.Traveller
) -> None:
    address_id = proved(alpha, names, leading)
    operations.show(by=alpha.actor("admin"), address_id=address_id)
    assert operations.look_at_all(by=MACHINE) == 0, "once a day"
    clock.shift(timedelta(days=1))
    held = names.texts.pop(records.record_name(HOST))
    assert operations.look_at_all(by=MACHINE) == 1
    assert Message.objects.filter(template="own_address/missing").count() == administrators()
    assert addresses()[0].state == "missing"
    assert lookup(HOST) is not None, "students are still let in"
    clock.shift(timedelta(days=6))
    operations.look_at_all(by=MACHINE)
    assert lookup(HOST) is not None
    clock.shift(timedelta(days=1, minutes=1))
    operations.look_at_all(by=MACHINE)
    assert lookup(HOST) is None
    assert Message.objects.filter(template="own_address/missing").count() == administrators(), "told once"
    assert Message.objects.filter(template="own_address/gone").count() == administrators()
    names.texts[records.record_name(HOST)] = held
    clock.shift(timedelta(days=1))
    assert operations.look_at_all(by=MACHINE) == 0
    assert one(address_id) is None
    assert door_address("/") == address("/")


def administrators() -> int:
    return Account.objects.filter(is_administrator=True, is_active=True).count()


@pytest.mark.parametrize("how", ["silent", "broken"])
def test_a_name_server_that_says_nothing_changes_nothing(
    alpha: World, names: NameServer, leading: Leading, clock: time_machine.Traveller, how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(records, "PATIENCE", 0.3)
    proved(alpha, names, leading)
    names.is_silent, names.rcode = how == "silent", dns.rcode.SERVFAIL
    for day in range(1, 10):
        clock.move_to(TUESDAY + timedelta(days=day), tick=True)  # who waits for an answer looks at the clock
        operations.look_at_all(by=MACHINE)
    assert lookup(HOST) is not None
    assert OwnAddress.objects.get().missing_since is None
    assert not Message.objects.filter(template__startswith="own_address").exists()


def test_a_record_that_comes_back_in_time_is_as_if_it_had_stayed(
    alpha: World, names: NameServer, leading: Leading, clock: time_machine.Traveller
) -> None:
    proved(alpha, names, leading)
    held = names.texts.pop(records.record_name(HOST))
    for day in range(1, 5):
        clock.shift(timedelta(days=1))
        if day == 4:
            names.texts[records.record_name(HOST)] = held
        operations.look_at_all(by=MACHINE)
    assert addresses()[0].state == "serving"
    del names.texts[records.record_name(HOST)]
    clock.shift(timedelta(days=4))
    operations.look_at_all(by=MACHINE)
    assert lookup(HOST) is not None, "the seven days begin anew"


@pytest.mark.parametrize("who", ["nurse", "lead", "outsider"])
def test_nobody_else_changes_it(alpha: World, names: NameServer, who: str) -> None:
    address_id = written(alpha, names)
    for act in (
        lambda: operations.add(by=alpha.actor(who), host="x.y.example"),
        lambda: operations.look(by=alpha.actor(who), address_id=address_id),
        lambda: operations.show(by=alpha.actor(who), address_id=address_id),
        lambda: operations.remove(by=alpha.actor(who), address_id=address_id),
        lambda: operations.look_at_all(by=alpha.actor(who)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not names.asked


def test_a_sixth_has_to_wait(alpha: World) -> None:
    for number in range(operations.MOST):
        last = operations.add(by=alpha.actor("admin"), host=f"d{number}.alfa.example")
    with pytest.raises(Invalid):
        operations.add(by=alpha.actor("admin"), host="d6.alfa.example")
    operations.remove(by=alpha.actor("admin"), address_id=last.pk)
    operations.add(by=alpha.actor("admin"), host="d6.alfa.example")


def test_whoever_holds_certificates_hears_which_hosts_are_ours(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    asked = Client(SERVER_NAME="127.0.0.1")
    assert asked.get(f"/healthz/host?domain={HOST}").status_code == 404
    address_id = proved(alpha, names, leading)
    assert asked.get(f"/healthz/host?domain={HOST}").status_code == 200
    for other in ("", "alfa.localhost", "localhost", f"x.{HOST}"):
        assert asked.get("/healthz/host", {"domain": other}).status_code == 404
    operations.remove(by=alpha.actor("admin"), address_id=address_id)
    assert asked.get(f"/healthz/host?domain={HOST}").status_code == 404


def test_an_administrator_does_it_by_clicking(
    alpha: World, names: NameServer, leading: Leading, signed_in: Callable[..., Client]
) -> None:
    ada = signed_in("admin", "en")
    page = "/setup/address/"
    assert "Only our address so far" in ada.get(page).text
    refused = ada.post(page, {"host": "https://alfa.example/dor?x=1"})
    assert refused.status_code == 422
    assert "Write a host name alone" in refused.text
    assert 'value="https://alfa.example/dor?x=1"' in refused.text, "nothing that was typed is lost"
    ada.post(page, {"host": HOST})
    row = OwnAddress.objects.get()
    html = ada.get(page).text
    for text in (
        records.record_name(HOST),
        records.record_value(row.token),
        "alfa.localhost",
        "Not proved yet",
    ):
        assert text in html
    look = f"{page}{row.pk}/look/"
    assert "The text record is not there yet." in ada.post(look, follow=True).text
    names.texts[records.record_name(HOST)] = [records.record_value(row.token)]
    assert "It does not lead here yet" in ada.post(look, follow=True).text
    leading.add(HOST)
    assert "The address is yours, and leads students here." in ada.post(look, follow=True).text
    assert (
        "Print posters and cards again"
        in ada.post(f"{page}show/", {"address": str(row.pk)}, follow=True).text
    )
    assert door_address("/") == f"https://{HOST}/"
    assert "stop working at once" in ada.get(f"{page}{row.pk}/remove/").text
    assert "Removed." in ada.post(f"{page}{row.pk}/remove/", follow=True).text
    assert lookup(HOST) is None
    assert ada.post(f"{page}show/", {"address": "x"}).status_code == 404


def test_a_receipt_opens_at_the_own_host_and_the_visit_stays_there(
    alpha: World, names: NameServer, leading: Leading
) -> None:
    proved(alpha, names, leading)
    accepted = knock(alpha)
    client = Client(SERVER_NAME=HOST)
    assert client.post("/receipt/", {"receipt": accepted.receipt}).status_code in (302, 303)
    assert client.get("/conversation/").status_code == 200
    assert all(not morsel["domain"] for morsel in client.cookies.values()), "a cookie of this host alone"


def test_one_that_stops_leading_here_is_shown_no_more_and_that_is_told(
    alpha: World, names: NameServer, leading: Leading, clock: time_machine.Traveller
) -> None:
    address_id = proved(alpha, names, leading)
    operations.show(by=alpha.actor("admin"), address_id=address_id)
    leading.clear()
    clock.shift(timedelta(days=1))
    operations.look_at_all(by=MACHINE)
    assert door_address("/") == f"https://{HOST}/", "one look may be bad luck"
    clock.shift(timedelta(hours=1))
    operations.look_at_all(by=MACHINE)
    assert door_address("/") == address("/")
    assert Message.objects.filter(template="own_address/silent").count() == administrators()
    assert lookup(HOST) is not None, "who comes by it is let in"
    clock.shift(timedelta(days=1))
    operations.look_at_all(by=MACHINE)
    assert Message.objects.filter(template="own_address/silent").count() == administrators(), "told once"
    leading.add(HOST)
    operations.look(by=alpha.actor("admin"), address_id=address_id)
    operations.show(by=alpha.actor("admin"), address_id=address_id)
    assert door_address("/") == f"https://{HOST}/"


@pytest.mark.parametrize("how", ["another address", "an error", "no address"])
def test_a_server_that_is_not_ours_is_not_said_to_be(
    alpha: World, names: NameServer, leading: Leading, how: str
) -> None:
    """A machine in between would read what students write."""
    address_id = written(alpha, names)
    leading.add(HOST, ANOTHERS if how == "another address" else names.leads["alfa.localhost"])
    leading.status = 500 if how == "an error" else 200
    if how == "no address":
        del names.leads[HOST]
    assert not operations.look(by=alpha.actor("admin"), address_id=address_id).answers
    assert addresses()[0].state == "proved"


def test_what_is_said_of_https_for_our_domain_is_not_said_for_theirs(
    alpha: World, names: NameServer, leading: Leading, settings: Any
) -> None:
    proved(alpha, names, leading)
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    for path in ("/", "/desk/"):
        said = Client(SERVER_NAME=HOST).get(path, secure=True).headers["Strict-Transport-Security"]
        assert said == "max-age=86400"
    ours = Client(SERVER_NAME="alfa.localhost").get("/", secure=True).headers["Strict-Transport-Security"]
    assert "includeSubDomains" in ours


def test_looking_has_a_limit(
    alpha: World, names: NameServer, leading: Leading, signed_in: Callable[..., Client]
) -> None:
    address_id, ada = written(alpha, names), signed_in("admin", "en")
    for _look in range(MOST_LOOKS):
        ada.post(f"/setup/address/{address_id}/look/")
    asked = len(names.asked)
    assert "You have checked often." in ada.post(f"/setup/address/{address_id}/look/", follow=True).text
    assert len(names.asked) == asked
