"""What somebody can keep to themselves, and when they cannot, in the words they say it with to a student.

From the rules of `data`, by country, profession and kind of school; pure. Never "always": a student who was promised
more than the law allows is let down by it. Sentences of at most 12 words, for readers of 11.
"""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from tenants.walls.circles import rule_for
from tenants.walls.law import Rule


@dataclass(frozen=True, slots=True)
class Limits:
    """`keeps`: what stays; `tells`: what others must know; `writes`: what is written down elsewhere ("" = unknown)."""

    keeps: tuple[LazyText, ...]
    tells: tuple[LazyText, ...]
    writes: LazyText | str = ""


BY_LAW = _("The law says that I keep it to myself. The exceptions stand below.")
PRIVATE = _("What is private stays with me.")
TEACHERS = _("Teachers do not read what you write here.")
COLLEAGUE = _("A colleague in my service may read it when that helps you.")
DANGER = _("Is a life in danger? Then I must call for help.")
AT_SCHOOL = _("Are you not safe at school? Then I must tell the head.")
PARENTS = _(
    "Are you under 18? Your parents may have a right to know something. How much depends on your age."
)
FIRST = _("I try to talk with you before I tell anybody.")

#: Who is told when a child is not safe at home, by country. The duty is about children: who may be 18 is told so.
AT_HOME: dict[str, LazyText] = {
    "NO": _("Does somebody hurt you at home? Then I must tell child welfare."),
    "SE": _("Does somebody hurt you at home? Then I must tell social services."),
    "DK": _("Does somebody hurt you at home? Then I must tell the municipality."),
    "FI": _("Does somebody hurt you at home? Then I must tell child welfare."),
    "IS": _("Does somebody hurt you at home? Then I must tell child welfare."),
}
AT_HOME_UNDER_18: dict[str, LazyText] = {
    "NO": _("Are you under 18 and does somebody hurt you at home? Then I must tell child welfare."),
    "SE": _("Are you under 18 and does somebody hurt you at home? Then I must tell social services."),
    "DK": _("Are you under 18 and does somebody hurt you at home? Then I must tell the municipality."),
    "FI": _("Are you under 18 and does somebody hurt you at home? Then I must tell child welfare."),
    "IS": _("Are you under 18 and does somebody hurt you at home? Then I must tell child welfare."),
}
#: Where every student is a child.
_CHILDREN_ALONE = frozenset({"compulsory"})
#: Where the law has everybody who works at the school tell its head, but for those bound stricter than that.
HEAD_IS_TOLD = frozenset({"NO", "SE"})

_HEALTH_RECORD = _("I write what matters in a health record. You can ask to see it.")
_CASE_RECORD = _("I write down what we decide. You can ask to see it.")
_NO_RECORD = _("The law asks me for no record.")


def limits_of(country: str, profession: str, school_form: str, employer_kind: str = "") -> Limits:
    """What somebody of this profession says at a school of this form. A country without rules gets what holds
    everywhere."""
    try:
        rule = rule_for(country, profession, school_form, employer_kind)
    except LookupError:
        return Limits(keeps=(PRIVATE,), tells=(DANGER, FIRST))
    return Limits(_keeps(rule), _tells(rule, school_form), _writes(rule))


def _keeps(rule: Rule) -> tuple[LazyText, ...]:
    return (BY_LAW if rule.strict else PRIVATE, TEACHERS, COLLEAGUE)


def _tells(rule: Rule, school_form: str) -> tuple[LazyText, ...]:
    at_home = AT_HOME if school_form in _CHILDREN_ALONE else AT_HOME_UNDER_18
    home = (at_home[rule.country],) if rule.country in at_home else ()
    school = (AT_SCHOOL,) if _tells_the_head(rule) else ()
    return (DANGER, *home, *school, PARENTS, FIRST)


def _tells_the_head(rule: Rule) -> bool:
    return rule.country in HEAD_IS_TOLD and rule.record not in ("patient_journal", "psychologist_journal")


def _writes(rule: Rule) -> LazyText | str:
    if rule.record is None:
        return _NO_RECORD
    return _HEALTH_RECORD if rule.record in ("patient_journal", "psychologist_journal") else _CASE_RECORD
