"""What retention itself keeps of a case goes with it; and what retention holds a case by."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel.audit.models import ReadEntry
from kernel.audit.operations import Reading
from kernel.tenancy import require_current
from services.contact.following import Follower, Hold, Item, Section, because
from services.contact.models import ContactRequest
from services.retention.models import ArchiveDecision, ErasureWish, LegalHold
from services.retention.queries import archive_decision, standing_hold
from services.retention.words import CODES
from tenants.setup.models import HelperRole, School
from tenants.walls.circles import record_due

UNDECIDED = Hold("archive_undecided", _("The municipality has not decided about its archive yet."))
ARCHIVE = Hold("archive", _("What the archive must have has not been taken out yet."))


def _sections(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    at = "retention.LegalHold"
    held = LegalHold.objects.filter(request=request).defer("reason").order_by("placed_at")
    rows = tuple(
        (
            Item(f"{at}.placed_at", _("From"), one.placed_at),
            Item(f"{at}.last_day", _("Until"), one.last_day),
            Item(f"{at}.ended_at", _("Ended before"), one.ended_at),
            Item(f"{at}.basis", _("Why"), one.basis),
        )
        for one in held
    )
    if rows:
        yield Section("holds", _("When it had to be kept"), rows)
    at = "retention.ErasureWish"
    wishes = ErasureWish.objects.filter(request=request).order_by("asked_at")
    asked = tuple(
        (
            Item(f"{at}.asked_at", _("Asked for"), one.asked_at),
            Item(f"{at}.goes_at", _("To go"), one.goes_at),
            Item(f"{at}.taken_back_at", _("Taken back"), one.taken_back_at),
        )
        for one in wishes
    )
    if asked:
        yield Section("wishes", _("When you asked us to delete it"), asked)


def _holds(request: ContactRequest) -> Hold | None:
    if standing_hold(request.pk) is not None:
        return Hold("legal", _("An administrator has said that it must be kept."))
    decided = archive_decision()
    if decided is None:
        return UNDECIDED
    if decided.choice == ArchiveDecision.Choice.DELETE or not _record_is_due(request) or _taken_out(request):
        return None
    return ARCHIVE


def _record_is_due(request: ContactRequest) -> bool:
    role = HelperRole.objects.select_related("employer").get(pk=request.role_id)
    school = School.objects.get(pk=request.school_id)
    kind = role.employer.kind if role.employer else ""
    return record_due(require_current().country, role.profession, school.form, kind) is not None


def _taken_out(request: ContactRequest) -> bool:
    return ReadEntry.objects.filter(
        case_key_id=request.case_key_id, what="extraction", actor_kind="person"
    ).exists()


RETENTION = Follower(
    name="retention",
    order=60,
    models=("retention.LegalHold", "retention.ErasureWish"),
    gives=frozenset(
        {f"retention.LegalHold.{name}" for name in ("placed_at", "last_day", "ended_at", "basis")}
        | {f"retention.ErasureWish.{name}" for name in ("asked_at", "goes_at", "taken_back_at")}
    ),
    excused=because(
        "ties rows together and says nothing", "retention.LegalHold.request", "retention.ErasureWish.request"
    )
    | because("one adult's words to another: an internal document", "retention.LegalHold.reason"),
    words=CODES,
    export=_sections,
    holds=_holds,
)
