"""Say who is away, on which weekdays, and who answers instead. The only code that writes these tables.

Each is one transaction under the set-up's lock, so that the door and everybody's desk know at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.permissions import require
from tenants.feasibility.guard import refuse_gaps
from tenants.feasibility.plan import with_substitutes, with_weekdays
from tenants.presence import digest
from tenants.presence.circles import in_the_circle_of
from tenants.presence.loading import load_roster
from tenants.presence.models import Absence, Substitute, ToldGap
from tenants.presence.presence import Held, mask_of
from tenants.presence.unclaimed import Noted, tell_of_left_alone
from tenants.setup.actors import today
from tenants.setup.models import Lead, Post, SetupVersion
from tenants.setup.operations.change import change
from tenants.setup.queries import portal

LONGEST = timedelta(days=366)
#: How far ahead somebody says that they are away: two years.
FURTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Begun:
    """An absence, and of which things that it leaves with nobody those in charge have been told."""

    absence_id: UUID
    told: frozenset[UUID] = frozenset()


def begin_absence(*, account_id: UUID, first_day: date, last_day: date, by: Actor) -> Begun:
    """Away from a day up to and including a day. The same days again: the same absence, and nobody is told anew.

    Raises Invalid (first_day, last_day) for days that cannot be (`check_days`) or that meet another absence of the
    same person; NotFound for an unknown or closed account.
    """
    with change(by, "begin_absence", account_id, of="presence") as this:
        if not Account.objects.select_for_update().filter(pk=account_id, is_active=True).exists():
            raise NotFound(_("There is no such person."))
        check_days(first_day, last_day)
        meets = Absence.objects.filter(
            account_id=account_id, first_day__lte=last_day, last_day__gte=first_day
        ).order_by("first_day")
        other = meets.first()
        if other is not None and (other.first_day, other.last_day) == (first_day, last_day):
            return Begun(other.pk)
        if other is not None:
            days = {"first": date_format(other.first_day), "last": date_format(other.last_day)}
            raise Invalid(
                first_day=_("There is an absence from %(first)s to %(last)s already. End that one first.")
                % days
            )
        row = Absence.objects.create(account_id=account_id, first_day=first_day, last_day=last_day)
        this.record(
            "absence",
            row.pk,
            account=str(account_id),
            first=first_day.isoformat(),
            last=last_day.isoformat(),
        )
        return Begun(row.pk, tell_of_left_alone(load_roster(), Noted(account_id, first_day, last_day)))


def check_days(first_day: date, last_day: date) -> None:
    """Raises Invalid (first_day, last_day) for days that are over, in the wrong order, more than a year, or more than
    two years away: nothing is worked out for such."""
    errors = []
    if first_day < today():
        errors.append(FieldError("first_day", _("That day is over. Begin today or later.")))
    if last_day < first_day:
        errors.append(FieldError("last_day", _("The last day is before the first. Swap them.")))
    elif last_day - first_day > LONGEST:
        errors.append(FieldError("last_day", _("That is more than a year. End the post instead.")))
    elif last_day - today() > FURTHEST:
        errors.append(FieldError("last_day", _("That is more than two years away. Choose an earlier day.")))
    if errors:
        raise Invalid(errors)


def end_absence(*, absence_id: UUID, by: Actor) -> None:
    """Back today: yesterday was the last day. One that has not begun is taken back; one that is over stays."""
    row = Absence.objects.filter(pk=absence_id).first()
    if row is None:
        raise NotFound(_("There is no such absence."))
    with change(by, "end_absence", row.account_id, of="presence") as this:
        row = Absence.objects.select_for_update().filter(pk=absence_id).first()
        if row is None or row.last_day < today():
            return
        if row.first_day >= today():
            row.delete()
        else:
            row.last_day = today() - timedelta(days=1)
            row.save()
        this.record("absence", absence_id, account=str(row.account_id))


def change_weekdays(*, post_id: UUID, weekdays: Iterable[int], by: Actor) -> None:
    """On which ISO weekdays (1 = Monday) the person is there. Raises Invalid (weekdays), NotFound."""
    days = set(weekdays)
    with change(by, "change_weekdays", of="presence") as this:
        post = _post(post_id)
        if not days or not days <= set(range(1, 8)):
            raise Invalid(weekdays=_("Choose at least one weekday."))
        if post.weekdays == mask_of(days):
            return
        refuse_gaps(by, with_weekdays(post.pk, mask_of(days)))
        post.weekdays = mask_of(days)
        post.save(update_fields=["weekdays"])
        this.record("post", post.pk, weekdays=",".join(map(str, sorted(days))))


def name_substitutes(*, post_id: UUID, account_ids: Sequence[UUID], by: Actor) -> None:
    """These answer, in this order, when the holder of the post is away: holders of the same role elsewhere or
    beside them, in the same secrecy circle, and nobody whose own substitutes come back to the holder.

    Raises Invalid (substitutes), naming the chain that would go round; NotFound.
    """
    wanted = list(dict.fromkeys(account_ids))
    with change(by, "name_substitutes", of="presence") as this:
        post = _post(post_id)
        before = Substitute.objects.filter(post=post).order_by("order")
        if list(before.values_list("account_id", flat=True)) == wanted:
            return
        _check_substitutes(post, wanted)
        refuse_gaps(by, with_substitutes(post.pk, wanted))
        Substitute.objects.filter(post=post).delete()
        Substitute.objects.bulk_create(
            Substitute(post=post, account_id=account_id, order=order)
            for order, account_id in enumerate(wanted)
        )
        this.record("post", post.pk, substitutes=[str(account_id) for account_id in wanted])


def _check_substitutes(post: Post, wanted: Sequence[UUID]) -> None:
    roster = load_roster()
    if post.account_id in wanted:
        raise Invalid(substitutes=_("Nobody is their own substitute. Choose somebody else."))
    if not set(wanted) <= in_the_circle_of(post):
        raise Invalid(
            substitutes=_(
                "A substitute holds the same role. Choose a person from the list, or give the post."
            )
        )
    held = Held(post.pk, post.account_id, post.role_id, post.school_id, post.starts_on, post.ends_on)
    round_trip = roster.circle(held, wanted)
    if round_trip:
        names = dict(Account.objects.filter(pk__in=round_trip).values_list("pk", "name"))
        chain = " → ".join(names[pk] for pk in round_trip)
        raise Invalid(
            substitutes=_("This goes round in a circle: %(chain)s. Choose somebody else.") % {"chain": chain}
        )


def _post(post_id: UUID) -> Post:
    post = Post.objects.select_for_update(of=("self",)).filter(pk=post_id).first()
    if post is None:
        raise NotFound(_("There is no such post."))
    if post.ends_on is not None and post.ends_on < today():
        raise Conflict(_("This post has ended."))
    return post


def end_rehearsal(*, by: Actor) -> None:
    """Forget when invented people were away and for whom they stood in, before they leave. Safe to run again."""
    with change(by, "end_rehearsal", of="presence") as this:
        invented = Account.objects.filter(is_invented=True)
        Absence.objects.filter(account__in=invented).delete()
        Substitute.objects.filter(account__in=invented).delete()
        Substitute.objects.filter(post__account__in=invented).delete()
        this.record("absence", "all")


def note_gaps(*, by: Actor) -> None:
    """Keep in mind which gaps the next 30 days have. Those no digest has told of are told of by the first one of a day;
    what comes up later that day waits for the next, so that everybody hears the same. One that has gone is forgotten.
    """
    require(by, "presence.note_gaps")
    with transaction.atomic():
        SetupVersion.objects.select_for_update().first()
        known, new = list(ToldGap.objects.all()), 0
        seen: set[UUID] = set()
        for one in digest.coming_gaps():
            row = next((row for row in known if one.goes_on(row)), None)
            if row is None or row.pk in seen:
                new += row is None
                ToldGap.objects.create(**asdict(one), told_on=row.told_on if row else None)
                continue
            seen.add(row.pk)
            if (row.first_day, row.last_day) != (one.first_day, one.last_day):
                row.first_day, row.last_day = one.first_day, one.last_day
                row.save(update_fields=["first_day", "last_day"])
        gone = ToldGap.objects.filter(pk__in=[row.pk for row in known if row.pk not in seen]).delete()[0]
        if not digest.has_told_today():
            ToldGap.objects.filter(told_on=None).update(told_on=today())
        if new or gone:
            record(by=by, verb="presence.note_gaps", kind="gap", object_id=today(), new=new, gone=gone)


def send_digest(*, by: Actor) -> int:
    """Once a day, in working hours, tell whoever can mend it what is broken; nothing when all is well.

    Administrators hear of everything, leads of the roles at their schools; whoever is away of nothing, unless
    all of them are. Returns how many were told.
    """
    require(by, "presence.send_digest")
    door, now = portal(), clock.now()
    if not digest.may_tell(door.calendar, now):
        return 0
    with transaction.atomic():
        note_gaps(by=by)
        told = sum(
            _tell_of(account, digest.troubles(schools), door.default_language)
            for account, schools in _those_who_mend()
        )
        if told:
            record(by=by, verb="presence.send_digest", kind="digest", object_id=today(), told=told)
    return told


def _tell_of(account: Account, found: digest.Troubles, default_language: str) -> bool:
    if not found:
        return False
    message = queue(
        cause=f"digest:{today().isoformat()}",
        to=account,
        template="presence/digest",
        language=account.language or default_language,
        context={**asdict(found), "page": "setup/" if account.is_administrator else "insights/"},
    )
    return message is not None


def _those_who_mend() -> list[tuple[Account, set[UUID] | None]]:
    """Administrators (None: everything) and leads with their schools."""
    found: dict[UUID, tuple[Account, set[UUID] | None]] = {}
    for account in Account.objects.filter(is_administrator=True, is_active=True):
        found[account.pk] = (account, None)
    for row in Lead.objects.filter(account__is_active=True).select_related("account"):
        account, schools = found.get(row.account_id, (row.account, set()))
        if schools is not None:
            mine = {one.id for one in portal().schools} if row.school_id is None else {row.school_id}
            found[row.account_id] = (account, schools | mine)
    everybody, day = load_roster(), today()
    here = [pair for pk, pair in found.items() if not everybody.is_away(pk, day)]
    return here or list(found.values())
