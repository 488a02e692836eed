"""What is printed: read as a phone and as a screen reader read it, from the PDF itself."""

import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings

from kernel.actor import MACHINE
from kernel.guarantee import CountedHours
from kernel.outbox.links import address
from kernel.tenancy import require_current
from kernel.ui import assets
from tenants.setup import operations as setup
from tenants.setup import posters
from tenants.setup.models import HelperRole
from tenants.setup.portal import LookOfDoor
from tenants.setup.posters.sheet import TOKENS
from tenants.setup.queries import portal
from tests.cast import World
from tests.tenants.setup.pictures import picture

A4, A3 = (210, 297), (297, 420)


def page_of(content: bytes) -> pypdfium2.PdfPage:
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    return document[0]


def codes(content: bytes) -> list[str]:
    """Every QR code that a phone finds on the sheet."""
    picture = page_of(content).render(scale=3).to_pil()
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def text_of(content: bytes) -> str:
    return " ".join(page_of(content).get_textpage().get_text_range().split())


@pytest.fixture
def words(world: World, alpha):
    def of(language: str = "nb", role: str = "") -> posters.Words:
        door = portal()
        school = door.school(world.school)
        chosen = next((one for one in school.roles if one.key == role), None)
        return posters.words_of(door, school, require_current(), language=language, role=chosen)

    return of


@pytest.mark.parametrize(("size", "millimetres"), [("a4", A4), ("a3", A3)])
def test_the_code_on_the_poster_opens_the_schools_own_page(words, size, millimetres) -> None:
    sheet = posters.poster(words(), LookOfDoor(brand="#0b5d6b"), size=size)
    assert codes(sheet) == [address("/s/solhaug-alfa/")]
    width, height = (round(points / 72 * 25.4) for points in page_of(sheet).get_size())
    assert (width, height) == millimetres


def test_ten_cards_have_ten_codes_that_open_it(words) -> None:
    assert codes(posters.cards(words(), LookOfDoor())) == [address("/s/solhaug-alfa/")] * 10


def test_the_code_can_be_read_with_its_middle_scratched_away(words) -> None:
    from PIL import ImageDraw

    picture = page_of(posters.poster(words(), LookOfDoor())).render(scale=3).to_pil()
    [whole] = zxingcpp.read_barcodes(picture)
    middle = (whole.position.top_left.x + whole.position.bottom_right.x) // 2
    centre = (whole.position.top_left.y + whole.position.bottom_right.y) // 2
    side = (whole.position.bottom_right.x - whole.position.top_left.x) * 0.17
    ImageDraw.Draw(picture).rectangle(
        (middle - side, centre - side, middle + side, centre + side), fill="white"
    )
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [address("/s/solhaug-alfa/")]


@pytest.mark.parametrize("brand", ["#ffffff", "#ffee00", "#000000", "#8a1538"])
def test_no_colour_of_a_municipality_spoils_the_code(words, brand) -> None:
    assert codes(posters.poster(words(), LookOfDoor(brand=brand))) == [address("/s/solhaug-alfa/")]


@pytest.mark.parametrize(
    ("language", "question", "anonymous"),
    [
        ("nb", "Trenger du noen å snakke med?", "Du trenger ikke"),
        ("sv", "Behöver du någon att prata med?", "Du behöver inte"),
        ("fi", "Haluatko puhua jonkun kanssa?", "Sinun ei tarvitse"),
        ("en", "Do you need someone to talk to?", "You don't have to say who you are."),
    ],
)
def test_it_speaks_the_chosen_language_and_says_the_address_in_letters(
    words, language, question, anonymous
) -> None:
    for sheet in (
        posters.poster(words(language), LookOfDoor()),
        posters.cards(words(language), LookOfDoor()),
    ):
        said = text_of(sheet)
        assert question in said
        assert anonymous in said
        assert "Solhaug skole Alfa" in said
        assert "/s/solhaug-alfa" in said
        assert f"/Lang ({language})".encode() in sheet
        assert b"/MarkInfo" in sheet
        assert b"/DisplayDocTitle true" in sheet
        assert question.split()[0] in pypdfium2.PdfDocument(sheet).get_metadata_value("Title")
        assert b"/H1" in sheet
        assert b"FontFile" in sheet  # no sign depends on what the printer has


def test_the_promise_is_the_schools_own(world: World, words) -> None:
    assert "within 24 open hours" in words("en").promise or "open hour" in words("en").promise
    setup.set_guarantee(kind="counted_hours", amount=5, school_id=world.school, by=MACHINE)
    assert words("en").promise == "You hear from us within 5 open hours."
    assert portal().guarantee(world.school) == CountedHours(5)


