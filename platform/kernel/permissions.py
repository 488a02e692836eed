"""Who may do which verb: tables registered by the slices, default deny."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotAllowed

type Rule = Callable[..., bool]

_rules: dict[str, Rule] = {}


def register(slice_name: str, rules: Mapping[str, Rule]) -> None:
    """Add a slice's table. Verbs are `slice.verb`; one verb has one rule, everywhere."""
    for verb, rule in rules.items():
        name = f"{slice_name}.{verb}"
        if name in _rules and _rules[name] is not rule:
            raise ValueError(f"{name} already has a rule")
        _rules[name] = rule


def verbs() -> Mapping[str, Rule]:
    return dict(_rules)


def allowed(by: Actor, verb: str, *about: Any) -> bool:
    """May `by` do `verb` to `about`? A verb nobody wrote down is refused."""
    rule = _rules.get(verb)
    return rule is not None and bool(rule(by, *about))


def require(by: Actor, verb: str, *about: Any) -> None:
    """First line of every operation. Raises NotAllowed."""
    if not allowed(by, verb, *about):
        raise NotAllowed(_("You may not do this here."))
