"""/setup/people/: who works here, in which role, at which school."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from kernel.errors import Conflict, Invalid
from kernel.people.models import Account
from tenants.feasibility.asking import Asks, asks, refused
from tenants.feasibility.plan import Step, with_post, without_post
from tenants.presence.presence import Held, weekdays_of
from tenants.presence.queries import absences_of, substitutes_of
from tenants.setup import leaving, operations
from tenants.setup.actors import today
from tenants.setup.forms import LeadForm, PersonForm, PostForm, SpeaksForm, attempt, chosen_id
from tenants.setup.models import ALL_WEEK, Lead, Post
from tenants.setup.queries import portal
from tenants.setup.views.common import (
    administrators,
    done,
    employer_choices,
    open_roles,
    open_schools,
    page,
    role_name,
)
from tenants.setup.views.takers import (
    chosen_takers,
    place_of,
    posts_of,
    posts_until,
    rows_to_leave,
    who_has_it,
    whole_cases,
)
from tenants.setup.words import weekday_name


def _current_posts() -> list[Post]:
    """Posts held today or to come."""
    now_or_later = Q(ends_on__isnull=True) | Q(ends_on__gte=today())
    return list(
        Post.objects.filter(now_or_later)
        .select_related("role", "school", "employer")
        .order_by("school__name", "role__order")
    )


#: From this many schools on, a role's schools are a number that opens.
MANY_SCHOOLS = 4


def _people() -> list[dict[str, Any]]:
    """A row a person: each role with its schools, what else they are."""
    held: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for post in _current_posts():
        held[post.account_id][role_name(post.role)].append(post.school.name)
    leads: dict[UUID, list[str]] = defaultdict(list)
    for lead in Lead.objects.select_related("school"):
        leads[lead.account_id].append(lead.school.name if lead.school else _("all schools"))
    return [
        {
            "account": account,
            "posts": [_post(role, schools) for role, schools in held[account.pk].items()],
            "leads": leads[account.pk],
        }
        for account in Account.objects.filter(is_active=True).order_by("name")
    ]


def _post(role: str, schools: list[str]) -> dict[str, str]:
    """One role and its schools; `many` says how many when there are too many for a line."""
    schools = list(dict.fromkeys(schools))
    n = len(schools)
    many = ngettext("%(n)d school", "%(n)d schools", n) % {"n": n} if n >= MANY_SCHOOLS else ""
    return {"role": role, "schools": ", ".join(schools), "many": many}


@administrators
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, and where; invite one more."""
    form = PersonForm(request.POST or None, initial={"language": portal().default_language})
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        invited: list[UUID] = []
        if attempt(form, lambda: invited.append(operations.invite_person(**form.cleaned_data, by=by))):
            return done(
                request, _("%(name)s is invited. Now give a post.") % form.cleaned_data, "person", invited[0]
            )
    gone = Account.objects.filter(is_active=False).order_by("name")
    return page(request, "people", "people", form=form, people=_people(), gone=list(gone))


def _post_form(data: Any = None) -> PostForm:
    return PostForm(
        data,
        prefix="post",
        initial={"starts_on": today()},
        roles=[(str(role.pk), role_name(role)) for role in open_roles()],
        schools=[(str(school.pk), school.name) for school in open_schools()],
        employers=employer_choices(),
    )


def _lead_form(data: Any = None) -> LeadForm:
    return LeadForm(data, prefix="lead", schools=[(str(school.pk), school.name) for school in open_schools()])


def _as_held(account: Account, typed: dict[str, Any]) -> Held:
    """The post as it would be."""
    return Held(
        uuid4(),
        account.pk,
        UUID(typed["role"]),
        UUID(typed["school"]),
        typed["starts_on"] or today(),
        typed["ends_on"],
    )


