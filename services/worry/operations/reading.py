"""Reading a worry: the row of the read log first, then the words that are open to who reads.

What others wrote of it before a handover by which less than everything followed, or while somebody had it to whom the
student said no, is closed as the words of that time are (contact.handover_queries.closed_spans). That it is there is
not.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.audit.operations import Reading, reading
from kernel.crypto.fields import Sealed
from kernel.errors import NotFound
from kernel.permissions import require
from services.contact.handover_queries import Spans, closed_spans
from services.contact.models import ContactRequest
from services.promises.models import Promise
from services.promises.queries import promises_of
from services.worry import queries
from services.worry.models import Step, Worry

#: In the read log's words. No row of these is shown to the student: the log of their own words is another.
WHAT, TOLD = "worry", "worry_told"
TO_DECIDE, TO_PRINT, BY_TWO, OWN = "to decide", "to print", "by two persons", "own conversation"


@dataclass(frozen=True, slots=True)
class OpenedStep:
    """One step with its words; `is_corrected`: a later one says it right."""

    step: Step
    who: str
    words: str
    why_not_first: str
    because: str
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class OpenedWorry:
    """An opened worry: its steps in the order they were written, its promises newest first.

    `closed`: how many steps there are beside that this reader does not get. `end_is_closed`: nor what came of it.
    """

    worry: Worry
    steps: tuple[OpenedStep, ...]
    came_of_it: str
    promises: tuple[Promise, ...]
    closed: int = 0
    end_is_closed: bool = False


@transaction.atomic
def read(*, by: Actor, worry_id: UUID) -> OpenedWorry:
    """Open a worry for who decides about it. Raises NotFound, NotAllowed."""
    worry = queries.one(by, worry_id)
    if worry is None:
        raise NotFound()
    require(by, "worry.decide", worry)
    return _opened(by, worry, _logged(by, worry, TO_DECIDE), closed_spans(worry.request_id))


@transaction.atomic
def print_out(*, by: Actor, worry_id: UUID) -> OpenedWorry:
    """The same on a page to hand over: an act of its own in the read log. Raises NotFound, NotAllowed."""
    worry = queries.one(by, worry_id)
    if worry is None:
        raise NotFound()
    require(by, "worry.take_out", worry)
    return _opened(by, worry, _logged(by, worry, TO_PRINT), closed_spans(worry.request_id))


@transaction.atomic
def take_out(*, by: Actor, request: ContactRequest) -> list[OpenedWorry]:
    """Every worry of a case, for whoever takes the case out under an opening by two persons; none for others."""
    rows = Worry.objects.filter(request=request).select_related(
        "request__case_key", "request__role", "ended_by"
    )
    found = []
    for worry in rows.order_by("raised_at", "pk"):
        require(by, "worry.take_out", worry)
        found.append(_opened(by, worry, _logged(by, worry, BY_TWO), Spans()))
    return found


@transaction.atomic
def read_told(*, by: Actor, request: ContactRequest) -> list[tuple[Step, str]]:
    """What the student is told, the newest first: the step, and the sentence. Corrected ones as corrected.

    Raises NotAllowed for everybody but the student of the case. Nothing told: nothing is read.
    """
    require(by, "worry.read_told", request)
    steps = list(Step.objects.filter(worry__request=request).select_related("worry__request__case_key", "by"))
    told = [step for step in queries.current_steps(steps) if step.told == Step.Told.TOLD]
    if not told:
        return []
    proof = reading(by=by, case_key_id=request.case_key_id, what=TOLD, why=OWN)
    return [(step, _text(step.because, proof)) for step in reversed(told)]


def _logged(by: Actor, worry: Worry, why: str) -> Reading:
    role_id = worry.request.role_id
    return reading(by=by, case_key_id=worry.case_key_id, what=WHAT, why=why, role_id=role_id)


def _opened(by: Actor, worry: Worry, proof: Reading, closed: Spans) -> OpenedWorry:
    """`closed`: what was written then is closed, but for the reader's own."""
    written = list(Step.objects.filter(worry=worry).select_related("by").order_by("number"))
    corrected = {step.corrects_id for step in written}
    steps = [step for step in written if is_open(by, step, closed)]
    end_is_closed = worry.came_of_it is not None and _is_closed_end(by, worry, closed)
    for step in steps:
        step.worry = worry  # its case key is unwrapped once
    return OpenedWorry(
        worry=worry,
        steps=tuple(
            OpenedStep(
                step=step,
                who=_text(step.who, proof),
                words=_text(step.words, proof),
                why_not_first=_text(step.why_not_first, proof),
                because=_text(step.because, proof),
                is_corrected=step.pk in corrected,
            )
            for step in steps
        ),
        came_of_it="" if end_is_closed else _text(worry.came_of_it, proof),
        promises=tuple(promises_of(worry.pk)),
        closed=len(written) - len(steps),
        end_is_closed=end_is_closed,
    )


def is_open(by: Actor, step: Step, closed: Spans) -> bool:
    """Whether the words of a step are open to whoever decides: their own always are."""
    return step.by_id == by.id or not closed.hold(step.recorded_at)


def _is_closed_end(by: Actor, worry: Worry, closed: Spans) -> bool:
    """Their own always is open. Where it is not known when it was said (once that was not kept) and it is open again:
    wherever anything is closed, it is."""
    if worry.ended_by_id is not None and worry.ended_by_id == by.id:
        return False
    at = worry.ended_at or worry.closed_at
    return closed != Spans() if at is None else closed.hold(at)


def _text(sealed: Sealed | None, proof: Reading) -> str:
    return sealed.open(proof) if sealed else ""
