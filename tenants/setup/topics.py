"""What a student who does not know whom to ask may say it is about, and which role that proposes. Pure.

Rules, no guessing: a topic names roles in an order, for everybody or for one school; the first of them that answers
at the school is proposed. Until a municipality says otherwise the order below holds, by profession and country. Its
own sentence for a topic is a wording like any other (`word_key`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: key → what a student reads, in the order they meet it.
TOPICS: dict[str, LazyText] = {
    "home": pgettext_lazy("a topic", "Home and family"),
    "sleep": pgettext_lazy("a topic", "Sleep, or I am always tired"),
    "friends": pgettext_lazy("a topic", "Friends, or being alone"),
    "worried": pgettext_lazy("a topic", "I am worried about a friend"),
    "heavy": pgettext_lazy("a topic", "I hurt myself, or have heavy thoughts"),
    "love": pgettext_lazy("a topic", "Love and sex"),
    "body": pgettext_lazy("a topic", "My body and food"),
    "school": pgettext_lazy("a topic", "School is too much"),
    "bullying": pgettext_lazy("a topic", "Somebody is mean to me"),
    "hurt": pgettext_lazy("a topic", "Somebody hurts me"),
    "money": pgettext_lazy("a topic", "Money, or a place to live"),
    "drugs": pgettext_lazy("a topic", "Alcohol, drugs or gaming"),
    "wrong_school": pgettext_lazy("a topic", "I am at the wrong school"),
    "else": pgettext_lazy("a topic", "Something else"),
}
#: With these the numbers to call, and what happens next, are always in sight.
GRAVE = frozenset({"hurt", "heavy", "worried"})

#: What happens next, for a student who chose one of those: short sentences, and no promise of secrecy.
NEXT_STEPS: dict[str, tuple[LazyText, ...]] = {
    "hurt": (
        _("It is not your fault."),
        _("The adult listens first, and takes it seriously."),
        _("They must help you to be safe. Sometimes others must know."),
        _("They try to talk with you before they tell anybody."),
    ),
    "heavy": (
        _("It is good that you tell somebody."),
        _("You have done nothing wrong, and you are not alone."),
        _("The adult listens first. You need not explain it well."),
        _("They try to talk with you before they tell anybody."),
        _("Is it too heavy right now? Call, do not wait."),
    ),
    "worried": (
        _("It is good that you tell somebody."),
        _("You need not say who your friend is."),
        _("The adult helps you to find out what to do."),
        _("Is your friend in danger now? Call, do not wait."),
    ),
}

_NURSE, _COUNSELLOR, _PSYCHOLOGIST = "school_nurse", "counsellor", "psychologist"
_PPT, _SSP, _GUIDANCE = "educational_psychology", "ssp", "guidance"
#: Professions in the order in which they are proposed, where a country says nothing else.
_USUAL: dict[str, tuple[str, ...]] = {
    "home": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST, _SSP),
    "sleep": (_NURSE, _PSYCHOLOGIST, _COUNSELLOR),
    "friends": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST),
    "love": (_NURSE, _COUNSELLOR),
    "body": (_NURSE, _PSYCHOLOGIST),
    "school": (_COUNSELLOR, _PPT, _GUIDANCE, _PSYCHOLOGIST),
    "bullying": (_COUNSELLOR, _NURSE, _SSP),
    "hurt": (_NURSE, _COUNSELLOR, _PSYCHOLOGIST, _SSP),
    "heavy": (_NURSE, _PSYCHOLOGIST, _COUNSELLOR, _SSP),
    "money": (_COUNSELLOR, _SSP, _GUIDANCE, _NURSE),
    "drugs": (_NURSE, _SSP, _COUNSELLOR, _PSYCHOLOGIST),
    "wrong_school": (_GUIDANCE, _COUNSELLOR, _PPT),
    "worried": (_NURSE, _COUNSELLOR, _PSYCHOLOGIST, _SSP),
    "else": (),
}
_OTHERWISE: dict[str, dict[str, tuple[str, ...]]] = {
    "SE": {
        "hurt": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST),
        "heavy": (_COUNSELLOR, _PSYCHOLOGIST, _NURSE),
        "drugs": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST),
        "worried": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST),
    },
    "FI": {
        "hurt": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST),
        "heavy": (_COUNSELLOR, _PSYCHOLOGIST, _NURSE),
        "worried": (_COUNSELLOR, _NURSE, _PSYCHOLOGIST),
    },
    "DK": {
        "home": (_NURSE, _SSP, _GUIDANCE),
        "drugs": (_SSP, _NURSE, _GUIDANCE),
        "bullying": (_NURSE, _SSP, _GUIDANCE),
        "money": (_GUIDANCE, _SSP, _NURSE),
    },
}


def word_key(topic: str) -> str:
    """The key of the municipality's own sentence for a topic."""
    return f"topic_{topic}"


#: Sentences that a municipality may replace, beside those of `wording.KEYS`.
WORD_KEYS = frozenset(map(word_key, TOPICS))


def usual_professions(country: str, topic: str) -> tuple[str, ...]:
    """Which professions a topic proposes before the municipality has said anything, the first one first."""
    return _OTHERWISE.get(country.upper(), {}).get(topic, _USUAL[topic])


def usual_roles(country: str, topic: str, roles: Iterable[tuple[UUID, str]]) -> tuple[UUID, ...]:
    """The same as ids, of the municipality's own roles: (id, profession) in their order."""
    known = list(roles)
    return tuple(pk for wanted in usual_professions(country, topic) for pk, held in known if held == wanted)


@dataclass(frozen=True, slots=True)
class TopicRule:
    """A topic as this municipality has it. `roles` by school, None for everybody: the narrowest wins."""

    key: str
    roles: Mapping[UUID | None, tuple[UUID, ...]]
    is_shown: bool = True
    is_own: bool = False

    def roles_at(self, school_id: UUID | None) -> tuple[UUID, ...]:
        return self.roles[school_id] if school_id in self.roles else self.roles.get(None, ())


def topic_rules(
    rows: Iterable[Any], country: str, roles: Sequence[tuple[UUID, str]]
) -> tuple[TopicRule, ...]:
    """Every topic in its order, hidden ones too: what ships, and over it what the municipality has said (`rows` of
    models.Topic).
    """
    general, own = {}, dict[str, dict[UUID | None, tuple[UUID, ...]]]()
    for row in rows:
        if row.school_id is None:
            general[row.key] = row
        if row.roles is not None:
            own.setdefault(row.key, {})[row.school_id] = tuple(UUID(one) for one in row.roles)
    order = {key: n for n, key in enumerate(TOPICS)}
    order |= {key: row.order for key, row in general.items()}
    return tuple(
        TopicRule(
            key,
            {None: usual_roles(country, key, roles), **own.get(key, {})},
            is_shown=general[key].is_shown if key in general else True,
            is_own=None in own.get(key, {}),
        )
        for key in sorted(TOPICS, key=lambda one: (order[one], list(TOPICS).index(one)))
    )
