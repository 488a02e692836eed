"""The verbs: found, change the state, add a domain. Founding works on the owner's connection.

Every change raises the directory's version in its own transaction, so that all processes look again.
"""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kernel import clock, events
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound, Text, violated
from kernel.permissions import require
from kernel.tenancy import MunicipalityRef, forget, founding, front, inside, operator, owner
from kernel.tenancy.router import OWNER
from tenants.municipalities import address, lifecycle
from tenants.municipalities.countries import COUNTRIES, EXAMPLES, is_code
from tenants.municipalities.models import DirectoryVersion, Domain, Municipality
from tenants.municipalities.queries import holder_of

OPERATOR_SLUG = "operator"
OPERATOR_SCHEMA = "operator"
_ONE_FOR_EACH_CODE = "one_municipality_for_each_official_code"


def check_address(slug: str) -> list[FieldError]:
    """What is wrong with an address, in words; empty when it is free and can be used."""
    if not address.is_well_formed(slug):
        return [
            FieldError("slug", _("Use 3 to 40 letters a–z, digits and hyphens, beginning with a letter."))
        ]
    if address.is_reserved(slug):
        return [FieldError("slug", _("This address is kept for ourselves. Choose another."))]
    with front():
        if Municipality.objects.filter(slug=slug).exists():
            return [FieldError("slug", _("This address is taken. Choose another."))]
    return []


def found_municipality(
    *,
    slug: str,
    name: str,
    country: str,
    kind: str,
    code: str = "",
    timezone: str = "",
    is_demo: bool = False,
    by: Actor,
    prepare: Callable[[MunicipalityRef], None] | None = None,
) -> MunicipalityRef:
    """Found a municipality: its row, role and schema in one transaction. It begins in state rehearsal.

    `prepare` runs inside it right after (set-up's furnish); when it fails, what was founded is undone and the
    failure raised. Emits MunicipalityFounded. Raises Invalid (fields slug, name, country, kind, code).
    """
    require(by, "municipalities.found")
    _check(slug=slug, name=name, country=country, kind=kind, code=code.strip())
    row = Municipality(
        slug=slug, name=name.strip(), country=country, kind=kind, code=code.strip(), is_demo=is_demo,
        timezone=timezone or COUNTRIES[country].timezone, founded_at=clock.now(),
    )  # fmt: skip
    ref = _found(row, schema=None)
    try:
        with inside(ref), transaction.atomic():
            if prepare:
                prepare(ref)
            events.emit(events.MunicipalityFounded(municipality_id=ref.id))
        _record(by, "found_municipality", ref)
    except BaseException:
        _undo(ref)
        raise
    return ref


def found_operator() -> MunicipalityRef:
    """The operator's own schema, founded by the same script. Nothing happens when there is one."""
    row = Municipality.objects.using(OWNER).filter(kind=Municipality.Kind.OPERATOR).first()
    if row:
        return _ref(row)
    row = Municipality(
        slug=OPERATOR_SLUG, name="Lavterskel", country="NO", kind=Municipality.Kind.OPERATOR,
        timezone=COUNTRIES["NO"].timezone, founded_at=clock.now(),
    )  # fmt: skip
    ref = _found(row, schema=OPERATOR_SCHEMA)
    owner.grant_in_public(ref.role)
    return ref


def change_state(*, municipality_id: int, to: str, by: Actor) -> MunicipalityRef:
    """Move a municipality along its lifecycle. Raises Conflict for a move that does not exist, and, naming who
    stands there, when the official code of one that opens is another's.
    """
    require(by, "municipalities.change_state")
    try:
        row = _moved(municipality_id, to, by)
    except IntegrityError as error:
        if violated(error) != _ONE_FOR_EACH_CODE:
            raise
        raise Conflict(_taken_by(_holder_beside(municipality_id))) from error
    forget()
    return _ref(row)


