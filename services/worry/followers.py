"""What of a worry goes with its case, what its student takes home of it, and what keeps the case."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Hold, Item, Section, because
from services.contact.models import ContactRequest
from services.worry.models import Step, Worry
from services.worry.queries import current_steps
from services.worry.told import RECIPIENTS


def _told(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    """What the student was told, and nothing of what is held back."""
    steps = list(Step.objects.filter(worry__request=request).select_related("worry__request__case_key"))
    told = [step for step in current_steps(steps) if step.told == Step.Told.TOLD]
    yield Section(
        "worries", _("Whom we told because we were worried"), tuple(_step(one, reading) for one in told)
    )


def _step(step: Step, reading: Reading) -> tuple[Item, ...]:
    at = "worry.Step"
    return (
        Item(f"{at}.done_at", _("When"), step.done_at),
        Item(f"{at}.recipient", _("Who was told"), step.recipient),
        Item(f"{at}.because", _("Why"), step.because.open(reading) if step.because else ""),
    )


def _is_open(request: ContactRequest) -> Hold | None:
    if Worry.objects.filter(request=request, closed_at__isnull=True).exists():
        return Hold("worry", _("Somebody is worried about the student, and it is not closed."))
    return None


WORRIES = Follower(
    name="worries",
    order=30,
    models=("worry.Worry", "worry.Step"),
    gives=frozenset({"worry.Step.done_at", "worry.Step.recipient", "worry.Step.because"}),
    excused=because("ties rows together and says nothing", "worry.Worry.request", "worry.Step.worry")
    | because(
        "how the adults decided, an internal document; two persons can have it taken out (tenants.walls)",
        "worry.Worry.urgency", "worry.Worry.raised_at", "worry.Worry.closed_at", "worry.Worry.outcome",
        "worry.Worry.came_of_it", "worry.Worry.ended_at", "worry.Step.recorded_at", "worry.Step.who",
        "worry.Step.words", "worry.Step.student_first", "worry.Step.why_not_first",
    )
    | because("what the law keeps from the student for now", "worry.Step.told", "worry.Step.ground"),
    words=RECIPIENTS,
    export=_told,
    holds=_is_open,
    dealt_with=lambda request: Worry.objects.filter(request=request).exists(),
)  # fmt: skip
