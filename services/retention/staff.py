"""What we hold about an employee: what they may have of it, what is erased when they have left, and what stays and why.

Every field of Kind.STAFF is given or excused by name; tests/services/retention/test_staff.py walks over all of them.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import UUID

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models

from kernel.audit.models import Entry, ReadEntry
from kernel.people.models import Account
from kernel.privacy import Kind

_LOG = "the log proves who read and wrote what; it stays whole, with ids alone, when the name is gone"
_AN_OFFICE = "whom one tells of a worry, as an administrator typed it: an office, which has no account here"
_NOT_IN_A_MUNICIPALITY = (
    "before a municipality was founded: forgotten by the sign-up itself (tenants.onboarding.privacy)"
)

_LEADS_WORD = "what a lead said about a promise of the school, by choice; names nobody"
#: Fields of Kind.STAFF that are not given as they stand, each with the reason.
EXCUSED: dict[str, str] = {
    "audit.Entry.at": "given as the list of what they did, without what it was done to",
    "audit.Entry.actor_id": _LOG,
    "audit.Entry.verb": "given as the list of what they did, without what it was done to",
    "audit.ReadEntry.at": "given as the list of what they read, without whose",
    "audit.ReadEntry.actor_id": _LOG,
    "audit.ReadEntry.role_id": _LOG,
    "outbox.Message.recipient": "their own id",
    "setup.Language.reviewed_by": "a name that an administrator typed for the public, and takes away",
    "promises.Promise.explained": _LEADS_WORD,
    "promises.Promise.explained_at": _LEADS_WORD,
    "promises.Promise.explained_before": _LEADS_WORD,
    "promises.Promise.reworded_at": _LEADS_WORD,
    "worry.LocalNumber.name": _AN_OFFICE,
    "worry.LocalNumber.phone": _AN_OFFICE,
    "worry.LocalNumber.address": _AN_OFFICE,
    "logreview.LogReview.outcome": "what a review found, of the employer and not of the reviewer",
}

#: Apps that stand outside of the municipalities.
OUTSIDE = {"onboarding": _NOT_IN_A_MUNICIPALITY, "municipalities": _NOT_IN_A_MUNICIPALITY}

#: What stays after the erasure, in a person's words: the command prints it.
STAYS = (
    "ids in the log of writes and reads: the log proves who read a student's words, and cannot be changed",
    "the posts they held, with an id in the place of a name: a municipality must be able to say who answered when",
    "what they wrote to a student: it is the student's, and goes with the conversation",
)


def rooms() -> list[AppConfig]:
    """Our apps inside a municipality."""
    return [app for app in apps.get_app_configs() if app.name in settings.TENANT_APPS and _register(app)]


def _register(app: AppConfig) -> dict[str, Kind]:
    try:
        found: dict[str, Kind] = import_module(f"{app.name}.privacy").REGISTER
    except ModuleNotFoundError:
        return {}
    return found


def staff_fields(model: type[models.Model]) -> list[Any]:
    """The fields of a table that say something about an employee."""
    kinds = _register(model._meta.app_config)
    fields = model._meta.local_fields
    return [one for one in fields if kinds.get(f"{model.__name__}.{one.name}") is Kind.STAFF]


def links(model: type[models.Model]) -> list[str]:
    """Its foreign keys to an account, and the columns that hold an account's id; the account itself is its own."""
    if model is Account:
        return ["pk"]
    keys = [one for one in model._meta.local_fields if isinstance(one, models.ForeignKey)]
    ids = [one.name for one in staff_fields(model) if isinstance(one, models.UUIDField)]
    return [
        *(one.name for one in keys if one.related_model is Account),
        *(name for name in ids if f"{model._meta.label}.{name}" not in EXCUSED),
    ]


def data_of(account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Table → rows of what we hold about one employee, and what they did by day. No student is in it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in (model for app in rooms() for model in app.get_models()):
        rows = list(_rows(model, account_id))
        if rows:
            found[model._meta.label] = rows
    did = Entry.objects.filter(actor_kind="person", actor_id=account_id).order_by("at", "id")
    found["did"] = [{"at": at.isoformat(), "verb": verb} for at, verb in did.values_list("at", "verb")]
    read = ReadEntry.objects.filter(actor_kind="person", actor_id=account_id).order_by("at", "id")
    found["read"] = [
        {"at": at.isoformat(), "what": what, "why": why}
        for at, what, why in read.values_list("at", "what", "why")
    ]
    return found


def _rows(model: type[models.Model], account_id: UUID) -> Iterator[dict[str, Any]]:
    fields = [one for one in staff_fields(model) if f"{model._meta.label}.{one.name}" not in EXCUSED]
    for link in links(model):
        for row in model._base_manager.filter(**{link: account_id}).only("pk", *(one.name for one in fields)):
            said = {one.name: row.__dict__.get(one.attname) for one in fields}
            # Another person's id in the same row (who gave it, who confirmed it) is that person's.
            yield {
                name: value if isinstance(value, bool | int) or value is None else str(value)
                for name, value in said.items()
                if not _is_another(model, name, value, account_id)
            } | {"as": link}


def _is_another(model: type[models.Model], name: str, value: Any, account_id: UUID) -> bool:
    return name in links(model) and value != account_id
