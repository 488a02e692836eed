"""What is typed and not sent yet: kept quietly, given back to the one who typed it, gone when it is sent."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.keys import keyed_hash
from kernel.errors import Conflict, Invalid, NotFound
from kernel.permissions import require
from services.contact import operations as contact
from services.contact.models import SUBJECT, ContactRequest
from services.contact.once import REMEMBERED, undone
from services.contact.operations import log_read
from services.contact.queries import visible_to
from services.desk.models import Draft
from services.desk.operations.keepers import account_of
from services.desk.queries import draft_versions

#: Longer than anything that can be sent: what is too long to send is not lost either.
LONGEST = 40_000
KEPT = timedelta(days=30)


@transaction.atomic
def save_draft(*, by: Actor, request_id: UUID, kind: str, text: str, mark: str = "", seen: str = "") -> bool:
    """Keep what was typed; nothing but blanks throws it away. True when there is a draft now.

    `mark` is the mark of the form it was typed in: once that form has been sent, what comes late is not kept again.
    `seen` is the version (`queries.draft_versions`) that the form showed. A draft that another window wrote since is
    never written over: Conflict; blanks leave it.
    The request is locked as sending locks it, so that one of the two is first. Raises NotFound for whoever does not
    see the request, NotAllowed for whoever does not answer at its door, Invalid (text).
    """
    request = _locked(by, request_id)
    if kind not in Draft.Kind.values:
        raise NotFound()
    if len(text) > LONGEST:
        raise Invalid(text=_("This is too long to keep."))
    return _keep(by, request, kind, text, mark, seen)


def _keep(by: Actor, request: ContactRequest, kind: str, text: str, mark: str, seen: str) -> bool:
    if mark and cache.get(_sent(mark)):
        return False
    draft = _own(by, request).filter(kind=kind).first()
    is_ours = draft is None or is_of_form(draft.version, mark=mark, seen=seen)
    if not text.strip():
        if draft is not None and is_ours:
            draft.delete()
        return False
    if not is_ours:
        raise Conflict(
            _("You have written something else in another window. Copy this, then look there."),
            code="other-window",
        )
    is_new = draft is None
    if draft is None:
        draft = Draft(account_id=account_of(by), request=request, kind=kind, saved_at=clock.now())
    else:  # two versions never have one time
        draft.saved_at = max(clock.now(), draft.saved_at + timedelta(microseconds=1))
    draft.request, draft.text = request, text
    draft.save(force_insert=is_new)
    if mark:
        cache.set(_written(mark), draft.version, REMEMBERED)
    if is_new:
        record(by=by, verb="desk.begin_draft", kind=SUBJECT, object_id=request.pk, draft=kind)
    return True


@transaction.atomic
def drop_draft(*, by: Actor, request_id: UUID, kind: str, mark: str | None = None, seen: str = "") -> None:
    """Throw one's own draft away: it is not wanted any more; or (`mark` is given, "" too) a form was sent, and with it
    goes the draft that it wrote or showed, never one that another window wrote.
    """
    request = _locked(by, request_id)
    if mark:
        cache.set(_sent(mark), 1, REMEMBERED)
    draft = _own(by, request).filter(kind=kind).first()
    is_sent = mark is not None
    if draft is None or (is_sent and not is_of_form(draft.version, mark=mark or "", seen=seen)):
        return
    draft.delete()
    record(by=by, verb="desk.drop_draft", kind=SUBJECT, object_id=request.pk, draft=kind)


def is_of_form(version: str, *, mark: str, seen: str) -> bool:
    """Whether the form with this mark has shown this version of a draft, or has written it."""
    return version == seen or (bool(mark) and version == cache.get(_written(mark)))


@transaction.atomic
def read_drafts(*, by: Actor, request_id: UUID) -> Mapping[str, str]:
    """One's own drafts beside a request by kind: a row in the read log, then the words. None: no row."""
    if by.kind != "person":
        return {}
    drafts = list(
        Draft.objects.filter(account_id=account_of(by), request_id=request_id).select_related(
            "request__case_key"
        )
    )
    if not drafts or not visible_to(by).filter(pk=request_id).exists():
        return {}
    proof = log_read(by, drafts[0].request, "draft", "own_draft")
    return {draft.kind: draft.text.open(proof) for draft in drafts}


@transaction.atomic
def take_back_reply(*, by: Actor, request_id: UUID, message_id: UUID) -> None:
    """Take a reply back within its ten seconds: its words are a draft again, before what was typed since.

    Raises what contact's `withdraw_reply` raises.
    """
    text = contact.withdraw_reply(by=by, request_id=request_id, message_id=message_id)
    if form := undone(message_id):
        cache.delete(_sent(form))
    seen = draft_versions(by, request_id).get(Draft.Kind.REPLY, "")
    since = read_drafts(by=by, request_id=request_id).get(Draft.Kind.REPLY, "")
    whole = f"{text}\n\n{since}" if since else text  # however long it is: both fit
    _keep(by, _locked(by, request_id), Draft.Kind.REPLY, whole, "", seen)


@transaction.atomic
def take_back_contact(*, by: Actor, request_id: UUID, attempt_id: UUID) -> None:
    """Take a contact back within its minute: its form may write it down again.

    Raises what contact's `undo_contact` raises.
    """
    contact.undo_contact(by=by, request_id=request_id, attempt_id=attempt_id)
    undone(attempt_id)


@transaction.atomic
def forget_drafts(*, by: Actor) -> int:
    """Remove what nobody has gone on with for 30 days. Returns how many."""
    require(by, "desk.forget")
    gone, _rows = Draft.objects.filter(saved_at__lt=clock.now() - KEPT).delete()
    if gone:
        record(by=by, verb="desk.forget_drafts", kind=SUBJECT, object_id="all", count=gone)
    return gone


def _own(by: Actor, request: ContactRequest) -> QuerySet[Draft]:
    return Draft.objects.filter(account_id=account_of(by), request=request)


def _locked(by: Actor, request_id: UUID) -> ContactRequest:
    found = visible_to(by).select_for_update(of=("self",)).select_related("case_key")
    request = found.filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "desk.write_draft", request)
    return request


def _sent(mark: str) -> str:
    return f"draft-sent:{keyed_hash('idempotency', b'draft\x00' + mark[:100].encode()).hex()}"


def _written(mark: str) -> str:
    return f"draft-written:{keyed_hash('idempotency', b'written\x00' + mark[:100].encode()).hex()}"
