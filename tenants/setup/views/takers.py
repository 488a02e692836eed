"""Who takes what somebody leaves, on the pages that end a post or an account: a list for each thing, the nearest first,
searched by a button.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock
from kernel.errors import Invalid
from kernel.people.models import Account
from kernel.plain import as_searched
from tenants.presence.becomes import said_day
from tenants.presence.takers import POOL, Taker, takers
from tenants.setup.actors import today
from tenants.setup.forms import as_id
from tenants.setup.leaving import TIME_TO_FINISH, Open, by_case
from tenants.setup.models import HelperRole, Post, School
from tenants.setup.views.common import role_name

#: With so many at other schools, one searches.
MANY = 12


def chosen_takers(posted: QueryDict) -> dict[UUID, UUID | None]:
    """What the page's choices say; what is no id chooses nothing."""
    found: dict[UUID, UUID | None] = {}
    for key, value in posted.items():
        item, account = as_id(key.removeprefix("taker_")), as_id(str(value))
        if key.startswith("taker_") and item and (account or value == POOL):
            found[item] = account
    return found


def whole_cases(given: dict[UUID, UUID | None], items: Sequence[Open]) -> dict[UUID, UUID | None]:
    """Who takes a case takes all that belongs to it: for a page on which each case stands once."""
    chosen = {
        one.id: given[first.id]
        for first, *rest in by_case(items)
        if first.id in given
        for one in (first, *rest)
    }
    return {**given, **chosen}


def posts_until(posted: QueryDict) -> date | None:
    """The last day of the posts that come with what is taken; None where the page did not ask. Raises Invalid (until)
    for what is no day: a post without an end is given by nobody in passing.
    """
    if "until" not in posted:
        return None
    try:
        said = parse_date(str(posted["until"]))
    except ValueError:
        said = None
    if said is None:
        raise Invalid(until=_("Say the last day of the post that comes with it."))
    return said


def posts_of(given: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """Every post of whoever takes something, as it is now."""
    who = [one for one in given.values() if one]
    return (
        frozenset(Post.objects.filter(account_id__in=who).values_list("pk", flat=True))
        if who
        else frozenset()
    )


def who_has_it(items: Sequence[Open], given: Mapping[UUID, UUID | None], before: frozenset[UUID]) -> str:
    """Said when it is done: how many cases were chosen for whom, and the posts that came with it. As it was chosen:
    whom a case could not go to is nobody's to know here. `before`: the posts they had.
    """
    cases = Counter(given[first.id] for first, *_rest in by_case(items) if first.id in given)
    if not cases:
        return ""
    names = dict(Account.objects.filter(pk__in=[who for who in cases if who]).values_list("pk", "name"))
    counts = [
        ngettext("%(who)s (%(n)s case)", "%(who)s (%(n)s cases)", n)
        % {"who": names[who] if who else _("Whoever of the role comes first"), "n": n}
        for who, n in cases.items()
    ]
    said = [_("Chosen for what they had: %(takers)s.") % {"takers": ", ".join(counts)}]
    new = Post.objects.filter(account_id__in=names, ends_on__isnull=False).exclude(pk__in=before)
    for post in new.select_related("role", "school").order_by("account_id", "school__name", "role__order"):
        assert post.ends_on is not None
        told = {
            "name": names[post.account_id],
            "place": f"{post.school.name} · {role_name(post.role)}",
            "day": said_day(post.ends_on),
        }
        said.append(_("%(name)s has a post, %(place)s, up to and including %(day)s.") % told)
    return " ".join(said)


def place_of(door: tuple[UUID, UUID]) -> str:
    """School and role of one post."""
    role, school = HelperRole.objects.get(pk=door[0]), School.objects.get(pk=door[1])
    return f"{school.name} · {role_name(role)}"


def rows_to_leave(
    leaver_id: UUID, items: Sequence[Open], posted: QueryDict, reader_id: UUID | None
) -> dict[str, Any]:
    """Number, door and clock of each thing, the oldest promise first, and who may take it. No content. `stuck`: for
    some of it there is nobody at all. Of somebody else's each case stands once, by its earliest clock: a second row
    would tell that there is a worry.
    """
    roles = {role.pk: role_name(role) for role in HelperRole.objects.all()}
    schools = dict(School.objects.values_list("pk", "name"))
    choices, words = takers(leaver_id, items, reader_id), posted.get("words", "")
    rows, is_own = [], leaver_id == reader_id
    for item in items if is_own else (first for first, *_rest in by_case(items)):
        name = f"taker_{item.id}"
        chosen = posted.get(name, "")
        rows.append(
            {
                "name": name,
                "number": _number_of(item, is_own=is_own),
                "place": f"{schools[item.school_id]} · {roles[item.role_id]}",
                "due": item.waits_since,
                "is_broken": item.waits_since is not None and item.waits_since < clock.now(),
                "options": _options(choices[item.id], words, chosen),
                "is_stuck": not choices[item.id],
                "value": chosen,
            }
        )
    gets_post = any(one.gets_post for some in choices.values() for one in some)
    longest = max((sum(bool(one.at) for one in some) for some in choices.values()), default=0)
    return {
        "rows": rows,
        "stuck": any(row["is_stuck"] for row in rows),
        "search": longest > MANY,
        "words": words,
        "asks_until": gets_post,
        "until": posted.get("until", (today() + TIME_TO_FINISH).isoformat()),
    }


def _number_of(item: Open, *, is_own: bool) -> str:
    """What it is beside its case reads only the one whose it is, where they end a post of their own."""
    return f"{item.number} ({item.says})" if is_own and item.says else item.number


def _options(some: Sequence[Taker], words: str, chosen: str) -> list[Any]:
    """Who is at the door first; then, in a group of their own, who has the role elsewhere: of these what fits the words
    that are searched for, and what is chosen.
    """
    wanted = as_searched(words).split()
    found: list[Any] = [(one.value, _in_words(one)) for one in some if not one.at]
    if not found:  # nobody from elsewhere is chosen by itself
        found.append(("", _("Choose")))
    elsewhere = [
        {"value": one.value, "label": _in_words(one)}
        for one in some
        if one.at and (one.value == chosen or all(word in as_searched(_in_words(one)) for word in wanted))
    ]
    if elsewhere:
        found.append({"label": _("The same role at other schools"), "options": elsewhere})
    return found


def _in_words(one: Taker) -> str:
    if one.account_id is None:
        return _("Whoever of the role comes first")
    if one.at:
        return _("%(name)s, %(schools)s (gets the post)") % {"name": one.name, "schools": ", ".join(one.at)}
    if one.gets_post:
        return _("%(name)s, substitute (gets the post)") % {"name": one.name}
    return _("%(name)s, substitute") % {"name": one.name} if one.is_substitute else one.name
