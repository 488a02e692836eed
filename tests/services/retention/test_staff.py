"""An employee has what is theirs, and is forgotten when they have left; the log stays whole, with an id."""

import io
import json
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, NotAllowed
from kernel.outbox.models import Message
from kernel.people import operations as people
from kernel.people.models import Account
from kernel.privacy import Kind
from kernel.tenancy import inside
from services.retention import operations, staff
from tenants.setup.models import Post
from tests.cast import World
from tests.house.test_floors import OURS
from tests.services.contact.people import SECRET
from tests.services.retention.people import ended, row


def staff_fields() -> list[str]:
    found = []
    for app in OURS:
        if list(app.get_models()):
            register = import_module(f"{app.name}.privacy").REGISTER
            found += [f"{app.label}.{name}" for name, kind in register.items() if kind is Kind.STAFF]
    return sorted(found)


def given() -> set[str]:
    models = [model for app in staff.rooms() for model in app.get_models() if staff.links(model)]
    return {f"{model._meta.label}.{one.name}" for model in models for one in staff.staff_fields(model)}


@pytest.mark.parametrize("field", staff_fields())
def test_every_field_about_an_employee_is_given_or_excused_by_name(field: str) -> None:
    excused = field in staff.EXCUSED or field.split(".")[0] in staff.OUTSIDE
    assert excused or field in given(), (
        f"{field} is about an employee: its table needs a key to the account, or services.retention.staff a reason"
    )


def test_an_employee_has_what_is_theirs_and_no_student_with_it(decided: World) -> None:
    accepted = ended(decided)
    found = operations.take_out_staff_data(by=MACHINE, account_id=decided.account("nurse").pk)
    said = json.dumps(found, ensure_ascii=False)
    assert found["people.Account"][0]["email"] == decided.account("nurse").email
    assert found["setup.Post"]
    assert {"verb": "contact.take", "at": found["did"][0]["at"]} in found["did"]
    assert found["read"][0]["why"]
    for name in (accepted.case_number, str(accepted.request_id), str(row(accepted).case_key_id), SECRET):
        assert name not in said


def test_who_works_here_is_not_forgotten(decided: World) -> None:
    with pytest.raises(Conflict):
        operations.erase_staff(by=MACHINE, account_id=decided.account("nurse").pk)
    with pytest.raises(NotAllowed):
        operations.erase_staff(by=decided.actor("admin"), account_id=decided.account("nurse").pk)


def test_who_has_left_is_forgotten_and_the_log_stays_true(decided: World) -> None:
    ended(decided)
    nurse = decided.account("nurse")
    reads = ReadEntry.objects.filter(actor_id=nurse.pk).count()
    assert Message.objects.filter(account=nurse).exists()
    people.deactivate(by=decided.actor("admin"), account_id=nurse.pk)
    operations.erase_staff(by=MACHINE, account_id=nurse.pk)
    operations.erase_staff(by=MACHINE, account_id=nurse.pk)
    left = Account.objects.get(pk=nurse.pk)
    assert (left.name, left.email) == ("", f"{nurse.pk}@erased.invalid")
    assert not Message.objects.filter(account=nurse).exists()
    assert Post.objects.filter(account=nurse).exists()
    assert ReadEntry.objects.filter(actor_id=nurse.pk).count() == reads > 0
    assert nurse.email not in json.dumps(staff.data_of(nurse.pk))


def test_the_command_prints_refuses_and_says_what_stays(decided: World) -> None:
    nurse, out = decided.account("nurse"), io.StringIO()
    said = {"municipality": decided.alpha.slug, "person": nurse.email}
    call_command("staff_data", **said, stdout=out)
    assert json.loads(out.getvalue())["people.Account"]
    with pytest.raises(CommandError, match="End their access first"):
        call_command("staff_data", **said, erase=True)
    with pytest.raises(CommandError, match="nobody here"):
        call_command("staff_data", **{**said, "person": "x@y.example"})
    with pytest.raises(CommandError, match="no municipality"):
        call_command("staff_data", **{**said, "municipality": "ingensteds"})
    with inside(decided.alpha):
        people.deactivate(by=MACHINE, account_id=nurse.pk)
    call_command("staff_data", **said, erase=True, stdout=out)
    assert "What stays, and why" in out.getvalue()
