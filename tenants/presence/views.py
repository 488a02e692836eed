"""Being away, one's own and (for administrators) anybody's; the weekdays and the substitutes of a post."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import actor_of
from kernel.people.access import staff_required
from kernel.people.models import Account
from kernel.permissions import require
from kernel.tenancy import require_current
from kernel.ui.when import say_date
from tenants.feasibility.asking import Asks, asks
from tenants.feasibility.plan import with_substitutes, with_weekdays
from tenants.presence import operations, queries
from tenants.presence.forms import PLACES, AbsenceForm, SubstitutesForm, WeekdaysForm
from tenants.presence.models import Absence
from tenants.presence.presence import mask_of, open_days, weekdays_of
from tenants.presence.stepping_in import administrators_to_ask
from tenants.presence.unclaimed import Unclaimed, unclaimed_at_doors_of
from tenants.setup import leaving
from tenants.setup.actors import held_on, today
from tenants.setup.forms import attempt
from tenants.setup.models import HelperRole, Post, School
from tenants.setup.queries import portal
from tenants.setup.views.common import administrators, done, page, role_name

type Show = Callable[[dict[str, Any], int], HttpResponse]
#: Whose something is once its holder is back.
type WhoseThen = Literal["theirs", "others", "answer_first"]


@staff_required
def away(request: HttpRequest) -> HttpResponse:
    """One's own absences; say when, see what becomes of what one has, confirm."""
    person: Any = request.user

    def show(context: dict[str, Any], status: int) -> HttpResponse:
        return render(request, "presence/away.html", context, status=status)

    return _absences(request, person, show, reverse("presence:away"), is_me=True)


