"""Who may say who is away: everybody of themselves, administrators of anybody. Substitutes and weekdays:
administrators."""

from uuid import UUID

from kernel import permissions
from kernel.actor import Actor


def oneself_or_administrator(by: Actor, account_id: UUID) -> bool:
    return by.kind == "machine" or (by.kind == "person" and (by.id == account_id or by.is_administrator))


def administrator(by: Actor) -> bool:
    return by.kind == "machine" or (by.kind == "person" and by.is_administrator)


def the_machine(by: Actor) -> bool:
    return by.kind == "machine"


RULES: dict[str, permissions.Rule] = {
    "begin_absence": oneself_or_administrator,
    "end_absence": oneself_or_administrator,
    "name_substitutes": administrator,
    "change_weekdays": administrator,
    "end_rehearsal": the_machine,
    "note_gaps": the_machine,
    "send_digest": the_machine,
}
permissions.register("presence", RULES)
