"""Who may do what with accounts. Administrators invite and deactivate; everybody keeps their own account."""

from kernel.actor import Actor
from kernel.permissions import Rule, register


def _administrator(by: Actor, *about: object) -> bool:
    return by.kind == "machine" or (
        by.kind == "person" and by.is_administrator and by.may_scope("setup:write")
    )


def _machine(by: Actor, *about: object) -> bool:
    return by.kind == "machine"


def _self_or_administrator(by: Actor, account_id: object) -> bool:
    return _administrator(by) or (by.kind == "person" and by.id == account_id and by.scopes is None)


def _self(by: Actor, account_id: object) -> bool:
    return by.kind == "person" and by.id == account_id and by.scopes is None


def _self_or_machine(by: Actor, account_id: object) -> bool:
    return by.kind == "machine" or _self(by, account_id)


RULES: dict[str, Rule] = {
    "invite": _administrator,
    "deactivate": _administrator,
    "reactivate": _administrator,
    "change_email": _administrator,
    "make_administrator": _administrator,
    "reset_second_factor": _administrator,
    "erase": _machine,
    "make_operator": _machine,
    "warn_of_strangers": _machine,
    "rename": _self_or_administrator,
    "sign_out_everywhere": _self_or_administrator,
    "end_session": _self,
    "change_identity_provider": _administrator,
    "note_sign_in": _machine,
    "link_identity": _self_or_machine,
    "unlink_identity": _self_or_administrator,
    "link_door": _self,
    "unlink_door": _self,
}
register("people", RULES)
