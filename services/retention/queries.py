"""Questions: what counts, what would go, what holds, what is left. None opens a word."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet, Sum

from kernel import clock
from kernel.actor import Actor
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact.following import counts_from, holds_on
from services.contact.models import ContactRequest, ConversationMessage
from services.promises.models import Promise
from services.retention import data, terms
from services.retention.law import Rights, Row
from services.retention.models import (
    OUTCOMES,
    ArchiveDecision,
    ErasureWish,
    LegalHold,
    RetentionRule,
    Tally,
    Tombstone,
)
from tenants.setup.actors import today

#: A figure below this, and above nought, could point at somebody (docs/how/security.md 12).
FEWEST = 5
PREVIEW = timedelta(days=30)
#: `later` gives one day for the last days of longer months: the first question is asked so much wider.
_SLACK = timedelta(days=4)


def law_of(outcome: str) -> Row:
    return data.row_of(require_current().country, outcome)


def all_rules() -> list[RetentionRule]:
    return list(RetentionRule.objects.select_related("decided_by").order_by("decided_at"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for one outcome now, and the change that waits, if one does."""

    row: Row
    rule: RetentionRule | None
    term: terms.Term
    waits: RetentionRule | None
    waiting_term: terms.Term | None

    @property
    def is_the_laws(self) -> bool:
        return self.rule is None or self.rule.months is None


def standing() -> list[Standing]:
    """One for each outcome, in their order."""
    rules, now = all_rules(), clock.now()
    found = []
    for outcome in OUTCOMES:
        row = law_of(outcome)
        rule = terms.in_force(rules, outcome, now)
        waiting = [
            one for one in rules
            if one.outcome == outcome and one.taken_back_at is None and one.starts_at > now
        ]  # fmt: skip
        waits = waiting[-1] if waiting else None
        present = next((one for one in rules if rule is not None and one.pk == rule.pk), None)  # type: ignore[attr-defined]
        found.append(
            Standing(row, present, terms.term(row, rule), waits, terms.term(row, waits) if waits else None)
        )
    return found


def archive_decision() -> ArchiveDecision | None:
    """The newest; None: nobody has decided."""
    return ArchiveDecision.objects.order_by("-noted_at", "-pk").first()


def local_day(instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(require_current().timezone)).date()


def goes_on(request: ContactRequest, rules: list[RetentionRule] | None = None) -> date | None:
    """The day the time of a closed case is over; None: it is open, or kept. Holds are another question."""
    since = counts_from(request)
    if since is None:
        return None
    known = all_rules() if rules is None else rules
    return terms.goes_on(
        law_of(request.outcome), known, counted_from=since, day=local_day(since), now=clock.now()
    )


def code_works_at_least() -> date | None:
    """A day until which whatever is begun today is there, even if it were closed today; None: it is kept. What its
    student takes back goes sooner, by their own act."""
    in_force = [one.term for one in standing() if one.row.outcome != "withdrawn"]
    months = min((one.months for one in in_force if one.ends), default=None)
    return terms.later(today(), months) if months else None


def code_works_until(request: ContactRequest) -> date | None:
    """The day a closed conversation goes; None: it is open, kept or held, or its student has asked that it goes."""
    if wish_of(request.pk) is not None or list(holds_on(request)):
        return None
    return goes_on(request)


def may_be_due(by_day: date) -> QuerySet[ContactRequest]:
    """Closed so long ago that their time may be over on that day; the exact question is `goes_on`."""
    zone = ZoneInfo(require_current().timezone)
    wide = Q()
    for one in standing():
        if one.term.ends:
            last = terms.later(by_day, -one.term.months) + _SLACK
            until = datetime(last.year, last.month, last.day, tzinfo=zone)
            wide |= Q(outcome=one.row.outcome, closed_at__lt=until)
    found = ContactRequest.objects.filter(closed_at__isnull=False)
    return found.filter(wide) if wide else found.none()


