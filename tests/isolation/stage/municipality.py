"""What a municipality has set up, and its own word wherever somebody writes freely."""

from datetime import date, timedelta

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.cache import cache

from kernel.actor import MACHINE
from kernel.people.models import Account
from kernel.people.operations import invite
from tenants.own_address import operations as own_addresses
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import ClosedDay, Face, Lead, Look, Post, ResponseGuarantee, School, SchoolAddress
from tests.cast import World
from tests.isolation.stage.columns import FREE_TEXT
from tests.isolation.stage.sides import BRANDS, Side, picture

_DAY = date(2027, 3, 3)


def set_up(side: Side, world: World) -> None:
    employer = setup.add_employer(name=f"Helse {side.word}", kind="municipality", by=MACHINE)
    holiday = setup.add_closed_day(day=_DAY, name=f"Planlegging {side.word}", by=MACHINE)
    first = setup.add_break(name="Ferie", first_day=_DAY, last_day=_DAY + timedelta(days=3), by=MACHINE)
    promise = setup.set_guarantee(kind="counted_hours", amount=30, school_id=world.school, by=MACHINE)
    setup.set_attachments(who="everybody", by=MACHINE)
    files = setup.set_attachments(who="everybody", school_id=world.school, by=MACHINE)
    setup.change_wording(key="greeting", language="nb", text=f"Hei fra {side.word}", by=MACHINE)
    setup.change_languages(languages=["nb", "en", "sv"], default_language="nb", by=MACHINE)
    setup.change_look(
        brand=BRANDS[side.ref.slug],
        logo=picture(side),
        exit_url=f"https://{side.word}.example.org/",
        by=MACHINE,
    )
    ready = setup.add_canned_reply(
        role_id=world.nurse_role, titles={"nb": f"Lest {side.word}"}, texts={"nb": f"Jeg har lest {side.word}"},
        by=MACHINE,
    )  # fmt: skip
    setup.change_wording(key="topic_sleep", language="nb", text=f"Søvn i {side.word}", by=MACHINE)
    setup.set_topic_roles(key="sleep", roles=[world.counsellor_role, world.nurse_role], by=MACHINE)
    setup.set_outside_doors(doors=[(world.other_school, world.nurse_role)], by=MACHINE)
    setup.give_post(
        account_id=world.people["other_nurse"], role_id=world.counsellor_role, school_id=world.other_school,
        ends_on=_DAY, agreement=f"Avtale {side.word}", by=MACHINE,
    )  # fmt: skip
    absence = presence.begin_absence(
        account_id=world.people["outsider"], first_day=_DAY, last_day=_DAY + timedelta(days=4), by=MACHINE
    ).absence_id
    presence.name_substitutes(
        post_id=Post.objects.filter(account_id=world.people["second_nurse"]).get().pk,
        account_ids=[world.people["other_nurse"]], by=MACHINE,
    )  # fmt: skip
    invented = invite(by=MACHINE, email="ida@rehearsal.invalid", name="Ida", is_invented=True)
    look = Look.objects.get()
    side.logo = bytes(look.logo)
    address = own_addresses.add(by=MACHINE, host=f"dor.{side.word}.example")
    setup.show_face(picture=picture(side), agrees=True, by=world.actor("nurse"))
    called = School.objects.get(pk=world.school).name
    for name in ("Skolen", called):
        setup.rename_school(school_id=world.school, name=name, shows_faces=True, by=MACHINE)
    side.face = bytes(Face.objects.get().picture)
    public = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY).order_by("pk").first()
    side.ids |= {
        "school_id": str(world.school),
        "slug": SchoolAddress.objects.get(school_id=world.school, is_current=False).slug,  # the same in both
        "role_id": str(world.counsellor_role),
        "employer_id": str(employer),
        "reply_id": str(ready),
        "account_id": str(world.people["outsider"]),
        "invented_id": str(invented.pk),
        "post_id": str(Post.objects.filter(account_id=world.people["second_nurse"]).get().pk),
        "absence_id": str(absence),
        "lead_id": str(Lead.objects.get().pk),
        "holiday_id": str(public.pk if public else holiday),
        "day_id": str(holiday),
        "break_id": str(first),
        "guarantee_id": str(promise),
        "missing_guarantee": str(ResponseGuarantee.objects.filter(school_id=None).first().pk),
        "files_id": str(files),
        "address_id": str(address.pk),
        "code": "sv",
        "key": "sleep",
    }


def plant(side: Side) -> None:
    """The municipality's own word in every column that somebody writes freely into."""
    for label, columns in FREE_TEXT.items():
        for row in apps.get_model(label).objects.all():
            for column in columns:
                setattr(row, column, _with_word(getattr(row, column), side.word))
            type(row).objects.filter(pk=row.pk).update(**{column: getattr(row, column) for column in columns})
    cache.set("kanari", side.word)
    nurse = Account.objects.get(email__startswith="nurse@")
    TOTP.activate(nurse, generate_totp_secret())


def _with_word(value, word: str):
    if isinstance(value, dict):
        return {key: _with_word(one, word) for key, one in value.items()}
    return f"{value} {word}".strip()[:60]