@administrators
def person(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One person: posts, leads, administrator, and the end of the account."""
    account = get_object_or_404(Account, pk=account_id)
    act = request.POST.get("act", "")
    post_form = _post_form(request.POST if act == "post" else None)
    lead_form = _lead_form(request.POST if act == "lead" else None)
    speaks_form = SpeaksForm(request.POST if act == "speaks" else None, initial={"speaks": account.speaks})
    by = actor_of(request)
    if act == "speaks" and speaks_form.is_valid():
        spoken = speaks_form.cleaned_data["speaks"]
        if attempt(
            speaks_form,
            lambda: operations.change_languages_spoken(account_id=account.pk, languages=spoken, by=by),
        ):
            return done(request, _("Saved."), "person", account.pk)
    leaves: Asks = {}
    if act == "post" and post_form.is_valid():
        typed = post_form.cleaned_data
        leaves = asks(request, with_post(_as_held(account, typed)))
        if not leaves and attempt(
            post_form,
            lambda: operations.give_post(
                account_id=account.pk,
                role_id=UUID(typed["role"]),
                school_id=UUID(typed["school"]),
                employer_id=chosen_id(typed["employer"]),
                starts_on=typed["starts_on"],
                ends_on=typed["ends_on"],
                agreement=typed["agreement"],
                by=by,
            ),
        ):
            return done(request, _("%(name)s has the post.") % {"name": account.name}, "person", account.pk)
    if act == "lead" and lead_form.is_valid():
        school_id = chosen_id(lead_form.cleaned_data["school"])
        if attempt(
            lead_form,
            lambda: operations.appoint_lead(account_id=account.pk, school_id=school_id, by=by),
        ):
            return done(request, _("%(name)s is a lead.") % {"name": account.name}, "person", account.pk)
    own = [post for post in _current_posts() if post.account_id == account.pk]
    named = substitutes_of([post.pk for post in own])
    posts = [
        (
            post,
            role_name(post.role),
            "" if post.weekdays == ALL_WEEK else ", ".join(map(weekday_name, weekdays_of(post.weekdays))),
            ", ".join(one.name for one in named[post.pk]),
        )
        for post in own
    ]
    leads = list(Lead.objects.filter(account_id=account.pk).select_related("school"))
    return page(
        request,
        "people",
        "person",
        person=account,
        posts=posts,
        leads=leads,
        post_form=post_form,
        lead_form=lead_form,
        speaks_form=speaks_form,
        is_me=account.pk == by.id,
        **leaves,
        absences=absences_of(account.pk),
    )


@administrators
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """From today on this person no longer answers there; what they have there goes to somebody who does."""
    row = get_object_or_404(Post.objects.select_related("account"), pk=post_id)
    door = (row.role_id, row.school_id)
    by = actor_of(request)
    return _leave(
        request,
        row.account,
        door,
        lambda given, until: operations.end_post(post_id=row.pk, takers=given, until=until, by=by),
        lambda told: done(
            request,
            f"{_('The post has ended. You can give it again below.')} {told}".strip(),
            "person",
            row.account_id,
        ),
        without_post(row.pk, today() - timedelta(days=1)),
    )


@administrators
@require_POST
def dismiss_lead(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    row = get_object_or_404(Lead, pk=lead_id)
    operations.dismiss_lead(lead_id=row.pk, by=actor_of(request))
    return done(request, _("No longer a lead there."), "person", row.account_id)


@administrators
@require_POST
def administrator(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Appoint or dismiss an administrator; the last one stays (409 in words)."""
    if request.POST.get("appoint"):
        operations.appoint_administrator(account_id=account_id, by=actor_of(request))
        return done(request, _("May change the set-up now."), "person", account_id)
    operations.dismiss_administrator(account_id=account_id, by=actor_of(request))
    return done(request, _("May no longer change the set-up."), "people")


@administrators
def close_person(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Ask, and who takes what they have; then end posts and account at once."""
    account = get_object_or_404(Account, pk=account_id)
    by = actor_of(request)
    return _leave(
        request,
        account,
        None,
        lambda given, until: operations.close_person(account_id=account.pk, takers=given, until=until, by=by),
        lambda told: done(
            request,
            f"{_('%(name)s can no longer sign in.') % {'name': account.name}} {told}".strip(),
            "people",
        ),
        *(
            without_post(post.pk, today() - timedelta(days=1))
            for post in _current_posts()
            if post.account_id == account.pk
        ),
    )


def _leave(
    request: HttpRequest,
    account: Account,
    door: tuple[UUID, UUID] | None,
    act: Callable[[dict[UUID, UUID | None], date | None], None],
    gone: Callable[[str], HttpResponse],
    *leaving_it: Step,
) -> HttpResponse:
    """One guided act: each open request with who takes it, one confirmation. What arrived meanwhile is shown
    as well, with everything chosen before; so is the gap it leaves. `gone` is given who has it now, in words.
    """
    why, until, wrong_until = "", None, ""
    given = chosen_takers(request.POST)
    items = leaving.held_by(account.pk, door)
    if account.pk != actor_of(request).id:
        given = whole_cases(given, items)
    is_done = request.method == "POST" and "find" not in request.POST
    try:
        until = posts_until(request.POST)
    except Invalid as error:
        why = wrong_until = refused(error)
    # What it leaves depends on who takes what they have: asked once that is chosen.
    is_chosen = (request.method == "POST" or not items) and not why
    steps = [*_given_posts(items, given, until), *leaving_it] if is_chosen else []
    leaves = asks(request, *steps, never_refused=door is None)
    if is_done and not leaves and not why:
        before = posts_of(given)
        try:
            act(given, until)
        except Conflict as error:
            if error.code != operations.HOLDS_REQUESTS:
                raise
            why = str(error.detail)
        except Invalid as error:  # a gap that is not allowed, or a post that nobody may be given like this
            why = refused(error)
            wrong_until = why if any(one.field == "until" for one in error.errors) else ""
        else:
            return gone(who_has_it(items, given, before))
    context = {
        "person": account,
        "whole": door is None,
        "place": place_of(door) if door else "",
        **rows_to_leave(account.pk, leaving.held_by(account.pk, door), request.POST, actor_of(request).id),
        "refused": why if "confirmed" in request.POST and not wrong_until else "",
        "wrong_until": wrong_until,
        **leaves,
    }
    response = page(request, "people", "close-person", **context)
    response.status_code = 409 if why else 200
    return response


def _given_posts(items: list[leaving.Open], given: dict[UUID, UUID | None], until: date | None) -> list[Step]:
    """Who takes something gets the post of its door with it, until a day."""
    posts = {(who, one.role_id, one.school_id) for one in items if (who := given.get(one.id))}
    last = until or today() + leaving.TIME_TO_FINISH
    return [with_post(Held(uuid4(), *post, today(), last)) for post in posts]
