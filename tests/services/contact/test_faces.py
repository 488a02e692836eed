"""A face is its owner's to give and take back, and is shown only where a school shows faces."""

import io
import re

import pytest
from PIL import Image

from kernel.actor import MACHINE
from kernel.errors import Invalid, NotAllowed
from tenants.setup import operations as setup
from tenants.setup.logos import FACE_SIDE
from tenants.setup.models import Face
from tests.cast import World
from tests.tenants.setup.pictures import SVG, picture


def gives(world: World, who: str = "nurse", content: bytes | None = None, *, agrees: bool = True) -> None:
    setup.show_face(picture=content or picture("JPEG", (900, 1200)), agrees=agrees, by=world.actor(who))


def shows(world: World, *, faces: bool = True) -> None:
    setup.rename_school(school_id=world.school, name="Solhaug skole Alfa", shows_faces=faces, by=MACHINE)


@pytest.fixture
def page(alpha: World, clock, at):
    def look(path: str = "/who/solhaug-alfa/") -> str:
        return at(alpha.alpha).get(path, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    return look


def test_a_picture_is_kept_small_square_and_without_what_the_camera_wrote(alpha: World) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "a maker of cameras"
    Image.new("RGB", (1200, 800), (90, 60, 40)).save(out, "JPEG", exif=exif)
    gives(alpha, content=out.getvalue())
    kept = bytes(Face.objects.get().picture)
    drawn = Image.open(io.BytesIO(kept))
    assert (drawn.format, drawn.size) == ("WEBP", (FACE_SIDE, FACE_SIDE))
    assert b"a maker" not in kept
    assert len(kept) < 12_000


def test_without_a_yes_or_with_no_picture_nothing_is_kept(alpha: World) -> None:
    with pytest.raises(Invalid) as refused:
        gives(alpha, agrees=False)
    assert [one.field for one in refused.value.errors] == ["agrees"]
    with pytest.raises(Invalid) as refused:
        gives(alpha, content=SVG)
    assert [one.field for one in refused.value.errors] == ["picture"]
    assert not Face.objects.exists()


def test_nobody_gives_a_face_who_answers_nobody(alpha: World) -> None:
    with pytest.raises(NotAllowed):
        gives(alpha, "admin")


def test_it_is_shown_only_where_the_school_shows_faces(alpha: World, page, at) -> None:
    gives(alpha)
    address = f"/face.{Face.objects.get().digest}.webp"
    assert address not in page()
    assert at(alpha.alpha).get(address).status_code == 404
    shows(alpha)
    assert re.search(rf'<img class="face" src="{re.escape(address)}" alt=""', page())
    answer = at(alpha.alpha).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "public" not in answer["Cache-Control"]
    shows(alpha, faces=False)
    assert at(alpha.alpha).get(address).status_code == 404


def test_a_house_that_shows_no_names_shows_no_faces(alpha: World, page, at) -> None:
    gives(alpha)
    shows(alpha)
    setup.change_look(show_names=False, by=MACHINE)
    assert "/face." not in page()
    assert at(alpha.alpha).get(f"/face.{Face.objects.get().digest}.webp").status_code == 404


def test_what_is_taken_back_is_gone_at_once_and_whoever_leaves_takes_it_along(alpha: World, page) -> None:
    gives(alpha)
    shows(alpha)
    assert "/face." in page()
    setup.take_back_face(account_id=alpha.people["nurse"], by=alpha.actor("nurse"))
    assert "/face." not in page()
    gives(alpha)
    setup.close_person(account_id=alpha.people["nurse"], by=MACHINE)
    assert not Face.objects.exists()


def test_nobody_takes_back_another_ones_but_an_administrator(alpha: World) -> None:
    gives(alpha)
    with pytest.raises(NotAllowed):
        setup.take_back_face(account_id=alpha.people["nurse"], by=alpha.actor("counsellor"))
    setup.take_back_face(account_id=alpha.people["nurse"], by=alpha.actor("admin"))
    assert not Face.objects.exists()
