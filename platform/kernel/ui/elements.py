"""What an element works out before its template is rendered. Keys are element names; each takes and returns
parameters.

Contract: a preparer never touches the database or the request; it fills in what a template author would
otherwise have to compute (ids, described-by chains, choices of a Django field), and refuses what cannot be
rendered with a plain ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt

from kernel.ui import bidi

type Params = dict[str, Any]

PASSED_ON = re.compile(r"(data|aria|hx)_[a-z0-9_]+")


def prepare(element: str, params: Params) -> Params:
    """The template's context for one element: the parameters, `attrs` (data-, aria-, hx-) and what its
    preparer adds.
    """
    passed = {key.replace("_", "-"): value for key, value in params.items() if PASSED_ON.fullmatch(key)}
    ready = {key: value for key, value in params.items() if not PASSED_ON.fullmatch(key)}
    ready["attrs"] = flatatt({key: value for key, value in passed.items() if value not in (None, False)})
    preparer = PREPARERS.get(element)
    return preparer(ready) if preparer else ready


def _slug(text: object) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", str(text)).strip("-")


def _control(params: Params) -> Params:
    """A labelled control: from a bound Django field, or by hand."""
    field = params.get("field")
    if isinstance(field, BoundField):
        return params | _from_bound(field, params)
    name = params.get("name")
    if not name:
        raise ValueError("a field needs `name` or `field=form['…']`")
    params.setdefault("id", f"id_{_slug(name)}")
    params.setdefault("kind", "input")
    params["errors"] = [params["error"]] if params.get("error") else []
    return params | _described(params)


def _from_bound(field: BoundField, params: Params) -> Params:
    given = {key: value for key, value in params.items() if value not in (None, "")}
    widget = field.field.widget
    found = {
        "name": field.html_name,
        "id": field.id_for_label or field.auto_id or f"id_{_slug(field.html_name)}",
        "label": field.label,
        "hint": field.help_text,
        "required": field.field.required,
        "errors": [str(e) for e in field.errors],
        "kind": _kind(widget),
        "value": field.value(),
        "hidden": field.is_hidden,
    }
    found |= {key: given[key] for key in ("label", "hint", "id") if key in given}
    if found["kind"] in ("radio-cards", "checkbox-cards"):
        found["id"] = field.auto_id or f"id_{_slug(field.html_name)}"
        found |= {"legend": found["label"], "options": _options(field, given.get("options"))}
        found = _many(found | {"columns": given["columns"]} if "columns" in given else found)
    merged = params | found
    return found | _described(merged) | {"control": _rendered(field, merged)}


def _kind(widget: forms.Widget) -> str:
    kinds: tuple[tuple[type[forms.Widget] | tuple[type[forms.Widget], ...], str], ...] = (
        (forms.CheckboxSelectMultiple, "checkbox-cards"),
        (forms.RadioSelect, "radio-cards"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Textarea, "textarea"),
        (forms.Select, "select"),
        ((forms.MultiWidget, forms.SelectDateWidget), "group"),
        (forms.FileInput, "file"),
        (forms.ColorInput, "colour"),
    )
    return next((kind for cls, kind in kinds if isinstance(widget, cls)), "input")


def _rendered(field: BoundField, params: Params) -> str:
    """The control itself, by Django's own widget, with our classes and described-by chain."""
    if params["kind"] in ("radio-cards", "checkbox-cards"):
        return ""
    attrs: Params = {"class": " ".join(filter(None, ["ds-input", field.field.widget.attrs.get("class", "")]))}
    attrs["id"] = params["id"]
    for key in ("autocomplete", "inputmode", "placeholder", "rows", "maxlength", "pattern"):
        if params.get(key):
            attrs[key] = params[key]
    if params["kind"] == "textarea":
        attrs.setdefault("rows", field.field.widget.attrs.get("rows", 5))
    if params.get("width"):
        attrs["data-width"] = params["width"]
    if params.get("described"):
        attrs["aria-describedby"] = params["described"]
    if params["errors"]:
        attrs["aria-invalid"] = "true"
    return str(field.as_widget(attrs=attrs))


