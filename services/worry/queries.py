"""Questions about worries: rows and clocks by the one policy. Nothing sealed is opened here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Unavailable
from kernel.guarantee import CountedHours, due_at
from kernel.people.models import Account
from kernel.tenancy import require_current
from services.contact.handover_queries import kept_out
from services.contact.holding import holder_of, is_held
from services.contact.models import ContactRequest
from services.contact.queries import case_of
from services.promises.models import STANDING, Promise
from services.promises.queries import present, promises_of
from services.worry import safety
from services.worry.duties import duties_of
from services.worry.law import Duty
from services.worry.models import LocalNumber, SafetyText, Step, Worry, WorryTimes
from tenants.setup.queries import current_calendar
from tenants.walls.facts import reader_of, rights, seats, thing_of
from tenants.walls.policy import Act, Decision, Reader, What, decide
from tenants.walls.queries import rows_for


def may(actor: Actor, worry: Worry, what: What, act: Act) -> Decision:
    """The policy's answer about one worry: it is with whoever has its case, and with its deputy; that it is there
    stays with who raised it, until they have told somebody."""
    holder = holder_of(worry.request)
    case = case_of(worry.request, holder.pk if holder else None)
    return decide(reader_with(actor, worry), thing_of(case, actor, what), act)


def reader_with(actor: Actor, worry: Worry) -> Reader:
    """The actor as the policy knows them, with what this worry makes of them."""
    case = frozenset({worry.case_key_id})
    is_deputy = actor.id is not None and worry.deputy_id == actor.id
    return replace(
        reader_of(actor),
        decides=case if is_deputy else frozenset(),
        raised=case if owes_a_word(actor, worry) else frozenset(),
    )


def owes_a_word(actor: Actor, worry: Worry) -> bool:
    """Whether this person raised the open worry and has told nobody about it: their own duty, whoever has the case."""
    if actor.id is None or worry.raised_by_id != actor.id or not worry.is_open:
        return False
    return not _told_by(actor.id).filter(worry=worry).exists()


def _told_by(account_id: UUID) -> QuerySet[Step]:
    return Step.objects.filter(by_id=account_id).exclude(recipient=Step.Recipient.NOBODY)


def visible_to(actor: Actor) -> QuerySet[Worry]:
    """The worries whose row `actor` may see: of the cases they have, of those nobody has at their doors, those they
    are the deputy of, and open ones they raised and told nobody about; none they have stepped aside from. The same
    as the policy's ("worry_row", "list"), said of all rows at once."""
    rows = rows_for(actor)
    if not rows.doors or actor.id is None:
        return Worry.objects.none()
    door = Q()
    for role_id, school_id in rows.doors:
        door |= Q(role_id=role_id, school_id=school_id)
    here = ContactRequest.objects.filter(door).exclude(case_key_id__in=rows.without | rows.refused)
    mine = here.filter(Q(taken_by_id=actor.id) | ~Q(is_held()))
    told = Exists(_told_by(actor.id).filter(worry=OuterRef("pk")))
    owed = (
        Q(raised_by_id=actor.id, closed_at__isnull=True)
        & ~Q(request__case_key_id__in=rows.without)
        & ~Q(told)
    )
    return Worry.objects.filter(Q(request__in=mine) | Q(deputy_id=actor.id, request__in=here) | owed)


def open_count(actor: Actor) -> int:
    """How many open worries are with the actor. One query where there is none in the municipality; else three."""
    if not Worry.objects.filter(closed_at__isnull=True).exists():
        return 0
    return visible_to(actor).filter(closed_at__isnull=True).count()


@dataclass(frozen=True, slots=True)
class Listed:
    """A worry in a list: its case, its clock, who decides. No word of it."""

    worry: Worry
    promise: Promise | None

    @property
    def runs(self) -> bool:
        """Whether its clock runs, or ran out without a decision."""
        return self.promise is not None and self.promise.answered_at is None and self.promise.ended_at is None


def listed(actor: Actor, *, limit: int = 200) -> list[Listed]:
    """Open ones by their clock, then those that only wait to be closed. Two queries."""
    rows = (
        visible_to(actor)
        .filter(closed_at__isnull=True)
        .select_related("request", "request__school", "request__role")
    )
    return _with_clocks(list(rows.order_by("raised_at", "pk")[:limit]))


def of_case(actor: Actor, request_id: UUID) -> list[Listed]:
    """The worries of one case that the actor may see, the newest first. Asked once a page of the desk."""
    return rights.ask(("worries", actor, request_id), lambda: _of_case(actor, request_id))


def _of_case(actor: Actor, request_id: UUID) -> list[Listed]:
    if not Worry.objects.filter(request_id=request_id).exists():
        return []
    rows = (
        visible_to(actor)
        .filter(request_id=request_id)
        .select_related("request", "request__school", "request__role")
    )
    return sorted(_with_clocks(list(rows)), key=lambda one: one.worry.raised_at, reverse=True)


def open_worry(actor: Actor, request_id: UUID) -> Listed | None:
    """The worry of this case that is open, when the actor may see that it is there."""
    return next((one for one in of_case(actor, request_id) if one.worry.is_open), None)


def clocks_of(actor: Actor, request_ids: Sequence[UUID]) -> dict[UUID, Promise]:
    """By request, the clock that runs (or ran out undecided) of its open worry, where the actor may see it. One
    query where none has one; else four."""
    if not Worry.objects.filter(request_id__in=request_ids, closed_at__isnull=True).exists():
        return {}
    rows = visible_to(actor).filter(request_id__in=request_ids, closed_at__isnull=True)
    return {one.worry.request_id: one.promise for one in _with_clocks(list(rows)) if one.runs and one.promise}


