"""Who works here: invite people, give and end posts, appoint leads and administrators."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock, mailbox
from kernel.actor import Actor
from kernel.audit.models import Entry
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.people import operations as accounts
from kernel.people.models import Account
from kernel.plain import hidden_signs
from kernel.tenancy import require_current
from tenants.feasibility.guard import refuse_gaps
from tenants.feasibility.plan import with_post, without_post
from tenants.presence.presence import Held
from tenants.setup import leaving, notices
from tenants.setup.actors import held_on, today
from tenants.setup.models import Employer, Face, HelperRole, Language, Lead, Post, School
from tenants.setup.operations.change import change

#: Who gets which thing that somebody leaves; None: whoever of its door comes first.
type Takers = Mapping[UUID, UUID | None]
#: The code of a Conflict that a guided page can help out of.
HOLDS_REQUESTS = "holds-open-requests"


def checked_email(email: str) -> str:
    """The address as we keep it. Raises Invalid (email)."""
    try:
        return mailbox.checked(email)
    except mailbox.NotAnAddress:
        raise Invalid(email=_("Write a whole e-mail address, such as kari@kommune.no.")) from None


def invite_person(
    *, email: str, name: str, language: str = "", is_administrator: bool = False, by: Actor
) -> UUID:
    """Give somebody an account and tell them by e-mail. The same address again is the same person.

    `language` "" = the municipality's default. Raises Invalid (email, name).
    """
    errors = []
    name = " ".join(name.split())
    if not 2 <= len(name) <= 120:
        errors.append(FieldError("name", _("Give the name, 2 to 120 characters.")))
    errors += hidden_signs(name=name)
    try:
        email = checked_email(email)
    except Invalid as error:
        errors.extend(error.errors)
    if errors:
        raise Invalid(errors)
    with change(by, "invite_person") as this:
        default = Language.objects.filter(is_default=True).values_list("code", flat=True).first()
        account = accounts.invite(
            by=by,
            email=email,
            name=name,
            language=language or default or "en",
            is_administrator=is_administrator,
        )
        this.record("account", account.pk, administrator=is_administrator)
        return account.pk


def give_post(
    *,
    account_id: UUID,
    role_id: UUID,
    school_id: UUID,
    starts_on: date | None = None,
    ends_on: date | None = None,
    employer_id: UUID | None = None,
    agreement: str = "",
    by: Actor,
) -> UUID:
    """Let somebody answer in a role at a school, from a day (today) to a day (None: until further notice).

    Who gives themselves a post is refused while another administrator could, and for 30 days after they took
    another's right away. A post that a person gives is told to whoever else holds or lately held a post at the
    door, and to the leads. The same post again answers with the one there is. A neighbour's helper is there by
    an agreement (its name, at most 120 signs), which has an end. Raises
    Invalid (person, role, school, employer, ends_on, agreement; gaps where the door would open with one).
    """
    starts = starts_on or today()
    agreement = " ".join(agreement.split())
    if ends_on and ends_on < starts:
        raise Invalid(ends_on=_("The last day is before the first. Swap them."))
    with change(by, "give_post") as this:
        _not_to_oneself(account_id, by)
        _check_place(account_id, role_id, school_id, employer_id)
        _check_agreement(employer_id, role_id, agreement, ends_on)
        same = Post.objects.filter(account_id=account_id, role_id=role_id, school_id=school_id).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=starts)
        )
        there = (same.filter(starts_on__lte=ends_on) if ends_on else same).first()
        if there is not None:
            return there.pk
        refuse_gaps(by, with_post(Held(uuid4(), account_id, role_id, school_id, starts, ends_on)))
        row = Post.objects.create(
            account_id=account_id,
            role_id=role_id,
            school_id=school_id,
            employer_id=employer_id,
            starts_on=starts,
            ends_on=ends_on,
            agreement=agreement,
        )
        this.record("post", row.pk, account=str(account_id), role=str(role_id), school=str(school_id))
        if by.kind == "person":
            notices.somebody_new(row, given_by=by.id)
        return row.pk


def _not_to_oneself(account_id: UUID, by: Actor) -> None:
    """A post opens students' words: nobody takes one alone, unless there is nobody else to give it (and there
    was nobody of late: an administrator who removes the others is not left alone, but has made it so).
    """
    if by.kind != "person" or by.id != account_id:
        return
    others = Account.objects.filter(is_administrator=True, is_active=True, is_invented=False)
    if others.exclude(pk=account_id).exists():
        raise Invalid(person=_("Another administrator must give you this post."))
    removed = Entry.objects.filter(
        verb="people.make_administrator",
        actor_id=by.id,
        details__administrator=False,
        at__gt=clock.now() - notices.OF_LATE,
    )
    closed = Entry.objects.filter(
        verb="setup.close_person",
        actor_id=by.id,
        details__administrator=True,
        at__gt=clock.now() - notices.OF_LATE,
    )
    if removed.exists() or closed.exists():
        raise Invalid(
            person=_(
                "You changed who is an administrator less than 30 days ago. Until then only another administrator "
                "can give you a post."
            )
        )


def _check_place(account_id: UUID, role_id: UUID, school_id: UUID, employer_id: UUID | None) -> None:
    errors = []
    if not Account.objects.filter(pk=account_id, is_active=True).exists():
        errors.append(FieldError("person", _("Choose a person from the list.")))
    if not HelperRole.objects.filter(pk=role_id, closed_on=None).exists():
        errors.append(FieldError("role", _("Choose a role from the list.")))
    if not School.objects.filter(pk=school_id, closed_on=None).exists():
        errors.append(FieldError("school", _("Choose a school from the list.")))
    if employer_id and not Employer.objects.filter(pk=employer_id).exists():
        errors.append(FieldError("employer", _("Choose an employer from the list.")))
    if errors:
        raise Invalid(errors)


def _check_agreement(employer_id: UUID | None, role_id: UUID, agreement: str, ends_on: date | None) -> None:
    """Who is lent by a neighbour comes by an agreement that somebody can read up, and goes when it ends."""
    own = HelperRole.objects.filter(pk=role_id).values("employer_id")
    employer = Employer.objects.filter(pk=employer_id) if employer_id else Employer.objects.filter(pk__in=own)
    neighbour = employer.filter(kind=Employer.Kind.NEIGHBOUR).exists()
    errors = hidden_signs(agreement=agreement)
    if neighbour and not agreement:
        errors.append(FieldError("agreement", _("Name the agreement that lends this helper.")))
    if len(agreement) > 120:
        errors.append(FieldError("agreement", _("Name the agreement in at most 120 characters.")))
    if (neighbour or agreement) and ends_on is None:
        errors.append(
            FieldError("ends_on", _("Say the last day: a neighbour's helper is here until it ends."))
        )
    if errors:
        raise Invalid(errors)


def end_post(
    *,
    post_id: UUID,
    last_day: date | None = None,
    takers: Takers | None = None,
    until: date | None = None,
    by: Actor,
) -> None:
    """The post ends with this day (None: at once, yesterday was the last). Ended already: nothing happens.

    Whoever has open requests there leaves none behind: `takers` says who gets each (None: whoever of the door
    comes first), `until` the last day of the posts that come with it (None: two weeks). Raises Conflict, naming how
    many have no new holder; Invalid (until) for a day that is past; Invalid (gaps) where the municipality blocks what
    it would leave. A post that never began is removed.
    """
    with change(by, "end_post") as this:
        row = Post.objects.filter(pk=post_id).first()
        if row is None:
            return
        end = last_day or today() - timedelta(days=1)
        if row.ends_on is not None and row.ends_on <= end:
            return
        if end < today():
            _person(row.account_id)
            _give_on(row.account_id, (row.role_id, row.school_id), takers or {}, until, by)
        refuse_gaps(by, without_post(row.pk, end))
        if end < row.starts_on:
            row.delete()
        else:
            row.ends_on = end
            row.save()
        if end < today():
            leaving.has_left(by=by, account_id=row.account_id, door=(row.role_id, row.school_id))
        this.record("post", post_id, ends=end.isoformat())
        notices.post_ended(row, by=by)


def _give_on(
    account_id: UUID, door: tuple[UUID, UUID] | None, takers: Takers, until: date | None, by: Actor
) -> None:
    """Everything the (locked) person has, the oldest promise first, to those who take it; or nothing at all. Who holds
    no post there gets one with it, which ends.

    The lock on the account keeps it complete: who takes a request writes the account into it, and waits.
    """
    if until is not None and until < today():
        raise Invalid(until=_("This day is past. Choose a later one."))
    ends_on = until or today() + leaving.TIME_TO_FINISH
    held = leaving.held_by(account_id, door)
    missing = leaving.by_case([one for one in held if one.id not in takers])
    if missing:
        raise Conflict(
            ngettext(
                "%(n)s open request has no new holder yet. Choose who takes it.",
                "%(n)s open requests have no new holder yet. Choose who takes each.",
                len(missing),
            )
            % {"n": len(missing)},
            code=HOLDS_REQUESTS,
        )
    for one in held:
        to = takers[one.id]
        is_kept_from = to in one.apart
        if is_kept_from:  # and nothing tells that
            to = None
        at_door = Post.objects.filter(
            held_on(today()), role_id=one.role_id, school_id=one.school_id, account__is_active=True
        ).exclude(account_id=account_id)
        if to is None and not is_kept_from and not at_door.exists():
            raise Conflict(_("Nobody else answers there. Give somebody the post first."), code=HOLDS_REQUESTS)
        if to is not None and not at_door.filter(account_id=to).exists():
            give_post(account_id=to, role_id=one.role_id, school_id=one.school_id, ends_on=ends_on, by=by)
        leaving.hand_on(by=by, account_id=account_id, item_id=one.id, to=to)


def appoint_lead(*, account_id: UUID, school_id: UUID | None = None, by: Actor) -> UUID:
    """Let somebody see clocks and roles of a school (None: of every school), never content."""
    with change(by, "appoint_lead") as this:
        if not Account.objects.filter(pk=account_id, is_active=True).exists():
            raise Invalid(person=_("Choose a person from the list."))
        if school_id and not School.objects.filter(pk=school_id, closed_on=None).exists():
            raise Invalid(school=_("Choose a school from the list."))
        row, made = Lead.objects.get_or_create(account_id=account_id, school_id=school_id)  # type: ignore[misc]  # None means null here
        if made:
            this.record("lead", row.pk, account=str(account_id), school=str(school_id or ""))
        return row.pk


def dismiss_lead(*, lead_id: UUID, by: Actor) -> None:
    """Gone already: nothing happens."""
    with change(by, "dismiss_lead") as this:
        row = Lead.objects.filter(pk=lead_id).first()
        if row is None:
            return
        row.delete()
        this.record("lead", lead_id)
        notices.right_ended("lead", row.account_id, subject=lead_id, by=by)


def appoint_administrator(*, account_id: UUID, by: Actor) -> None:
    """Let somebody change the set-up. Raises NotFound."""
    with change(by, "appoint_administrator") as this:
        account = _person(account_id)
        if not account.is_administrator:
            accounts.make_administrator(by=by, account_id=account_id, is_administrator=True)
            this.record("account", account_id)


def dismiss_administrator(*, account_id: UUID, by: Actor) -> None:
    """Raises Conflict for the last one (kernel.people): nobody could change anything any more."""
    with change(by, "dismiss_administrator") as this:
        account = _person(account_id)
        if not account.is_administrator:
            return
        accounts.make_administrator(by=by, account_id=account_id, is_administrator=False)
        this.record("account", account_id)
        notices.right_ended("administrator", account_id, subject=uuid4(), by=by)


def close_person(
    *, account_id: UUID, takers: Takers | None = None, until: date | None = None, by: Actor
) -> None:
    """End somebody's posts, leads and account, at once.

    `takers` and `until` as in `end_post`, for all they have. Raises Conflict for the last administrator, and while an
    open request has no new holder.
    """
    with change(by, "close_person") as this:
        account = _person(account_id)
        if not account.is_active:
            return
        _give_on(account_id, None, takers or {}, until, by)
        yesterday = today() - timedelta(days=1)
        Post.objects.filter(account_id=account_id, starts_on__gt=yesterday).delete()
        Post.objects.filter(account_id=account_id).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=yesterday)
        ).update(ends_on=yesterday)
        Lead.objects.filter(account_id=account_id).delete()
        Face.objects.filter(account_id=account_id).delete()
        accounts.deactivate(by=by, account_id=account_id)
        leaving.has_left(by=by, account_id=account_id)
        this.record("account", account_id, administrator=account.is_administrator)


def remove_invented(*, by: Actor) -> None:
    """Posts and leads of everybody invented are gone, as if they had never been. Safe to run again."""
    with change(by, "remove_invented") as this:
        held, _rows = Post.objects.filter(account__is_invented=True).delete()
        led, _rows = Lead.objects.filter(account__is_invented=True).delete()
        Face.objects.filter(account__is_invented=True).delete()
        if held or led:
            this.record("municipality", require_current().id, posts=held, leads=led)


def _person(account_id: UUID) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound(_("There is no such person."))
    return account