def _described(params: Params) -> Params:
    base = params["id"]
    hint_id = f"{base}_helptext" if params.get("hint") else ""
    error_id = f"{base}_error" if params.get("errors") else ""
    return {
        "hint_id": hint_id,
        "error_id": error_id,
        "described": " ".join(filter(None, [error_id, hint_id])),
    }


def _options(field: BoundField, enriched: Iterable[Any] | None) -> list[Params]:
    """The field's choices as cards; `enriched` mappings (same values) add hints, faces and promises."""
    extra = {str(o["value"]): o for o in enriched or () if isinstance(o, Mapping)}
    chosen = field.value()
    values = {str(v) for v in chosen} if isinstance(chosen, list | tuple | set) else {str(chosen)}
    groups = field.field.widget.choices
    plain = [(value, label) for value, label in groups if value not in ("", None)]
    base = field.auto_id or f"id_{_slug(field.html_name)}"
    return [
        {
            "id": f"{base}_{i}",
            "value": str(value),
            "label": label,
            **dict(extra.get(str(value), {})),
            "checked": str(value) in values,
        }
        for i, (value, label) in enumerate(plain)
    ]


def _cards(params: Params) -> Params:
    params = _control(params)
    if "field" in params and isinstance(params["field"], BoundField):
        options = params["options"]
    else:
        chosen = {str(v) for v in params.get("values") or [params.get("value")] if v is not None}
        options = [
            _option(o) | {"checked": str(_option(o)["value"]) in chosen} for o in params.get("options", ())
        ]
    params["options"] = [o | {"id": f"{params['id']}_{i}"} for i, o in enumerate(options)]
    return _many(params)


#: More boxes than these are small, and stand side by side: a screen of them is looked through at once.
MANY = 12


def _many(params: Params) -> Params:
    options = params["options"]
    if params["kind"] == "checkbox-cards" and len(options) > MANY and not any(o.get("hint") for o in options):
        params.setdefault("columns", "many")
    return params


def _option(option: Any) -> Params:
    if isinstance(option, Mapping):
        return dict(option)
    value, label = option
    return {"value": value, "label": label}


def _select(params: Params) -> Params:
    params = _control(params | {"kind": "select"})
    if "control" not in params:
        chosen = str(params.get("value", ""))
        params["options"] = [_chosen(_option(o), chosen) for o in params.get("options", ())]
    return params


def _chosen(option: Params, chosen: str) -> Params:
    """With whether it is the chosen one; a mapping with `options` is a group of them under its label."""
    if "options" in option:
        return option | {"options": [_chosen(_option(o), chosen) for o in option["options"]]}
    return option | {"selected": str(option["value"]) == chosen}


def _error_summary(params: Params) -> Params:
    form = params.get("form")
    if isinstance(form, forms.BaseForm):
        params["errors"] = list(_form_errors(form))
    else:
        params["errors"] = [{"id": key, "text": text} for key, text in params.get("errors") or ()]
    return params


def _form_errors(form: forms.BaseForm) -> Iterable[Params]:
    """Every error with the id it leads to. Its group and the field's label stand first, unless the words name them."""
    groups = {name: str(legend) for legend, _hint, names in getattr(form, "groups", ()) for name in names}
    for text in form.non_field_errors():
        yield {"id": "", "text": text}
    found = [(field, str(text)) for field in form for text in field.errors]
    said = [text for _, text in found]
    for field, text in found:
        cards = _kind(field.field.widget) in ("radio-cards", "checkbox-cards")
        target = "" if field.is_hidden else f"{field.auto_id}_0" if cards else field.auto_id
        label = str(field.label).rstrip("?:")
        alone = label.casefold() in text.casefold() and said.count(text) == 1
        text = text if alone else f"{label}: {text}"
        group = groups.get(field.name, "")
        yield {"id": target, "text": f"{group} · {text}" if group else text}


