"""Founding and furnishing a municipality of the demo, through the same operations everybody uses."""

from datetime import date, timedelta
from uuid import UUID

from config.demo.places import Place
from config.demo.replies import REPLIES
from kernel import clock
from kernel.actor import MACHINE
from kernel.people import operations as people
from kernel.tenancy import MunicipalityRef, inside, municipalities, operator
from services.retention import operations as retention
from services.worry import operations as worries
from tenants.municipalities import operations as municipalities_
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole

OPERATOR = ("operator@lavterskel.example", "Runa Operatør")


def found(place: Place) -> MunicipalityRef:
    """The municipality of this place, founded and live. One that was cut short before is made anew."""
    for ref in municipalities():
        if ref.slug == place.slug:
            if ref.state == "live":
                return ref
            municipalities_.remove_rehearsal(municipality_id=ref.id, by=MACHINE)
    ref = municipalities_.found_municipality(
        slug=place.slug, name=place.name, country=place.country, kind=place.kind, code=place.code,
        is_demo=True, by=MACHINE, prepare=lambda here: furnish(place),
    )  # fmt: skip
    return municipalities_.change_state(municipality_id=ref.id, to="live", by=MACHINE)


def furnish(place: Place) -> None:
    """Everything an administrator would set up, in the municipality we are inside."""
    setup.furnish(
        country=place.country, kind=place.kind, languages=place.languages,
        default_language=place.languages[0], brand=place.brand, by=MACHINE,
    )  # fmt: skip
    _calendar(place)
    roles = _roles(place)
    employers = {name: setup.add_employer(name=name, kind=kind, by=MACHINE) for name, kind in place.employers}
    schools = {
        name: setup.add_school(name=name, form=form, simple_door=name in place.simple_doors, by=MACHINE)
        for name, form in place.schools
    }
    _people(place, roles, employers, schools)
    retention.keep_archive_decision(
        choice="delete", decided_on=clock.now().date() - timedelta(days=60), by=MACHINE
    )
    _replies(place, roles)
    for promise in place.promises:
        role = roles[promise.role] if promise.role else None
        setup.set_guarantee(kind=promise.kind, amount=promise.amount, role_id=role, by=MACHINE)
    doors = [(schools[school], roles[role]) for role, school in place.outside]
    setup.set_outside_doors(doors=doors, by=MACHINE)
    for kind, school, name, phone in place.numbers:
        worries.set_number(kind=kind, school_id=schools.get(school), name=name, phone=phone, by=MACHINE)


def _calendar(place: Place) -> None:
    setup.change_hours(
        open_hours=dict(place.open_hours), school_breaks_counted=place.school_breaks_counted, by=MACHINE
    )
    this_year = clock.now().year
    for year in (this_year - 1, this_year, this_year + 1):
        for name, first, last in place.breaks:
            first_day = date(year, *first)
            last_day = date(year + (last < first), *last)
            setup.add_break(name=name, first_day=first_day, last_day=last_day, by=MACHINE)


def _roles(place: Place) -> dict[str, UUID]:
    """Role key → id, of the roles this place has."""
    roles = dict(HelperRole.objects.values_list("key", "pk"))
    for key in place.roles_without:
        setup.close_role(role_id=roles.pop(key), by=MACHINE)
    return roles


def _replies(place: Place, roles: dict[str, UUID]) -> None:
    """What each role has ready, in the languages students are offered here."""
    for key, titles, texts in REPLIES:
        if key in roles:
            setup.add_canned_reply(
                role_id=roles[key], titles=_offered(titles, place), texts=_offered(texts, place), by=MACHINE
            )


def _offered(words: dict[str, str], place: Place) -> dict[str, str]:
    return {code: words[code] for code in place.languages if code in words}


def _people(
    place: Place, roles: dict[str, UUID], employers: dict[str, UUID], schools: dict[str, UUID]
) -> None:
    for person in place.people:
        account = people.invite(
            by=MACHINE, email=f"{person.who}@{place.slug}.example", name=person.name,
            language=place.languages[0], is_administrator=person.is_administrator, is_invented=True,
        )  # fmt: skip
        days = dict(person.weekdays)
        for role, school, employer in person.posts:
            post = setup.give_post(
                account_id=account.pk, role_id=roles[role], school_id=schools[school],
                employer_id=employers.get(employer), by=MACHINE,
            )  # fmt: skip
            if school in days:
                presence.change_weekdays(post_id=post, weekdays=days[school], by=MACHINE)
        if person.speaks:
            setup.change_languages_spoken(account_id=account.pk, languages=person.speaks, by=MACHINE)
        if person.leads:
            setup.appoint_lead(account_id=account.pk, by=MACHINE)


def staff_the_operator() -> None:
    """The demo's operator on the front door. Nothing happens when there is one."""
    email, name = OPERATOR
    with inside(operator()):
        people.make_operator(by=MACHINE, email=email, name=name, is_invented=True)
