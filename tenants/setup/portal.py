"""What a student's page needs to know about the municipality, as one frozen value. Built by
queries.portal()."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from kernel.guarantee import Guarantee, WorkingCalendar, due_at
from kernel.ui.bidi import Said
from kernel.ui.theme import DEFAULT_BRAND, theme_hash
from tenants.presence.presence import Roster
from tenants.setup.topics import TopicRule

type Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class LookOfDoor:
    """Brand `#rrggbb`; addresses are "" when there is nothing."""

    brand: str = DEFAULT_BRAND
    logo: bytes = b""
    logo_hash: str = ""
    show_names: bool = True
    exit_url: str = ""

    @property
    def theme_url(self) -> str:
        return f"/theme.{theme_hash(self.brand)}.css"

    @property
    def logo_url(self) -> str:
        return f"/logo.{self.logo_hash}.png" if self.logo_hash else ""


@dataclass(frozen=True, slots=True)
class OfferedLanguage:
    """A language students may choose. `reviewed`: by us, or by a named person of the municipality."""

    code: str
    is_default: bool
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody who holds a role today, by name; the languages they answer in, as far as somebody has said them."""

    id: UUID
    name: str
    speaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleAtSchool:
    """A role students may choose at a school. `people`: names of those who hold it today ([] when not
    shown); `adults`: the same to choose from; `speaks`: in which languages who holds it answers, shown or not;
    `all_have_said`: each of them has told theirs."""

    id: UUID
    key: str
    profession: str
    names: Texts
    describes: Texts
    keeps: Texts
    people: tuple[str, ...] = ()
    adults: tuple[Adult, ...] = ()
    speaks: tuple[str, ...] = ()
    all_have_said: bool = False

    def name(self, language: str) -> str:
        return text_in(self.names, language) or self.key

    def describe(self, language: str) -> str:
        return text_in(self.describes, language)

    def keep(self, language: str) -> str:
        return text_in(self.keeps, language)


@dataclass(frozen=True, slots=True)
class SchoolDoor:
    """An open school and the roles that may be chosen there, in the municipality's order.

    `roles`: somebody is there before a promise given today runs out. `unstaffed`: roles of the school in which
    nobody is; they are offered to nobody, and a knock for one is accepted all the same. `has_people`: somebody
    holds a post here, or will. `slug`: its address that is printed, /s/<slug>/. `simple`: its first screen is
    the one for the youngest.
    """

    id: UUID
    name: str
    form: str
    roles: tuple[RoleAtSchool, ...]
    unstaffed: tuple[RoleAtSchool, ...] = ()
    has_people: bool = True
    slug: str = ""
    simple: bool = False
    shows_faces: bool = False

    def role(self, role_id: UUID) -> RoleAtSchool | None:
        """An offered role."""
        return next((role for role in self.roles if role.id == role_id), None)

    def any_role(self, role_id: UUID) -> RoleAtSchool | None:
        """A role of the school, whether or not somebody is there."""
        return next((role for role in (*self.roles, *self.unstaffed) if role.id == role_id), None)


