"""What a student may say it is about: which roles each topic proposes, in which order they stand, which are hidden; and
which doors are open to students of another school."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Conflict, Invalid, NotFound
from kernel.tenancy import require_current
from tenants.setup.models import HelperRole, OutsideDoor, School, Topic
from tenants.setup.operations.change import change
from tenants.setup.topics import TOPICS, TopicRule, topic_rules


def rules_now() -> tuple[TopicRule, ...]:
    """Every topic as the tables have it."""
    roles = HelperRole.objects.filter(closed_on=None).order_by("order", "key").values_list("pk", "profession")
    return topic_rules(Topic.objects.all(), require_current().country, list(roles))


def set_topic_roles(*, key: str, roles: Sequence[UUID], school_id: UUID | None = None, by: Actor) -> None:
    """Propose these roles, the first one first; none of them: whoever of the school answers first. At one school, or
    at all that say nothing else. Raises NotFound, Invalid (roles, school).
    """
    with change(by, "change_topic") as this:
        _known(key)
        wanted = list(dict.fromkeys(roles))
        open_now = HelperRole.objects.filter(pk__in=wanted, closed_on=None)
        if open_now.count() != len(wanted):
            raise Invalid(roles=_("Choose roles from the list."))
        if school_id and not School.objects.filter(pk=school_id, closed_on=None).exists():
            raise Invalid(school=_("Choose a school from the list."))
        row = _row(key, school_id)
        row.roles = [str(one) for one in wanted]
        row.save()
        this.record("topic", row.pk, topic=key, school=str(school_id or ""), roles=row.roles)


def reset_topic_roles(*, key: str, school_id: UUID | None = None, by: Actor) -> None:
    """Propose what is proposed around it again: what holds for everybody, or what ships. Raises NotFound."""
    with change(by, "change_topic") as this:
        _known(key)
        row = _of(key, school_id).first()
        if row is None or row.roles is None:
            return
        this.record("topic", row.pk, topic=key, school=str(school_id or ""), reset=True)
        if school_id is not None:
            row.delete()
            return
        row.roles = None
        row.save()


def show_topic(*, key: str, shown: bool, by: Actor) -> None:
    """Offer a topic to students, or no longer. One of them stays. Raises NotFound, Conflict."""
    with change(by, "change_topic") as this:
        _known(key)
        others = [rule for rule in rules_now() if rule.is_shown and rule.key != key]
        if not shown and not others:
            raise Conflict(_("One topic at least is shown."))
        row = _row(key, None)
        if row.is_shown == shown and not row._state.adding:
            return
        row.is_shown = shown
        row.save()
        this.record("topic", row.pk, topic=key, shown=shown)


def order_topics(*, keys: Sequence[str], by: Actor) -> None:
    """Put the topics in this order; those not named come after, as they stood. Raises Invalid (order)."""
    with change(by, "change_topic") as this:
        wanted = list(dict.fromkeys(keys))
        if not set(wanted) <= set(TOPICS):
            raise Invalid(order=_("There is no such topic."))
        before = [rule.key for rule in rules_now()]
        after = [*wanted, *(key for key in before if key not in wanted)]
        if after == before:
            return
        for number, key in enumerate(after):
            row = _row(key, None)
            row.order = number
            row.save()
        this.record("topic", "order", order=after)


def move_topic(*, key: str, up: bool, by: Actor) -> None:
    """One place up or down; at the end of the list nothing happens. Raises NotFound."""
    _known(key)
    order = [rule.key for rule in rules_now()]
    here = order.index(key)
    there = here + (-1 if up else 1)
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    order_topics(keys=order, by=by)


def set_outside_doors(*, doors: Sequence[tuple[UUID, UUID]], by: Actor) -> None:
    """Exactly these (school, role) answer students of the other schools. Raises Invalid (doors)."""
    with change(by, "change_outside_doors") as this:
        wanted = set(doors)
        schools = set(School.objects.filter(closed_on=None).values_list("pk", flat=True))
        roles = set(HelperRole.objects.filter(closed_on=None).values_list("pk", flat=True))
        if any(school not in schools or role not in roles for school, role in wanted):
            raise Invalid(doors=_("Choose a role at a school from the list."))
        before = set(OutsideDoor.objects.values_list("school_id", "role_id"))
        for school, role in before - wanted:
            OutsideDoor.objects.filter(school_id=school, role_id=role).delete()
        for school, role in wanted - before:
            OutsideDoor.objects.create(school_id=school, role_id=role)
        if wanted != before:
            this.record("outside_door", "all", doors=sorted(f"{role}@{school}" for school, role in wanted))


def _known(key: str) -> None:
    if key not in TOPICS:
        raise NotFound(_("There is no such topic."))


def _of(key: str, school_id: UUID | None) -> QuerySet[Topic]:
    rows = Topic.objects.filter(key=key)
    return rows.filter(school_id=school_id) if school_id else rows.filter(school=None)


def _row(key: str, school_id: UUID | None) -> Topic:
    """The row that says something of the topic there; a new one stands where the topic stands by itself."""
    row = _of(key, school_id).first()
    return row or Topic(key=key, school_id=school_id, order=list(TOPICS).index(key))
