"""Who may send pictures and files with their words: set-up decides (tenants.setup.models.AttachmentRule)."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.people import limits
from services.attachments.intake import Taken, Upload, said_of, take_in
from services.attachments.models import Attachment
from services.contact.models import ContactRequest
from services.contact.once import once, one_after_another, was_done
from services.contact.queries import visible_to
from tenants.setup.models import AttachmentRule
from tenants.setup.queries import portal

#: Files that one conversation's student, or one helper, may have looked through in an hour: each costs a moment of
#: a processor.
FILES_AN_HOUR = 60


def may_enclose(by: Actor, request: ContactRequest) -> bool:
    """Whether pictures may go with what `by` writes here now. That they may write, others ask."""
    who = portal().attachments_at(request.school_id)
    if by.kind == "student":
        is_named = request.name is not None
        return who == AttachmentRule.Who.EVERYBODY or (who == AttachmentRule.Who.NAMED and is_named)
    return by.kind == "person" and who != AttachmentRule.Who.NOBODY


def may_enclose_documents(by: Actor) -> bool:
    """A PDF cannot be drawn anew: only helpers send one."""
    return by.kind == "person"


def take_in_for(by: Actor, request_id: UUID, uploads: Sequence[Upload]) -> tuple[Taken, ...]:
    """The files, looked through and drawn anew, for what `by` is about to write. Nothing is kept yet.

    Costs time: call it before the operation, outside of any transaction. Raises Invalid (files). What `by` cannot see
    is left to the operation to refuse.
    """
    if not uploads:
        return ()
    request = visible_to(by).filter(pk=request_id).first()
    if request is None:
        return ()
    if not may_enclose(by, request):
        raise refused()
    who = str(by.case_id or by.id)
    if not limits.allowed("attachment", who, most=FILES_AN_HOUR, seconds=3600, count=len(uploads)):
        raise Invalid(files=_("That was many files. Wait an hour, or send your words without them."))
    return take_in(uploads, documents=may_enclose_documents(by))


def once_with_files(
    write: Callable[[Sequence[Taken]], object],
    *,
    uploads: Sequence[Upload],
    mark: str,
    verb: str,
    by: Actor,
    request_id: UUID,
    said: tuple[str, ...],
    of_program: bool = False,
) -> bool:
    """`write` with the files, once for this mark, as `once` does it. What is stored already is not looked through
    again: no limit and no rule of now refuses what was taken then. The same sent twice at once: the second waits, and
    is counted once. Raises as `once` and `take_in_for` do.
    """
    said = (*said, *(said_of(one) for one in uploads))

    def send() -> bool:
        if was_done(mark=mark, verb=verb, by=by, request_id=request_id, said=said, of_program=of_program):
            return False
        files = take_in_for(by, request_id, uploads)
        return once(
            lambda: write(files),
            mark=mark,
            verb=verb,
            by=by,
            request_id=request_id,
            said=said,
            of_program=of_program,
        )

    if not (mark and uploads):
        return send()
    with one_after_another(mark=mark, verb=verb, by=by, request_id=request_id):
        return send()


def check_enclosed(by: Actor, request: ContactRequest, files: Sequence[Taken]) -> None:
    """Again, under the request's lock. Raises Invalid (files)."""
    documents = any(one.kind == Attachment.Kind.DOCUMENT for one in files)
    if files and (not may_enclose(by, request) or (documents and not may_enclose_documents(by))):
        raise refused()


def refused() -> Invalid:
    return Invalid(files=_("Files cannot be sent here. Send your words without them."))
