"""/setup/retention/: how long and what then, with a worked example, a preview, and what is left."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from kernel.errors import Conflict
from kernel.tenancy import require_current
from services.retention import data, operations, queries, terms
from services.retention.forms import ArchiveForm, RuleForm
from services.retention.views.frame import done, in_words
from services.retention.words import ARCHIVE, ENDED
from tenants.setup.actors import today
from tenants.setup.forms import attempt
from tenants.setup.models import HelperRole, School
from tenants.setup.portal import text_in
from tenants.setup.views.common import administrators, page


@administrators
def rules(request: HttpRequest) -> HttpResponse:
    """One form an outcome; what changes waits a week."""
    by, refused = actor_of(request), None
    if request.method == "POST":
        refused = RuleForm(request.POST, outcome=request.POST.get("outcome", ""))
        form = refused
        saves = "show" not in request.POST and form.is_valid()
        if saves and attempt(form, lambda: operations.decide_rule(by=by, **form.decided())):
            return done(request, _("Saved. What is new begins in a week."), "rules")
    return _rules(request, refused)


def _rules(
    request: HttpRequest, refused: RuleForm | None = None, archive: ArchiveForm | None = None
) -> HttpResponse:
    by = actor_of(request)
    decided = queries.archive_decision()
    return page(
        request,
        "retention",
        "retention/rules",
        refused=refused,
        lines=[_line(one, refused) for one in queries.standing()],
        archive_form=archive or ArchiveForm(initial={"choice": decided.choice} if decided else None),
        archive=ARCHIVE[decided.choice] if decided else "",
        archive_day=in_words(decided.decided_on) if decided else "",
        archive_law=data.ARCHIVE[require_current().country],
        doors=_doors(queries.preview(by)),
        left=queries.left(by),
        tallies=[(ENDED[outcome], count) for outcome, count in queries.left(by).tallies],
        fewest=queries.FEWEST,
    )


def _line(one: queries.Standing, refused: RuleForm | None) -> dict[str, Any]:
    outcome = one.row.outcome
    mine = refused is not None and refused.outcome == outcome
    form = refused if mine else RuleForm(outcome=outcome, initial=RuleForm.shown(one))
    return {
        "outcome": outcome,
        "title": ENDED[outcome],
        "form": form,
        "term": one.term,
        "example": _example(one.term),
        "is_the_laws": one.is_the_laws,
        "waits": one.waits,
        "waiting": _example(one.waiting_term) if one.waiting_term else "",
        "begins": in_words(queries.local_day(one.waits.starts_at)) if one.waits else "",
        "law": one.row,
        "open": mine,
        "tried": _tried(refused, one) if refused is not None and mine else "",
    }


def _example(term: terms.Term) -> str:
    """A worked example: what is closed today."""
    if not term.ends:
        return _("Closed today: it is kept.")
    day = in_words(terms.later(today(), term.months))
    if term.method == "delete":
        return _("Closed today: all of it is deleted on %(day)s.") % {"day": day}
    return _("Closed today: its words go on %(day)s. A count for the statistics stays.") % {"day": day}


def _tried(form: RuleForm, one: queries.Standing) -> str:
    """What the typed values would mean; "" when they cannot be read."""
    months, method = str(form["months"].value() or ""), str(form["method"].value() or "")
    if not months.isdigit() or not one.row.shortest <= int(months) <= one.row.longest:
        return ""
    return _example(terms.Term(int(months), method))


@administrators
@require_POST
def example(request: HttpRequest) -> HttpResponse:
    """The worked example alone, while the administrator types (htmx)."""
    form = RuleForm(request.POST, outcome=request.POST.get("outcome", ""))
    one = next((one for one in queries.standing() if one.row.outcome == form.outcome), None)
    return render(
        request, "retention/rules.html#tried", {"line": {"tried": _tried(form, one) if one else ""}}
    )


@administrators
@require_POST
def archive(request: HttpRequest) -> HttpResponse:
    """What was decided about the archive."""
    form, by = ArchiveForm(request.POST), actor_of(request)
    if form.is_valid() and attempt(form, lambda: operations.decide_archive(by=by, **form.cleaned_data)):
        return done(request, _("Noted."), "rules")
    return _rules(request, archive=form)


@administrators
@require_POST
def take_back(request: HttpRequest, rule_id: UUID) -> HttpResponseRedirect:
    """The change that waits does not come."""
    try:
        operations.take_back_rule(by=actor_of(request), rule_id=rule_id)
    except Conflict:
        return done(request, _("This counts already. Decide anew instead."), "rules")
    return done(request, _("Taken back. Everything stays as it was."), "rules")


def _doors(found: list[queries.Door]) -> list[list[str]]:
    """Rows of the preview."""
    language = get_language() or "en"
    roles = {role.pk: text_in(role.names, language) or role.key for role in HelperRole.objects.all()}
    schools = dict(School.objects.values_list("pk", "name"))
    together = _("All with fewer than %(n)s, together") % {"n": queries.FEWEST}
    return [
        [
            schools.get(door.school_id, "") if door.school_id else together,
            roles.get(door.role_id, "") if door.role_id else "",
            str(door.count) if door.count is not None else _("too few to say"),
        ]
        for door in found
    ]  # fmt: skip
