"""Translations: what is collected, what is missed, and that nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.ui import catalogs

ROOT = Path(__file__).parents[3]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with a text in Python, one in a template, a plural and a placeholder."""
    folder = tmp_path / "services" / "knock"
    (folder / "templates" / "knock").mkdir(parents=True)
    (folder / "apps.py").write_text("")
    (folder / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        'a = _("Knock")\nb = ngettext("One waits", "%(n)s wait", 2)\nc = _("By {when}")\n'
    )
    (folder / "templates" / "knock" / "a.html").write_text(
        '<ul>\n    <li>{% translate "Open" context "a door" %}</li>\n  <li>\n'
        "      it's {% blocktranslate %}Hello {{ name }}{% endblocktranslate %}\n    </li>\n</ul>"
    )
    return folder


def fill(app: Path, language: str, **changes: str) -> None:
    catalog = catalogs.read(app, language)
    for message in catalog:
        if message.id:
            text = message.id if isinstance(message.id, str) else message.id[0]
            one = changes.get(text.split()[0].lower(), f"x {text}")
            message.string = one if isinstance(message.id, str) else (one, f"x {message.id[1]}")
    catalogs._write(catalogs.po_file(app, language), catalog)


def test_texts_are_found_in_python_and_in_templates(app: Path) -> None:
    found = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in catalogs.collect(app) if m.id}
    assert found == {
        ("Knock", None),
        ("One waits", None),
        ("By {when}", None),
        ("Open", "a door"),
        ("Hello %(name)s", None),
    }


def test_a_fresh_app_lacks_everything_and_a_translated_one_nothing(app: Path) -> None:
    assert catalogs.update(app)
    assert len(list(catalogs.faults(app, app.parents[1]))) == 5 * 5
    for language in catalogs.LANGUAGES:
        fill(app, language)
    assert list(catalogs.faults(app, app.parents[1])) == []


def test_collecting_again_changes_nothing_and_keeps_what_was_translated(app: Path) -> None:
    catalogs.update(app)
    fill(app, "nb")
    catalogs.update(app)
    assert not catalogs.update(app)
    assert catalogs.read(app, "nb").get("Knock").string == "x Knock"


def test_a_lost_placeholder_is_a_fault(app: Path) -> None:
    catalogs.update(app)
    for language in catalogs.LANGUAGES:
        fill(app, language)
    fill(app, "sv", by="Senast")
    assert [str(f) for f in catalogs.faults(app, app.parents[1])] == [
        "services/knock sv: other placeholders: 'By {when}'"
    ]


def test_a_fuzzy_text_is_a_fault(app: Path) -> None:
    catalogs.update(app)
    for language in catalogs.LANGUAGES:
        fill(app, language)
    file = catalogs.po_file(app, "da")
    file.write_text(file.read_text().replace('msgid "Knock"', '#, fuzzy\nmsgid "Knock"'))
    assert [f.why for f in catalogs.faults(app, app.parents[1])] == ["fuzzy"]


def test_only_what_changed_is_compiled(app: Path) -> None:
    catalogs.update(app)
    assert catalogs.compile_app(app) == 5
    assert catalogs.compile_app(app) == 0
    assert (catalogs.po_file(app, "fi").with_suffix(".mo")).read_bytes()[:4] == b"\xde\x12\x04\x95"


def test_texts_of_a_nested_app_are_its_own(app: Path) -> None:
    inner = app / "inner"
    inner.mkdir()
    (inner / "apps.py").write_text("")
    (inner / "x.py").write_text('_("Inside")')
    assert "Inside" not in {m.id for m in catalogs.collect(app)}
    assert "Inside" in {m.id for m in catalogs.collect(inner)}


@pytest.mark.parametrize("app", catalogs.apps(ROOT), ids=lambda app: app.name)
def test_the_files_stand_as_they_are_written(app: Path) -> None:
    """So that a change of one sentence is a difference of one sentence."""
    for language in (*catalogs.LANGUAGES, *catalogs.DOOR_LANGUAGES):
        file = catalogs.po_file(app, language)
        if file.exists():
            assert catalogs.written_out(catalogs.read(app, language)) == file.read_bytes(), file
            fresh = catalogs.collect(app, door=language in catalogs.DOOR_LANGUAGES)
            named = [(one.id, one.context) for one in fresh if one.id]
            kept = [(one.id, one.context) for one in catalogs.read(app, language) if one.id]
            assert sorted(map(str, named)) == sorted(map(str, kept)), "run manage.py messages"


@pytest.mark.parametrize("app", catalogs.apps(ROOT), ids=lambda app: app.name)
def test_every_text_is_translated_into_every_language(app: Path) -> None:
    assert [str(fault) for fault in catalogs.faults(app, ROOT)] == []


def test_a_language_of_the_door_has_what_a_student_meets_and_no_more(app: Path) -> None:
    (app / "locale").mkdir(exist_ok=True)
    (app / "locale" / "door").write_text("views.py\n")
    catalogs.update(app)
    assert {one.id for one in catalogs.read(app, "ar") if one.id} == {
        "Knock",
        ("One waits", "%(n)s wait"),
        "By {when}",
    }
    assert len(catalogs.read(app, "ar").get("One waits").string) == 6, "one form for each kind of number"
    assert {fault.language for fault in catalogs.faults(app, app.parents[1])} == set(catalogs.LANGUAGES)
    assert {fault.language for fault in catalogs.faults(app, app.parents[1], door=True)} == set(
        catalogs.DOOR_LANGUAGES
    )


def test_a_pattern_of_the_door_stays_in_its_folder(app: Path) -> None:
    (app / "locale").mkdir(exist_ok=True)
    (app / "locale" / "door").write_text("*.html\n")
    assert not len(catalogs.collect(app, door=True)), "templates/knock/a.html is two folders further down"


@pytest.mark.parametrize("app", catalogs.apps(ROOT), ids=lambda app: app.name)
def test_all_that_a_student_meets_is_translated_into_the_languages_of_the_door(app: Path) -> None:
    """What they meet is on an app's list: tests/house/test_access.py listens."""
    assert [str(fault) for fault in catalogs.faults(app, ROOT, door=True)] == []


@pytest.mark.parametrize("language", [*catalogs.LANGUAGES, *catalogs.DOOR_LANGUAGES])
def test_a_text_that_rooms_share_says_the_same_in_all_of_them(language: str) -> None:
    """Django merges the catalogues of all apps: of two translations of one text it would show either."""
    said: dict[tuple[str | None, str], set[str]] = {}
    for app in catalogs.apps(ROOT):
        for message in catalogs.read(app, language):
            if message.id:
                said.setdefault((message.context, str(message.id)), set()).add(str(message.string))
    assert {key: words for key, words in said.items() if len(words) > 1} == {}