@administrators
def person_away(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The same, for somebody who cannot say it."""
    person = get_object_or_404(Account, pk=account_id, is_active=True)

    def show(context: dict[str, Any], status: int) -> HttpResponse:
        response = page(request, "people", "presence/person-away", **context)
        response.status_code = status
        return response

    return _absences(request, person, show, reverse("presence:person_away", args=[person.pk]), is_me=False)


def _absences(request: HttpRequest, person: Account, show: Show, here: str, *, is_me: bool) -> HttpResponse:
    form = AbsenceForm(request.POST or None)
    context: dict[str, Any] = {"person": person, "is_me": is_me, "here": here}
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _check(form.cleaned_data)):
        days = form.cleaned_data
        coming = _what_becomes(person, request.user, days)
        if any(coming.values()) and "confirmed" not in request.POST:
            return show(
                {**context, "days": days, "asks": True, **coming, **_whom_to_ask(person, request, coming)},
                200,
            )
        by = actor_of(request)
        if attempt(
            form,
            lambda: operations.begin_absence(account_id=person.pk, by=by, **days),
        ):
            _say_noted(
                request, _nobody_at(person, days, coming), waits=_is_alone(coming), told=_is_told(coming)
            )
            return HttpResponseRedirect(here)
    context |= {
        "form": form,
        "absences": [_in_words(one) for one in queries.absences_of(person.pk)],
        "posts": _posts(person.pk),
    }
    return show(context, 422 if form.errors else 200)


def _check(days: dict[str, date]) -> None:
    operations.check_days(days["first_day"], days["last_day"])


def _say_noted(request: HttpRequest, places: str, *, waits: bool, told: bool) -> None:
    """Who answers meanwhile; where nobody does, that and nothing milder."""
    if not places:
        messages.success(request, _("Noted. Whoever is there answers in the meantime."))
    elif waits and told:
        said = _(
            "Noted. Nobody is there for what waits: %(places)s. The lead is told the clock and the role."
        )
        messages.warning(request, said % {"places": places})
    elif waits:
        messages.warning(
            request, _("Noted. Nobody is there for what waits: %(places)s.") % {"places": places}
        )
    else:
        said = _("Noted. On some of these days nobody is there: %(places)s.")
        messages.warning(request, said % {"places": places})


def _is_alone(coming: dict[str, list[dict[str, Any]]]) -> bool:
    return any(one["how"] == "nobody" for rows in coming.values() for one in rows)


def _is_told(coming: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether those in charge hear of any of it: its promise runs out before anybody is there."""
    return any(one["told"] for rows in coming.values() for one in rows)


def _nobody_at(person: Account, days: dict[str, date], coming: dict[str, list[dict[str, Any]]]) -> str:
    """The doors where something waits and nobody is there on the first day away; none: the person's own doors that
    this absence leaves without anybody on some open day of theirs."""
    waits = [one["place"] for rows in coming.values() for one in rows if one["how"] == "nobody"]
    if waits:
        return ", ".join(dict.fromkeys(waits))
    everybody, is_open = queries.roster_now(), portal().is_open
    away = [day for day in open_days(days["first_day"], days["last_day"], is_open) if is_open(day)]
    left = {
        held.post_id
        for held in everybody.posts
        if held.account_id == person.pk
        and any(
            held.works_on(day) and not everybody.present(held.role_id, held.school_id, day) for day in away
        )
    }
    posts = Post.objects.filter(pk__in=left).select_related("role", "school")
    places = [
        f"{post.school.name} · {role_name(post.role)}"
        for post in posts.order_by("school__name", "role__order")
    ]
    return ", ".join(dict.fromkeys(places))


def _in_words(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.pk,
        "first": _day(absence.first_day),
        "last": _day(absence.last_day),
        "now": absence.first_day <= today(),
    }


def _day(day: date) -> str:
    zone = require_current().timezone
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return say_date(noon, clock.now(), zone, get_language() or "en")


def _what_becomes(person: Account, reader: Any, days: dict[str, date]) -> dict[str, list[dict[str, Any]]]:
    """Each thing the person has and each door where something waits that is nobody's, and who answers for it on the
    first open day away. Numbers, doors and clocks."""
    items, waiting = leaving.held_by(person.pk), unclaimed_at_doors_of(person.pk, reader.pk)
    first, last = days["first_day"], days["last_day"]
    is_open = portal().is_open
    opens = open_days(first, last, is_open)[0]
    everybody = queries.roster().without(person.pk, first, last)
    roles = {role.pk: role_name(role) for role in HelperRole.objects.all()}
    schools = dict(School.objects.values_list("pk", "name"))

    def where(one: leaving.Open | Unclaimed, holder: UUID | None) -> dict[str, Any]:
        door, apart = (
            (one.role_id, one.school_id),
            one.apart if isinstance(one, leaving.Open) else frozenset(),
        )
        answers = everybody.responsible_on(*door, opens, holder, apart=apart)
        found = None
        if answers.how == "nobody":
            found = everybody.first_day_with_somebody(*door, opens, last, is_open=is_open, apart=apart)
        due = _runs_until(one)
        is_told = (
            due is not None
            and due >= first
            and not everybody.first_day_with_somebody(*door, first, due, is_open=is_open, apart=apart)
        )
        return {
            "place": f"{schools[one.school_id]} · {roles[one.role_id]}",
            "due": one.due_at,
            "how": answers.how,
            "names": ", ".join(account.name for account in queries.accounts(answers.people)),
            "from": _day(found) if found else "",
            "told": is_told,
        }

    def whose_then(item: leaving.Open) -> WhoseThen:
        back = everybody.back_on(person.pk, item.role_id, item.school_id, last + timedelta(days=1))
        return _whose_then(_runs_until(item), first, back)

    return {
        "items": [
            {"number": item.number, "then": whose_then(item), **where(item, person.pk)} for item in items
        ],
        "waiting": [{"count": one.count, **where(one, None)} for one in waiting],
    }


def _runs_until(one: leaving.Open | Unclaimed) -> date | None:
    """The municipality's own date on which its promise runs out; None where none runs."""
    if one.due_at is None or one.due_at <= clock.now():
        return None
    return one.due_at.astimezone(ZoneInfo(require_current().timezone)).date()


def _whose_then(due: date | None, first: date, back: date | None) -> WhoseThen:
    """Whose promise runs out while its holder is away is not theirs any more, answered or not: whoever answers has it,
    or it goes by itself."""
    if due is None:
        return "theirs"
    if due < first:
        return "answer_first"
    return "theirs" if back is not None and back <= due else "others"


def _whom_to_ask(
    person: Account, request: HttpRequest, coming: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """Where nobody answers: an administrator is led to the posts, to name a substitute; others read whom to ask."""
    if not _is_alone(coming):
        return {}
    if actor_of(request).is_administrator:
        return {"alone": True, "posts": _posts(person.pk)}
    return {"alone": True, "ask": administrators_to_ask()}


def _posts(account_id: UUID) -> list[dict[str, Any]]:
    """The person's posts with weekdays and substitutes, as one line each."""
    rows = list(
        Post.objects.filter(held_on(today()), account_id=account_id)
        .select_related("role", "school")
        .order_by("school__name", "role__order")
    )
    named = queries.substitutes_of([row.pk for row in rows])
    return [
        {
            "place": f"{row.school.name} · {role_name(row.role)}",
            "href": reverse("presence:post", args=[row.pk]),
            "substitutes": ", ".join(one.name for one in named[row.pk]),
        }
        for row in rows
    ]


@staff_required
@require_POST
def back(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Back early, or not away after all."""
    by = actor_of(request)
    row = get_object_or_404(Absence, pk=absence_id)
    operations.end_absence(absence_id=row.pk, by=by)
    messages.success(request, _("Noted. The absence has ended."))
    own = row.account_id == by.id
    return HttpResponseRedirect(
        reverse("presence:away") if own else reverse("presence:person_away", args=[row.account_id])
    )


@administrators
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """On which weekdays the person is at this school, and who answers instead."""
    row = get_object_or_404(Post.objects.select_related("account", "role", "school"), pk=post_id)
    act, by = request.POST.get("act", ""), actor_of(request)
    require(by, "presence.change_weekdays")
    named = queries.substitutes_of([row.pk])[row.pk]
    weekdays = WeekdaysForm(
        request.POST if act == "weekdays" else None, initial={"weekdays": weekdays_of(row.weekdays)}
    )
    others = [(str(one.pk), one.name) for one in queries.may_substitute(row)]
    substitutes = SubstitutesForm(
        request.POST if act == "substitutes" else None,
        initial={f"substitute_{n}": str(one.account_id) for n, one in enumerate(named[:PLACES])},
        people=others,
    )
    leaves: Asks = {}
    if act == "weekdays" and weekdays.is_valid():
        chosen = [int(day) for day in weekdays.cleaned_data["weekdays"]]
        leaves = asks(request, with_weekdays(row.pk, mask_of(chosen))) if chosen else {}
        if not leaves and attempt(
            weekdays, lambda: operations.change_weekdays(post_id=row.pk, weekdays=chosen, by=by)
        ):
            return done(request, _("Saved."), "person", row.account_id)
    if act == "substitutes" and substitutes.is_valid():
        people = [UUID(one) for one in substitutes.chosen()]
        leaves = asks(request, with_substitutes(row.pk, people))
        if not leaves and attempt(
            substitutes, lambda: operations.name_substitutes(post_id=row.pk, account_ids=people, by=by)
        ):
            return done(request, _("Saved."), "person", row.account_id)
    return page(
        request,
        "people",
        "presence/post",
        post=row,
        role=role_name(row.role),
        weekdays_form=weekdays,
        substitutes_form=substitutes,
        has_others=bool(others),
        act=act,
        **leaves,
    )
