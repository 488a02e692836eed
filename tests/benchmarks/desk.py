"""The desk of a municipality with 5,000 open requests, against one with 50: the same page, as fast."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from kernel.actor import student
from kernel.people.models import Account
from kernel.tenancy import inside
from services.contact import operations
from services.contact.models import ContactRequest
from services.promises.models import Promise
from tests.benchmarks.clock import small_duel
from tests.services.contact.committed import Place, committed
from tests.signing_in import sign_in

FEW, MANY = 50, 5_000
TIMES = 40
#: 5,000 may take 1.3 times as long as 50.
GOAL = 1 / 1.3


def open_requests(place: Place, count: int) -> None:
    """One real knock, and copies of it."""
    operations.knock(
        by=student(None), idempotency_key=uuid4().hex, school_id=place.school, role_id=place.role,
        channel_kind="conversation", message="Hei", language="nb",
    )  # fmt: skip
    copies(count - 1)


def copies(count: int) -> None:
    """So many more like the first, each with its promise: a list opens nothing, so nothing sealed need fit."""
    request = ContactRequest.objects.order_by("opened_at")[0]
    promise = Promise.objects.filter(subject_id=request.pk)[0]
    rows, promises, there = [], [], ContactRequest.objects.count()
    for number in range(count):
        row, due = copy_of(request), copy_of(promise)
        row.case_number, row.receipt_hash = f"B-{there + number:06}", uuid4().bytes + uuid4().bytes
        row.idempotency_hash = row.body_hash = row.idempotency_until = None
        due.subject_id, due.due_at = row.pk, promise.due_at + timedelta(minutes=number % 600)
        rows.append(row)
        promises.append(due)
    ContactRequest.objects.bulk_create(rows, batch_size=1000)
    Promise.objects.bulk_create(promises, batch_size=1000)


def copy_of(row):  # type: ignore[no-untyped-def]
    """A new row with the same values."""
    values = {field.attname: row.__dict__[field.attname] for field in row._meta.concrete_fields}
    return type(row)(**{**values, "id": uuid4()})


def at_the_desk(place: Place) -> Client:
    """The nurse's browser, second factor shown."""
    client = Client(SERVER_NAME=f"{place.ref.slug}.localhost")
    account = Account.objects.get(pk=place.nurses[0])
    sign_in(client, account)
    return client


def run() -> Iterator[str]:
    with committed("bench-few") as few, committed("bench-many") as many:
        pages = []
        for place, count in ((few, FEW), (many, MANY)):
            with inside(place.ref):
                open_requests(place, count)
                pages.append(at_the_desk(place))
        small, large = pages
        for client in (small, large):
            assert client.get("/desk/").status_code == 200
        for address in ("/desk/", "/desk/danger/"):
            duel = small_duel(lambda a=address: large.get(a), lambda a=address: small.get(a), TIMES)
            yield duel.line(f"{address} with {MANY} open against {FEW}", GOAL, "page")