@dataclass(frozen=True, slots=True)
class Door:
    """How many of one door would go. `count` None: fewer than FEWEST."""

    school_id: UUID | None
    role_id: UUID | None
    count: int | None


def preview(actor: Actor) -> list[Door]:
    """What would go in the next 30 days if nothing held it, per door; small ones withheld, together where that tells
    nothing. For administrators."""
    require(actor, "retention.decide")
    rules, until = all_rules(), today() + PREVIEW
    doors: Counter[tuple[UUID, UUID]] = Counter()
    for request in may_be_due(until).only(
        "pk", "school_id", "role_id", "outcome", "closed_at", "case_key_id"
    ):
        day = goes_on(request, rules)
        if day is not None and day <= until:
            doors[(request.school_id, request.role_id)] += 1
    return withheld(doors)


def withheld(doors: "Counter[tuple[UUID, UUID]]") -> list[Door]:
    """Largest first; those below FEWEST as one line, its number said only when it is large enough and of several."""
    shown = [Door(*door, count) for door, count in doors.most_common() if count >= FEWEST]
    small = [count for count in doors.values() if count < FEWEST]
    if small:
        together = sum(small)
        shown.append(Door(None, None, together if together >= FEWEST and len(small) > 2 else None))
    return shown


def standing_hold(request_id: UUID) -> LegalHold | None:
    """The hold that stands today; its reason stays sealed."""
    rows = LegalHold.objects.filter(request_id=request_id, ended_at__isnull=True, last_day__gte=today())
    return rows.defer("reason").first()


def holds(actor: Actor) -> list[LegalHold]:
    """Every hold, those that stand first, for administrators and log reviewers: number, why, who and until when."""
    require(actor, "retention.see_holds")
    rows = LegalHold.objects.defer("reason").select_related("request", "placed_by", "ended_by")
    return sorted(rows, key=lambda one: (one.ended_at is not None, one.last_day < today(), one.last_day))


def wish_of(request_id: UUID) -> ErasureWish | None:
    """The wish that stands. One that the student took back by a later word, or by asking again, is none."""
    wish = ErasureWish.objects.filter(request_id=request_id, taken_back_at__isnull=True).first()
    if wish is None or last_word(request_id) > wish.numbered:
        return None
    asked_again = _asked_again(request_id, since=wish.asked_at.replace(second=0, microsecond=0))
    return None if asked_again.exists() else wish


def took_wish_back(request_id: UUID, *, since: datetime) -> bool:
    """Whether the student has said since then that it is kept after all."""
    return ErasureWish.objects.filter(request_id=request_id, taken_back_at__gte=since).exists()


def _asked_again(request_id: UUID, *, since: datetime) -> QuerySet[Promise]:
    return Promise.objects.filter(subject_id=request_id, kind=Promise.Kind.REOPENED, opened_at__gte=since)


def after_asking_again(request_id: UUID, at: datetime) -> datetime:
    """The minute a wish of this minute is kept under: acts are known to the minute, and one said after asking again in
    the same minute must not look as if it came before.
    """
    return at + timedelta(minutes=1) if _asked_again(request_id, since=at).exists() else at


def last_word(request_id: UUID) -> int:
    """The number of the student's last message; 0 when there is none."""
    mine = ConversationMessage.objects.filter(
        request_id=request_id, sender=ConversationMessage.Sender.STUDENT
    )
    return int(mine.aggregate(last=Max("number"))["last"] or 0)


def rights() -> Rights:
    """The law row of the country we are in."""
    return data.RIGHTS[require_current().country]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of what is gone: how many ended, and the tallies of an outcome that are large enough to say."""

    gone: int
    tallies: list[tuple[str, int]]


def left(actor: Actor) -> Left:
    require(actor, "retention.decide")
    sums = Tally.objects.values("outcome").annotate(sum=Sum("count")).order_by("outcome")
    said = [(row["outcome"], row["sum"]) for row in sums if row["sum"] >= FEWEST]
    return Left(Tombstone.objects.count(), said)