def test_where_roles_promise_differently_the_quickest_is_named_and_nothing_said_for_the_others(
    world: World, words
) -> None:
    setup.set_guarantee(kind="working_days", amount=1, role_id=world.nurse_role, by=MACHINE)
    nurse, counsellor = (HelperRole.objects.get(pk=pk) for pk in (world.nurse_role, world.counsellor_role))
    of_all = words("en")
    assert of_all.promise == f"{nurse.names['en']} answers by the end of the next working day."
    assert of_all.hours.startswith("You see when the others answer")
    of_one = words("en", counsellor.key)
    assert of_one.promise.startswith(f"{counsellor.names['en']} answers within")
    assert "the others" not in of_one.hours
    assert of_one.url == address(f"/s/solhaug-alfa/{counsellor.key}/")


def test_a_municipalitys_own_question_is_the_headline_unless_it_cannot_be_printed(words) -> None:
    setup.change_wording(key="greeting", language="en", text="Is something hard?", by=MACHINE)
    assert words("en").question == "Is something hard?"
    setup.change_wording(key="greeting", language="en", text="هل تحتاج إلى شخص؟", by=MACHINE)
    assert words("en").question == "Do you need someone to talk to?"


def test_a_second_language_asks_the_question_once_more(words) -> None:
    door = portal()
    both = posters.words_of(door, door.schools[0], require_current(), language="nb", second="fi")
    for sheet in (posters.poster(both, LookOfDoor()), posters.cards(both, LookOfDoor())):
        said = text_of(sheet)
        assert "Trenger du noen å snakke med?" in said
        assert "Haluatko puhua jonkun kanssa?" in said


def test_signs_that_cannot_be_printed_are_left_out_of_a_name(world: World, words) -> None:
    setup.rename_school(school_id=world.school, name="Solhaug مدرسة Alfa", by=MACHINE)
    assert words().school == "Solhaug Alfa"


def test_our_typeface_has_every_letter_of_our_languages() -> None:
    assert posters.unprintable("Árran, Rådhusskolen Æøå – Sörböle “Ä” đŋŧčšž Школа №1") == ""
    assert posters.unprintable("مدرسة A") == "مدرسة"


def test_a_sheet_that_must_not_hang_says_so(words, monkeypatch) -> None:
    assert words("en").caution == ""
    monkeypatch.setattr(settings, "DEMO", True)
    assert "This is a demo. Nothing here is real." in text_of(posters.poster(words("en"), LookOfDoor()))
    assert "This is a demo. Nothing here is real." in text_of(posters.cards(words("en"), LookOfDoor()))


def test_a_logo_stands_on_the_poster(words) -> None:
    logo = picture(size=(300, 100))
    with_logo = posters.poster(words(), LookOfDoor(logo=logo, logo_hash="0" * 16))
    assert b"/Subtype /Image" in with_logo
    assert b"/Subtype /Image" not in posters.poster(words(), LookOfDoor())


def test_the_longest_names_stay_on_the_paper(words) -> None:
    from dataclasses import replace

    long = replace(
        words("fi"), school="Kouvolan iltalukio " * 6, role="Erityisopettaja " * 4,
        question="Tarvitsetko jonkun, jolle voit puhua vaikeista asioista koulussa? " * 2,
        lead="Iso tai pieni asia. " * 15, promise="Kouluterveydenhoitaja vastaa viimeistään. " * 6,
        url="https://" + "a" * 60 + ".example.org/s/" + "b" * 60 + "/", address="a" * 60 + ".example.org/s/" + "b" * 60,
    )  # fmt: skip
    for sheet in (posters.poster(long, LookOfDoor()), posters.cards(long, LookOfDoor())):
        page = page_of(sheet)
        width, height = page.get_size()
        for left, bottom, right, top in (one.get_bounds() for one in page.get_objects() if one.type == 1):
            assert left >= 0
            assert bottom >= 0
            assert right <= width
            assert top <= height
        assert set(codes(sheet)) == {long.url}


def test_the_sheets_have_the_colours_of_the_pages() -> None:
    css = (Path(assets.__file__).parent / "static/ui/src/tokens.css").read_text()
    by_day = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,8});", css.split("@media", 1)[0])[::-1])
    for name, colour in TOKENS.items():
        there = by_day[name]
        assert colour == (there if len(there) > 4 else "#" + "".join(2 * sign for sign in there[1:])), name
