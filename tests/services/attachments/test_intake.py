"""What may be attached: read from the bytes, measured before it is decoded, drawn anew; refusals name the file."""

import io
import resource
import threading
import time

import pytest
from PIL import Image

from kernel.errors import Invalid
from services.attachments import drawing
from services.attachments.intake import MOST_BYTES, Upload, kept_name, shown_name, take_in
from tests.services.attachments.files import (
    HEIC,
    HIDDEN,
    PDF,
    SCRIPT,
    SVG,
    moving,
    picture,
    png_of,
    taken,
    text_bomb,
    upload,
    webp_of,
    with_place,
)


def refused(*uploads: Upload, documents: bool = False) -> list[str]:
    with pytest.raises(Invalid) as caught:
        take_in(uploads, documents=documents)
    assert {error.field for error in caught.value.errors} == {"files"}
    return [str(error.message) for error in caught.value.errors]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_each_kind_becomes_a_jpeg_of_ours(kind: str) -> None:
    (file,) = taken(picture(kind), name="Min hund.anything")
    assert (file.kind, file.name, file.width, file.height) == ("picture", "Min hund.jpg", 40, 20)
    drawn = Image.open(io.BytesIO(file.content))
    assert drawn.format == "JPEG"
    assert drawn.getpixel((5, 10))[0] > 200
    assert drawn.getpixel((35, 10))[2] > 200


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1", "I;16"])
def test_every_way_of_keeping_colours_is_drawn(mode: str) -> None:
    (file,) = taken(picture("PNG", mode=mode) if mode != "I;16" else _grey16())
    assert Image.open(io.BytesIO(file.content)).mode == "RGB"


def _grey16() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (40, 20), 40_000).save(out, format="PNG")
    return out.getvalue()


def test_what_is_see_through_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, format="PNG")
    (file,) = taken(out.getvalue())
    assert min(Image.open(io.BytesIO(file.content)).getpixel((4, 4))) > 250


def test_place_time_camera_and_comments_are_gone() -> None:
    sent = with_place()
    assert HIDDEN in sent
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    (file,) = taken(sent)
    assert HIDDEN not in file.content
    drawn = Image.open(io.BytesIO(file.content))
    assert not drawn.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & set(drawn.info)


def test_a_phone_held_upright_gives_a_picture_that_stands_upright() -> None:
    (file,) = taken(with_place(orientation=6))
    assert (file.width, file.height) == (200, 400)
    assert Image.open(io.BytesIO(file.content)).getpixel((100, 20))[0] > 200  # what was left is on top


def test_a_large_picture_is_kept_with_a_long_side_that_is_capped() -> None:
    (file,) = taken(picture("JPEG", (6000, 3000)))
    assert (file.width, file.height) == (2560, 1280)


