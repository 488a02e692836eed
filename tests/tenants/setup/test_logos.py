"""A logo costs us little, whatever is in the file."""

import io
import threading

import pytest
from PIL import Image

from kernel.errors import Invalid
from tenants.setup import logos
from tenants.setup import operations as setup
from tenants.setup.logos import LOGOS_AN_HOUR
from tenants.setup.models import Look


def saved(form: str, *pictures: Image.Image, **options) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if pictures[1:] else {}
    pictures[0].save(out, form, **more, **options)
    return out.getvalue()


def progressive(scans: int, side: int = 200) -> bytes:
    """A progressive JPEG with this many scans more than programs write."""
    picture = saved("JPEG", Image.new("L", (side, side), 128), progressive=True)
    places = [*logos.jpeg_scans(picture), len(picture) - 2]
    last = picture[places[-2] : places[-1]]
    return picture[:-2] + last * scans + b"\xff\xd9"


def why(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        logos.drawn_anew(content)
    return str(refused.value.errors[0].message)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_an_ordinary_picture_is_drawn_anew(form):
    drawn = Image.open(io.BytesIO(logos.drawn_anew(saved(form, Image.effect_noise((1200, 800), 60)))))
    assert drawn.format == "PNG"
    assert drawn.size == (240, 160)


def test_a_photograph_saved_for_the_web_is_a_picture():
    photo = Image.merge("RGB", [Image.effect_noise((1500, 1000), n) for n in (40, 50, 60)])
    content = saved("JPEG", photo, progressive=True, quality=92, exif=b"Exif\x00\x00\xff\xda\xff\xda" * 30)
    assert 5 < len(list(logos.jpeg_scans(content))) <= logos.MOST_SCANS
    assert logos.drawn_anew(content)


def test_a_picture_of_many_scans_is_refused_before_anything_is_decoded(monkeypatch):
    bomb = progressive(800, side=4000)
    assert len(bomb) < 200_000
    monkeypatch.setattr(Image, "open", lambda *told, **more: pytest.fail("decoded"))
    assert "damaged" in why(bomb)


def test_a_picture_of_absurdly_many_chunks_is_refused_before_anything_is_decoded(monkeypatch):
    plain = saved("PNG", Image.new("RGB", (8, 8)))
    bomb = plain[:33] + (b"\x00\x00\x00\x00teSt\x00\x00\x00\x00") * 100_000 + plain[33:]
    monkeypatch.setattr(Image, "open", lambda *told, **more: pytest.fail("decoded"))
    assert "damaged" in why(bomb)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(form):
    frames = [Image.new("RGB", (40, 40), (n * 30, 0, 0)) for n in range(6)]
    assert "moves" in why(saved(form, *frames))


def test_one_picture_at_a_time_is_decoded_and_the_next_is_told_to_come_again(monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    real = logos._decoded

    def slowly(content, draw):
        begun.set()
        go_on.wait(20)
        return real(content, draw)

    content = saved("PNG", Image.new("RGB", (8, 8)))
    monkeypatch.setattr(logos, "_decoded", slowly)
    first = threading.Thread(target=logos.drawn_anew, args=(content,))
    first.start()
    begun.wait(20)
    try:
        assert "Try again in a moment" in why(content)
    finally:
        go_on.set()
        first.join()
    monkeypatch.undo()
    assert logos.drawn_anew(content)


def test_a_person_has_twenty_pictures_drawn_an_hour_and_not_more(admin, db):
    content = saved("PNG", Image.new("RGB", (8, 8)))
    for _ in range(LOGOS_AN_HOUR):
        setup.change_look(logo=content, by=admin)
    before = Look.objects.get().logo_hash
    with pytest.raises(Invalid) as refused:
        setup.change_look(logo=saved("PNG", Image.new("RGB", (9, 9))), by=admin)
    assert "Wait an hour" in str(refused.value.errors[0].message)
    assert Look.objects.get().logo_hash == before
    setup.change_look(brand="#112233", by=admin)