def _moved(municipality_id: int, to: str, by: Actor) -> Municipality:
    with inside(operator()), transaction.atomic():
        row: Municipality | None = (
            Municipality.objects.select_for_update()
            .filter(pk=municipality_id)
            .exclude(kind="operator")
            .first()
        )
        if row is None:
            raise NotFound(_("There is no such municipality."))
        if row.state == to:
            return row
        if to not in lifecycle.MOVES or not lifecycle.may_move(row.state, to):
            raise Conflict(_("The municipality cannot go from this state to that one."))
        now = clock.now()
        changes: dict[str, Any] = {"state": to}
        if to == Municipality.State.LIVE and row.opened_at is None:
            changes["opened_at"] = now
        if to == Municipality.State.ENDED:
            changes["ended_at"] = now
        Municipality.objects.filter(pk=row.pk).update(**changes)
        _raise_version("default")
        record(by=by, verb="change_state", kind="municipality", object_id=row.pk, to=to)
    row.state = to
    return row


def _holder_beside(municipality_id: int) -> str:
    with front():
        row = Municipality.objects.get(pk=municipality_id)
    return holder_of(country=row.country, kind=row.kind, code=row.code)


def _taken_by(holder: str) -> str:
    """What is said to whoever asks for an official code that is somebody's."""
    return _("%(name)s has the door of this number already.") % {"name": holder}


def remove_rehearsal(*, municipality_id: int, by: Actor) -> bool:
    """Take a rehearsal that never was live away, with its schema, role and address. False: there was none."""
    require(by, "municipalities.remove_rehearsal")
    row = Municipality.objects.using(OWNER).filter(pk=municipality_id).first()
    if row is None or row.state != Municipality.State.REHEARSAL or row.opened_at or row.kind == "operator":
        return False
    ref = _ref(row)
    _undo(ref)
    _record(by, "remove_rehearsal", ref)
    return True


def add_domain(*, municipality_id: int, domain: str, by: Actor) -> None:
    """Give a municipality a host of its own. Its own already: nothing happens. Raises Invalid when another has it."""
    require(by, "municipalities.add_domain")
    host = domain.lower().rstrip(".")
    with inside(operator()):
        try:
            with transaction.atomic():
                if Domain.objects.filter(domain=host, tenant_id=municipality_id, ended_at=None).exists():
                    return
                Domain.objects.filter(domain=host, ended_at__isnull=False).delete()
                Domain.objects.bulk_create([Domain(domain=host, tenant_id=municipality_id, is_primary=False)])
                _domains_changed(municipality_id, "add_domain", by)
        except IntegrityError as error:
            raise Invalid(domain=_("This host already belongs to a municipality.")) from error


def show_domain(*, municipality_id: int, domain: str, by: Actor) -> None:
    """Say this host of its own on posters and links ("": ours). Raises NotFound when it is not the municipality's."""
    require(by, "municipalities.add_domain")
    with inside(operator()), transaction.atomic():
        its = Domain.objects.filter(tenant_id=municipality_id, ended_at=None)
        its.filter(is_primary=True).update(is_primary=False)
        if domain and not its.filter(domain=domain).update(is_primary=True):
            raise NotFound()
        _domains_changed(municipality_id, "show_domain", by)


def remove_domain(*, municipality_id: int, domain: str, by: Actor) -> None:
    """Take a host of its own away; that it was one is remembered until somebody has it again. Not there: nothing
    happens."""
    require(by, "municipalities.add_domain")
    with inside(operator()), transaction.atomic():
        its = Domain.objects.filter(tenant_id=municipality_id, domain=domain, ended_at=None)
        if its.update(ended_at=clock.now(), is_primary=False):
            _domains_changed(municipality_id, "remove_domain", by)


def _domains_changed(municipality_id: int, verb: str, by: Actor) -> None:
    _raise_version("default")
    record(by=by, verb=verb, kind="municipality", object_id=municipality_id)
    forget()