@dataclass(frozen=True, slots=True)
class StudentProvider:
    """Somebody who vouches for who a student is: an identity provider for students that is on."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything. Schools by name. `guarantees` by (school id or None, role id or None). `addresses`: every slug
    that ever led to a school, closed ones too. `names`: of those who hold a post, by account; {} where none is shown.
    `outside`: (school, role) that students of another school may choose.
    `faces`: the digests of their pictures. `leads`: (school, account) of who leads a school by name.
    `student_providers`: by whom a student may show who they are, by name.
    """

    version: UUID | None
    day: date
    look: LookOfDoor = LookOfDoor()
    languages: tuple[OfferedLanguage, ...] = ()
    schools: tuple[SchoolDoor, ...] = ()
    calendar: WorkingCalendar | None = None
    guarantees: dict[tuple[UUID | None, UUID | None], Guarantee] = field(default_factory=dict)
    wording: dict[tuple[str, str], str] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    attachments: dict[UUID | None, str] = field(default_factory=dict)
    addresses: dict[str, UUID] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    topics: tuple[TopicRule, ...] = ()
    outside: tuple[tuple[UUID, UUID], ...] = ()
    faces: dict[UUID, str] = field(default_factory=dict)
    leads: tuple[tuple[UUID, UUID], ...] = ()
    student_providers: tuple[StudentProvider, ...] = ()

    @property
    def default_language(self) -> str:
        return next((one.code for one in self.languages if one.is_default), "en")

    @property
    def language_codes(self) -> tuple[str, ...]:
        """Those chosen in set-up, reviewed or not."""
        return tuple(one.code for one in self.languages)

    @property
    def door_languages(self) -> tuple[str, ...]:
        """Those students may read the door in: somebody named has reviewed them. A demo offers the others as well, and
        says so."""
        return tuple(one.code for one in self.languages if one.reviewed or one.is_default or settings.DEMO)

    def is_open(self, day: date) -> bool:
        """Whether somebody is to be there on the day at all; before there is a calendar, on every one."""
        return self.calendar is None or self.calendar.is_counted(day)

    def school(self, school_id: UUID) -> SchoolDoor | None:
        return next((school for school in self.schools if school.id == school_id), None)

    def school_at(self, slug: str) -> SchoolDoor | None:
        """The open school this address leads to, by its present name or an earlier one."""
        school_id = self.addresses.get(slug.lower())
        return self.school(school_id) if school_id else None

    def guarantee(self, school_id: UUID | None = None, role_id: UUID | None = None) -> Guarantee | None:
        """What is promised there; the narrowest wins. None only before the municipality is furnished."""
        return narrowest(self.guarantees, school_id, role_id)

    def face_at(self, school: SchoolDoor, account_id: UUID) -> str:
        """The address of somebody's picture, where the school shows faces and they have given one; else ""."""
        digest = self.faces.get(account_id, "") if school.shows_faces and account_id in self.names else ""
        return f"/face.{digest}.webp" if digest else ""

    @property
    def faces_shown(self) -> frozenset[UUID]:
        """Whose pictures students may fetch today."""
        showing = {school.id for school in self.schools if school.shows_faces}
        held = {post.account_id for post in self.roster.posts if post.school_id in showing}
        return frozenset(held & self.faces.keys() & self.names.keys())

    def due_if_now(
        self, now: datetime, school_id: UUID | None = None, role_id: UUID | None = None
    ) -> datetime | None:
        """When somebody who asks at `now` would be answered by (UTC)."""
        guarantee = self.guarantee(school_id, role_id)
        if guarantee is None or self.calendar is None:
            return None
        return due_at(self.calendar, guarantee, now)

    def attachments_at(self, school_id: UUID | None) -> str:
        """Who may send pictures and files there: nobody · named · everybody (AttachmentRule.Who)."""
        return self.attachments.get(school_id) or self.attachments.get(None) or "nobody"

    def sentence(self, key: str, language: str) -> str:
        """The municipality's own sentence in this language; "" = use ours."""
        return self.wording.get((key, language), "")


def narrowest[G](
    guarantees: dict[tuple[UUID | None, UUID | None], G], school_id: UUID | None, role_id: UUID | None
) -> G | None:
    """Role at school, then role, then school, then everybody."""
    for place in ((school_id, role_id), (None, role_id), (school_id, None), (None, None)):
        if place in guarantees:
            return guarantees[place]
    return None


#: Who can read whose language when a text is missing.
_NEXT_BEST = {
    "nb": ("nn", "da", "sv", "en"),
    "nn": ("nb", "da", "sv", "en"),
    "sv": ("nb", "da", "en"),
    "da": ("nb", "nn", "sv", "en"),
    "fi": ("sv", "en"),
    "se": ("nb", "nn", "fi", "sv"),
}


def text_in(texts: Texts, language: str) -> Said:
    """The text in this language, or in the one its reader reads next best, and in which it is; "" when there is none at
    all."""
    for code in (language, *_NEXT_BEST.get(language, ()), "en", *texts):
        if texts.get(code):
            return Said(texts[code], code)
    return Said("")