def one(actor: Actor, worry_id: UUID) -> Worry | None:
    """The worry, when the actor may see that it is there."""
    rows = visible_to(actor).select_related(
        "request__school", "request__role", "request__case_key", "raised_by", "ended_by"
    )
    return rows.filter(pk=worry_id).first()


def _with_clocks(rows: list[Worry]) -> list[Listed]:
    clocks: dict[UUID, list[Promise]] = {}
    ids = [row.pk for row in rows]
    for promise in Promise.objects.filter(subject_id__in=ids).order_by("-opened_at"):
        clocks.setdefault(promise.subject_id, []).append(promise)
    found = [Listed(row, present(clocks.get(row.pk, []))) for row in rows]
    return sorted(found, key=_by_clock)


def _by_clock(row: Listed) -> tuple[bool, datetime]:
    return (not row.runs, row.promise.due_at if row.promise else row.worry.raised_at)


def clock_of(worry: Worry) -> Promise | None:
    """The promise that counts now."""
    return present(promises_of(worry.pk))


def standing(worry: Worry) -> Promise | None:
    return Promise.objects.filter(STANDING, subject_id=worry.pk).first()


def decides_now(worry: Worry) -> UUID | None:
    """Who must decide: the deputy, else the one who has the case; None: whoever of its door comes first."""
    if worry.deputy_id is not None and worry.deputy_id not in kept_out(worry.request_id):
        return worry.deputy_id
    holder = holder_of(worry.request)
    return holder.pk if holder else None


def was_talked_over(worry: Worry, *, before: Step | None = None) -> bool:
    """Whether the clock of this worry has started again already because it was talked over with somebody."""
    steps = Step.objects.filter(worry=worry, recipient=Step.Recipient.NOBODY)
    return (steps.exclude(pk=before.pk) if before else steps).exists()


def told_by_raiser(worry: Worry) -> bool:
    """Whether who raised it has told somebody: then their own duty is done."""
    return _told_by(worry.raised_by_id).filter(worry=worry).exists()


def current_steps(steps: Sequence[Step]) -> list[Step]:
    """Those that no other corrects, in the order in which they were taken."""
    corrected = {step.corrects_id for step in steps if step.corrects_id}
    return sorted(
        (one for one in steps if one.pk not in corrected), key=lambda one: (one.done_at, one.number)
    )


def duties_for(actor: Actor, request: ContactRequest) -> tuple[Duty, ...]:
    """The duties that may hold for this person about this case: by their post at its door; who stands in there, or
    raised it and has another post by now, by all of theirs, for a duty is each person's own. Empty without a post.
    """
    theirs = seats(account_id=actor.id)
    here = [seat for seat in theirs if (seat.role_id, seat.school_id) == (request.role_id, request.school_id)]
    country = require_current().country
    found = (duties_of(country, seat.profession, seat.form, seat.employer) for seat in here[:1] or theirs)
    return tuple(dict.fromkeys(duty for duties in found for duty in duties))


# --- what the municipality keeps ------------------------------------------------------------------------------


def times() -> tuple[int, int]:
    """(open hours, minutes of the clock in danger) to decide in."""
    row = WorryTimes.objects.first()
    return (row.hours, row.minutes) if row else (WorryTimes.HOURS, WorryTimes.MINUTES)


def due_for(urgency: str, opened_at: datetime) -> datetime:
    """When a decision is due. Danger goes by the clock, at night and in holidays too; anything else by the working
    calendar. Raises Unavailable when that calendar never gets there."""
    hours, minutes = times()
    if urgency == Worry.Urgency.NOW:
        return opened_at + timedelta(minutes=minutes)
    at = due_at(current_calendar()[0], CountedHours(hours), opened_at)
    if at is None:
        raise Unavailable(_("The working calendar has no open hours to decide in."))
    return at


def local_numbers(school_id: UUID) -> list[LocalNumber]:
    """Whom one calls for a student of this school: its principal, and what holds for all. One query."""
    order = list(LocalNumber.Kind.values)
    rows = LocalNumber.objects.filter(Q(school_id=school_id) | Q(school__isnull=True))
    return sorted(rows, key=lambda row: order.index(row.kind))


def all_numbers() -> list[LocalNumber]:
    order = list(LocalNumber.Kind.values)
    rows = LocalNumber.objects.select_related("school")
    return sorted(rows, key=lambda row: (order.index(row.kind), row.school.name if row.school else ""))


def safety_versions() -> list[SafetyText]:
    """Every version of every language, the newest first."""
    return list(SafetyText.objects.select_related("written_by").order_by("language", "about", "-version"))


def colleagues_of(worry: Worry) -> list[Account]:
    """Who else holds the role at the school today, by name: with whom one can talk it over."""
    here = seats(role_id=worry.request.role_id, school_id=worry.request.school_id)
    return list(Account.objects.filter(pk__in={seat.account_id for seat in here}).order_by("name"))


def safety_text(language: str, about: str = "self") -> safety.Text | None:
    """The text that may be sent in this language: the municipality's newest that is reviewed, else ours."""
    reviewed = SafetyText.objects.filter(about=about, language=language, reviewed_on__isnull=False)
    own = reviewed.order_by("-version").first()
    if own is None or own.reviewed_on is None:
        return safety.ours(language, about)
    return safety.Text(about, language, f"M{own.version}", own.text, own.reviewed_by, own.reviewed_on)


def safety_languages(about: str = "self") -> list[str]:
    """The languages in which something may be sent."""
    own = SafetyText.objects.filter(about=about, reviewed_on__isnull=False).values_list("language", flat=True)
    return sorted({*safety.TEXTS[about], *own})