def test_a_second_picture_and_a_page_behind_a_jpeg_are_dropped() -> None:
    """A polyglot: a JPEG to us, a page to a browser that guesses; and a phone's own second picture (MPO)."""
    (file,) = taken(picture() + SCRIPT)
    assert b"script" not in file.content
    two = io.BytesIO()
    red, blue = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    red.save(two, format="MPO", save_all=True, append_images=[blue])
    (file,) = taken(two.getvalue())
    assert file.content.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (SVG, "Use JPEG, PNG or WebP"),
        (SCRIPT + picture(), "Use JPEG, PNG or WebP"),
        (moving("GIF"), "Use JPEG, PNG or WebP"),
        (b"PK\x03\x04" + b"\x00" * 90, "Use JPEG, PNG or WebP"),
        (PDF, "Use JPEG, PNG or WebP"),
        (HEIC, "Save it as JPEG"),
        (moving("PNG"), "moves"),
        (moving("WEBP"), "moves"),
        (picture("JPEG", (400, 400))[:900], "is damaged"),
        (picture("PNG", (400, 400))[:200], "is damaged"),
        (picture("WEBP", (400, 400))[:60], "is damaged"),
        (b"\xff\xd8\xff\xe0", "is damaged"),
        (b"RIFF\x00\x00\x00\x00WEBP", "is damaged"),
        (png_of(30_000, 30_000), "too many pixels"),
        (webp_of(16_000, 16_000), "too many pixels"),
        (webp_of(16_777_216, 16_777_216), "too many pixels"),
        (png_of(10, 10, *[b"\x00\x00\x00\x00tEXt\x00\x00\x00\x00"] * 5000), "is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_still_picture_is_refused_by_name_with_a_remedy(content: bytes, said: str) -> None:
    (message,) = refused(upload(content, "C:\\fake\\ferie.jpg"))
    assert said in message
    assert "“ferie.jpg”" in message


def test_the_name_decides_nothing() -> None:
    (file,) = taken(picture("PNG"), name="regning.pdf")
    assert file.kind == "picture"
    (message,) = refused(upload(PDF, "bilde.jpg"))
    assert "bilde.jpg" in message


def test_a_document_comes_from_helpers_alone_and_is_kept_as_it_came() -> None:
    (file,) = taken(PDF, name="vedtak.exe", documents=True)
    assert (file.kind, file.name, file.content, file.width) == ("document", "vedtak.pdf", PDF, None)
    assert "PDF" in refused(upload(SVG), documents=True)[0]
    assert "damaged" in refused(upload(PDF[:-8], "halv.pdf"), documents=True)[0]


def test_of_two_files_one_bad_neither_is_taken_and_every_bad_one_is_named() -> None:
    messages = refused(upload(picture(), "god.jpg"), upload(SVG, "en.svg"), upload(b"", "to.png"))
    assert ["en.svg" in messages[0], "to.png" in messages[1], len(messages)] == [True, True, 2]


def test_too_large_and_too_many_are_said_before_anything_is_decoded(monkeypatch) -> None:
    monkeypatch.setattr("services.attachments.intake.drawn_anew", lambda *_a: pytest.fail("decoded"))
    cut = Upload("lang.jpg", picture() * 3, 20_000_000)
    assert "8 MB" in refused(cut)[0]
    assert "afterwards" in refused(Upload("tredje.jpg", b"\xff\xd8\xff", MOST_BYTES))[0]
    assert "at most 3" in refused(*[upload(picture())] * 4)[0]


def test_bombs_cost_neither_memory_nor_time() -> None:
    bombs = [text_bomb(), png_of(30_000, 30_000), webp_of(16_000, 16_000), _scans()]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for bomb in bombs:
        assert len(bomb) < MOST_BYTES
        refused(upload(bomb))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000, f"{grown} kB more"  # one of them decoded would be 200 MB and more


def test_a_webp_is_measured_before_its_decoder_makes_room_for_it(monkeypatch) -> None:
    monkeypatch.setattr(drawing.Image, "open", lambda *_a, **_k: pytest.fail("opened"))
    assert "too many pixels" in refused(upload(webp_of(16_000, 16_000)))[0]


def _scans() -> bytes:
    """A JPEG that asks for 500 passes over its picture."""
    sent = picture("JPEG", (2000, 2000), progressive=True)
    first = sent.index(b"\xff\xda")
    return sent[:-2] + sent[first:-2] * 60 + b"\xff\xd9"


def test_pictures_are_drawn_one_at_a_time_and_wait_for_each_other(monkeypatch) -> None:
    inside, most = [], []
    real = drawing._drawn

    def slow(content: bytes, kind: str) -> drawing.Drawn:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()
        return real(content, kind)

    monkeypatch.setattr(drawing, "_drawn", slow)
    threads = [threading.Thread(target=taken, args=(picture(),)) for _n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 5
    monkeypatch.setattr(drawing, "PATIENCE", 0.01)
    with drawing._decoding:
        assert "Try again in a moment" in refused(upload(picture()))[0]


@pytest.mark.parametrize(
    ("given", "shown", "kept"),
    [
        ("../../etc/passwd", "passwd", "passwd.jpg"),
        ("C:\\Users\\kari\\ferie.PNG", "ferie.PNG", "ferie.jpg"),
        ("gnp.\u202eexe\x00\r\nSet-Cookie: x", "gnp.exeSet-Cookie: x", "gnp.jpg"),
        ("", "", "picture.jpg"),
        (".htaccess", ".htaccess", "htaccess.jpg"),
        ("å" * 300, "å" * 79 + "…", "å" * 76 + ".jpg"),
        ("Ålesund  i\u00a0sol.jpeg", "Ålesund i sol.jpeg", "Ålesund i sol.jpg"),
    ],
)
def test_a_name_is_made_fit_to_be_read(given: str, shown: str, kept: str) -> None:
    assert (shown_name(given), kept_name(given, "picture")) == (shown, kept)


def test_the_same_file_again_is_known_and_another_is_not() -> None:
    one, same, other = taken(picture(), picture(), picture("PNG"))
    assert one.said == same.said != other.said
    assert "kari" not in repr(taken(picture(), name="kari.jpg")[0])
    assert "kari" not in repr(upload(picture(), "kari.jpg"))


@pytest.mark.parametrize("how", ["progressive", "one colour after the other"])
def test_a_large_picture_that_comes_in_passes_is_refused_before_it_is_held_whole(
    how: str, monkeypatch
) -> None:
    """Half a megabyte of it costs a third of a gigabyte: every pass is kept until the last, whatever is drawn."""
    content = picture("JPEG", (5000, 4000), progressive=how == "progressive")
    if how != "progressive":
        at = content.rindex(b"\xff\xda") + 4  # its first scan says that it has one colour
        content = content[:at] + b"\x01" + content[at + 1 :]
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    (said,) = refused(Upload("stor.jpg", content, len(content)))
    assert said == "“stor.jpg” has too many pixels. Make it smaller and try again."


def test_a_progressive_picture_of_a_usual_size_is_taken() -> None:
    content = picture("JPEG", (4000, 3000), progressive=True)
    (made,) = take_in([Upload("vanlig.jpg", content, len(content))], documents=False)
    assert (made.width, made.height) == (2560, 1920)
