"""Being away, one's own and (for administrators) anybody's; the weekdays and the substitutes of a post."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from kernel.people.access import staff_required
from kernel.people.models import Account
from kernel.permissions import require
from tenants.feasibility.asking import Asks, asks
from tenants.feasibility.plan import with_substitutes, with_weekdays
from tenants.presence import operations, queries
from tenants.presence.becomes import Coming, left_empty, places, said_day, what_becomes
from tenants.presence.forms import PLACES, AbsenceForm, SubstitutesForm, WeekdaysForm
from tenants.presence.models import Absence
from tenants.presence.operations import Begun
from tenants.presence.presence import mask_of, weekdays_of
from tenants.presence.stepping_in import administrators_to_ask
from tenants.setup.actors import held_on, today
from tenants.setup.forms import attempt
from tenants.setup.models import Post
from tenants.setup.views.common import administrators, done, page, role_name

type Show = Callable[[dict[str, Any], int], HttpResponse]


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
        reader: Any = request.user
        coming = what_becomes(person.pk, reader.pk, **days)
        if coming.rows and "confirmed" not in request.POST:
            return show(
                {
                    **context,
                    "days": days,
                    "asks": True,
                    "coming": coming,
                    **_whom_to_ask(person, request, coming),
                },
                200,
            )
        by, begun = actor_of(request), list[Begun]()
        if attempt(
            form,
            lambda: begun.append(operations.begin_absence(account_id=person.pk, by=by, **days)),
        ):
            _say_noted(request, begun[0], coming, ", ".join(left_empty(person.pk, **days)))
            return HttpResponseRedirect(here)
    context |= {
        "form": form,
        "absences": [_in_words(one) for one in queries.absences_of(person.pk)],
        "posts": _posts(person.pk),
    }
    return show(context, 422 if form.errors else 200)


def _check(days: dict[str, date]) -> None:
    operations.check_days(days["first_day"], days["last_day"])


def _say_noted(request: HttpRequest, noted: Begun, coming: Coming, left: str) -> None:
    """Who answers meanwhile; where nobody does, that and nothing milder. Told is only what `noted` says was."""
    alone, told = (
        places(coming, lambda row: row.is_alone),
        places(coming, lambda row: row.is_told(noted.told)),
    )
    if alone:
        said = _("Noted. Nobody is there for what waits: %(places)s.") % {"places": ", ".join(alone)}
        if told == alone:
            said += " " + _("Those in charge are told the clock and the role.")
        elif told:
            at = {"places": ", ".join(told)}
            said += " " + _("Those in charge are told the clock and the role for: %(places)s.") % at
        messages.warning(request, said)
    elif left:
        said = _("Noted. On some of these days nobody is there: %(places)s.")
        messages.warning(request, said % {"places": left})
    elif any(row.how == "somebody" and row.due for row in coming.rows):
        said = _("Noted. Whoever is there answers in the meantime.")
        messages.success(
            request, said + " " + _("If nobody can, those in charge are told the clock and the role.")
        )
    else:
        messages.success(request, _("Noted. Whoever is there answers in the meantime."))


def _in_words(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.pk,
        "first": said_day(absence.first_day),
        "last": said_day(absence.last_day),
        "now": absence.first_day <= today(),
    }


def _whom_to_ask(person: Account, request: HttpRequest, coming: Coming) -> dict[str, Any]:
    """Where nobody answers, by its doors: an administrator is led to the posts there, to name a substitute; others read
    whom to ask."""
    alone = places(coming, lambda row: row.is_alone)
    if not alone:
        return {}
    if actor_of(request).is_administrator:
        posts = _posts(person.pk)
        return {"alone": ", ".join(alone), "posts": [one for one in posts if one["place"] in alone] or posts}
    return {"alone": ", ".join(alone), "ask": administrators_to_ask()}


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