def _fields(params: Params) -> Params:
    form = params.get("form")
    if not isinstance(form, forms.BaseForm):
        raise ValueError("`form` must be a Django form")
    params["multipart"] = form.is_multipart()
    params["has_errors"] = bool(form.errors)
    params["parts"] = _parts(form)
    return params


def _parts(form: forms.BaseForm) -> list[Params]:
    """The fields in their order, those that belong together under one legend.

    A form says so by `groups`: (legend, hint, names of fields). What is asked of the group as a whole stands
    in its hint, and no field in it is called optional.
    """
    groups = {name: group for group in getattr(form, "groups", ()) for name in group[2]}
    parts: list[Params] = []
    for field in form:
        legend, hint, _names = groups.get(field.name, ("", "", ()))
        if not parts or parts[-1]["legend"] != legend or not legend:
            parts.append({"legend": legend, "hint": hint, "fields": []})
        parts[-1]["fields"].append(field)
    return parts


def _table(params: Params) -> Params:
    rows = params.get("rows")
    if rows is not None:
        heads = [*params.get("headers", ())]
        params["rows"] = [
            [
                (dict(c) if isinstance(c, Mapping) else {"text": c})
                | {"head": heads[i] if i < len(heads) else ""}
                for i, c in enumerate(row)
            ]
            for row in rows
        ]
    return params


def _steps(params: Params) -> Params:
    if "total" in params:
        current, total = int(params["current"]), int(params["total"])
        params["percent"] = round(100 * current / total)
    return params


def _progress(params: Params) -> Params:
    params.setdefault("max", 100)
    return params


def _person(params: Params) -> Params:
    params.setdefault("initials", initials(str(params.get("name", ""))))
    return params | {"comma": bidi.comma()}


def initials(name: str) -> str:
    """At most two capitals: "Lise Hansen" -> "LH"; "" in a script without capitals (Arabic, Ethiopic), where nobody is
    known by two letters."""
    words = [w for w in re.split(r"[\s-]+", name.strip()) if w]
    first = [w[0] for w in (words[:1] + words[1:][-1:])]
    return "".join(first).upper() if all(one.upper() != one.lower() for one in first) else ""


def _code(params: Params) -> Params:
    signs = str(params.get("code", ""))
    params["groups"] = [part for part in re.split(r"(?<=-)", signs) if part]
    params["spelled"] = " ".join(signs.replace("-", " – "))
    params.setdefault("id", "code")
    return params


def _pagination(params: Params) -> Params:
    query = str(params.get("query", "")).lstrip("?&")
    params["prefix"] = f"?{query}&" if query else "?"
    return params


def _queue_row(params: Params) -> Params:
    params.setdefault("state", "waiting")
    if params.get("due") is not None and not isinstance(params["due"], datetime):
        raise ValueError("`due` is an aware datetime")
    return params


def _chips(params: Params) -> Params:
    params["items"] = [c if isinstance(c, Mapping) else {"text": c} for c in params.get("items", ())]
    return params


PREPARERS: dict[str, Callable[[Params], Params]] = {
    "field": _control,
    "textarea": lambda p: _control(p | {"kind": "textarea"}),
    "select": _select,
    "radio-cards": lambda p: _cards(p | {"kind": "radio-cards"}),
    "checkbox-cards": lambda p: _cards(p | {"kind": "checkbox-cards"}),
    "checkbox": lambda p: _control(p | {"kind": "checkbox"}),
    "file": lambda p: _control(p | {"kind": "file"}),
    "colour": lambda p: _control(p | {"kind": "colour"}),
    "error-summary": _error_summary,
    "form": _fields,
    "fields": _fields,
    "table": _table,
    "steps": _steps,
    "progress": _progress,
    "person": _person,
    "face": _person,
    "code": _code,
    "pagination": _pagination,
    "queue-row": _queue_row,
    "chips": _chips,
}