def _check(*, slug: str, name: str, country: str, kind: str, code: str) -> None:
    errors = check_address(slug)
    if not 2 <= len(name.strip()) <= 100:
        errors.append(FieldError("name", _("Give the name, 2 to 100 characters.")))
    if country not in COUNTRIES:
        known = ", ".join(COUNTRIES)
        errors.append(FieldError("country", _("Choose one of %(countries)s.") % {"countries": known}))
    if kind not in (Municipality.Kind.MUNICIPALITY, Municipality.Kind.COUNTY):
        errors.append(FieldError("kind", _("Choose municipality or county.")))
    elif code and country in COUNTRIES and not is_code(country, kind, code):
        example = EXAMPLES[country, kind]
        errors.append(
            FieldError("code", _("Official numbers look like %(example)s here.") % {"example": example})
        )
    if errors:
        raise Invalid(errors)


def _found(row: Municipality, *, schema: str | None) -> MunicipalityRef:
    try:
        with owner.transaction_of_owner() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('public.municipalities_municipality', 'id'))"
            )
            found = cursor.fetchone()
            assert found is not None
            row.pk = found[0]
            row.schema_name = schema or f"m_{row.pk}"
            row.save(using=OWNER, force_insert=True)
            founding.found_schema(row.ref())
            _raise_version(OWNER)
    except IntegrityError as error:
        raise Invalid(**_words_for(violated(error))) from error
    forget()
    return row.ref()


def _words_for(constraint: str) -> dict[str, Text]:
    if "slug" in constraint:
        return {"slug": _("This address is taken. Choose another.")}
    return {"slug": _("This cannot be founded as it is.")}


def _undo(ref: MunicipalityRef) -> None:
    with owner.transaction_of_owner() as cursor:
        founding.drop_schema(ref)
        # Plain SQL: Django's delete() would ask tables of rooms above, which may not be there yet.
        for table, column in (
            ("domain", "tenant_id"),
            ("schemastate", "municipality_id"),
            ("municipality", "id"),
        ):
            cursor.execute(f"DELETE FROM public.municipalities_{table} WHERE {column} = %s", [ref.id])  # noqa: S608
        _raise_version(OWNER)
    connections["default"].close()  # it may still be the role that is gone
    forget()


def _ref(row: Municipality) -> MunicipalityRef:
    return row.ref()


def _raise_version(using: str) -> None:
    changed = DirectoryVersion.objects.using(using).update(version=F("version") + 1)
    if not changed:
        DirectoryVersion.objects.using(using).create(version=1)


def _record(by: Actor, verb: str, ref: MunicipalityRef) -> None:
    with inside(operator()):
        record(by=by, verb=verb, kind="municipality", object_id=ref.id)


def open_with_defaults(
    *,
    slug: str,
    name: str,
    country: str,
    kind: str,
    code: str = "",
    admin_email: str = "",
    is_demo: bool = False,
) -> MunicipalityRef:
    """Found one with its country's default calendar, roles and guarantee, and open it to students.

    For the command line and demos: the gates of self-service (tenants.onboarding) are not asked. Raises Invalid,
    for an official code that is another's as well; then nothing is left behind.
    """
    from tenants.setup.operations import furnish

    def prepare(ref: MunicipalityRef) -> None:
        defaults = COUNTRIES[country]
        furnish(
            country=country, kind=kind, languages=list(defaults.languages),
            default_language=defaults.languages[0], brand=defaults.brand, by=MACHINE,
        )  # fmt: skip
        if admin_email:
            _invite_administrator(admin_email, defaults.languages[0])

    if not is_demo and (holder := holder_of(country=country, kind=kind, code=code.strip())):
        raise Invalid(code=_taken_by(holder))
    ref = found_municipality(
        slug=slug,
        name=name,
        country=country,
        kind=kind,
        code=code,
        is_demo=is_demo,
        by=MACHINE,
        prepare=prepare,
    )
    try:
        return change_state(municipality_id=ref.id, to="live", by=MACHINE)
    except Conflict as refused:  # another opened with this code meanwhile
        remove_rehearsal(municipality_id=ref.id, by=MACHINE)
        raise Invalid(code=refused.detail) from refused


def _invite_administrator(email: str, language: str) -> None:
    from kernel.people.operations import invite

    name = email.partition("@")[0]
    invite(by=MACHINE, email=email, name=name, language=language, is_administrator=True)
