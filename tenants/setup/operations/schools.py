"""Schools, employers and helper roles: add, rename, close. Closing never touches contact requests under
way."""

import re
import unicodedata
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from kernel import events
from kernel.actor import Actor
from kernel.errors import Conflict, FieldError, Invalid, NotFound, violated
from kernel.plain import hidden_signs
from tenants.feasibility.guard import refuse_gaps
from tenants.feasibility.plan import with_role, with_school
from tenants.setup.actors import today
from tenants.setup.models import Employer, HelperRole, School, SchoolAddress
from tenants.setup.operations.change import change
from tenants.setup.role_texts import PROFESSIONS
from tenants.setup.school_addresses import candidates

type Texts = Mapping[str, str]
LONGEST_NAME = 120
LONGEST_TEXT = 300


def checked_name(name: str, field: str = "name") -> str:
    """The name with single spaces. Raises Invalid."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= LONGEST_NAME:
        raise Invalid([FieldError(field, _("Give the name, 2 to 120 characters."))])
    if errors := hidden_signs(**{field: name}):
        raise Invalid(errors)
    return name


#: What schools are called that have nobody over twelve.
_FOR_THE_YOUNGEST = re.compile(
    r"barneskole|barneskule|småskole|småskule|lågstadi|mellanstadi|indskoling|alakoulu|lågstadieskola"
    r"|\b[f01] ?[-–] ?[3-7]\b",
    re.IGNORECASE,
)


def is_for_the_youngest(name: str, form: str) -> bool:
    """Whether a school's name says that its students are under 13. Most names do not: then somebody chooses."""
    return form == School.Form.COMPULSORY and _FOR_THE_YOUNGEST.search(name) is not None


def _taken(name: str) -> Invalid:
    return Invalid(
        name=_("There is a school called %(name)s already. Add the place to tell them apart.")
        % {"name": name}
    )


def add_school(
    *,
    name: str,
    form: str,
    register_code: str = "",
    simple_door: bool | None = None,
    shows_faces: bool = False,
    by: Actor,
) -> UUID:
    """Open a door at a school. `simple_door` None: by what its name says (is_for_the_youngest). Raises Invalid (name,
    form). Emits SchoolWentLive.
    """
    name = checked_name(name)
    if form not in School.Form.values:
        raise Invalid(form=_("Choose the kind of school."))
    with change(by, "add_school") as this:
        try:
            with transaction.atomic():
                row = School.objects.create(
                    name=name,
                    form=form,
                    register_code=register_code.strip()[:30],
                    opened_on=today(),
                    simple_door=is_for_the_youngest(name, form) if simple_door is None else simple_door,
                    shows_faces=shows_faces,
                )
        except IntegrityError as error:
            raise _taken(name) from error
        give_address(row)
        this.record("school", row.pk, form=form)
        events.emit(events.SchoolWentLive(school_id=str(row.pk)))
        return row.pk


def rename_school(
    *,
    school_id: UUID,
    name: str,
    form: str | None = None,
    simple_door: bool | None = None,
    shows_faces: bool | None = None,
    by: Actor,
) -> None:
    """Change the name and, when given, the kind and what its students meet. Raises Invalid (name, form), NotFound."""
    name = checked_name(name)
    if form is not None and form not in School.Form.values:
        raise Invalid(form=_("Choose the kind of school."))
    with change(by, "rename_school") as this:
        row = _school(school_id)
        before = (row.name, row.form, row.simple_door, row.shows_faces)
        row.name, row.form = name, form or row.form
        row.simple_door = row.simple_door if simple_door is None else simple_door
        row.shows_faces = row.shows_faces if shows_faces is None else shows_faces
        if before == (row.name, row.form, row.simple_door, row.shows_faces):
            return
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise _taken(name) from error
        give_address(row)
        this.record("school", row.pk, form=row.form)


def close_school(*, school_id: UUID, by: Actor) -> None:
    """Take the school's door away. Requests under way stay with their helpers. Closed already: nothing
    happens."""
    with change(by, "close_school") as this:
        row = _school(school_id)
        if row.closed_on is None:
            row.closed_on = today()
            row.save()
            this.record("school", row.pk)


def reopen_school(*, school_id: UUID, by: Actor) -> None:
    """Undo closing. Raises Conflict when another open school has taken the name."""
    with change(by, "reopen_school") as this:
        row = _school(school_id)
        if row.closed_on is None:
            return
        refuse_gaps(by, with_school(row.pk))
        row.closed_on = None
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Conflict(_("Another school has this name now. Rename one of them first.")) from error
        this.record("school", row.pk)


def give_address(school: School) -> None:
    """Make the best address of the school's name the one that is printed. Those it had lead to it still.

    Under the set-up's lock, so nobody takes an address between question and answer.
    """
    owners = dict(SchoolAddress.objects.values_list("slug", "school_id"))
    wanted = candidates(school.name, school.register_code)
    slug = next(one for one in wanted if owners.get(one, school.pk) == school.pk)
    SchoolAddress.objects.filter(school=school, is_current=True).exclude(slug=slug).update(is_current=False)
    SchoolAddress.objects.update_or_create(slug=slug, school=school, defaults={"is_current": True})


def _school(school_id: UUID) -> School:
    row = School.objects.filter(pk=school_id).first()
    if row is None:
        raise NotFound(_("There is no such school."))
    return row


# --- employers ---------------------------------------------------------------------------------------------


def add_employer(*, name: str, kind: str, by: Actor) -> UUID:
    """Somebody helpers work for. Raises Invalid (name, kind)."""
    return _save_employer(None, name, kind, by)


def rename_employer(*, employer_id: UUID, name: str, kind: str, by: Actor) -> UUID:
    """Change name and kind. Raises Invalid (name, kind), NotFound."""
    return _save_employer(employer_id, name, kind, by)


def _save_employer(employer_id: UUID | None, name: str, kind: str, by: Actor) -> UUID:
    name = checked_name(name)
    if kind not in Employer.Kind.values:
        raise Invalid(kind=_("Choose what kind of employer this is."))
    with change(by, "rename_employer" if employer_id else "add_employer") as this:
        row = Employer.objects.filter(pk=employer_id).first() if employer_id else Employer()
        if row is None:
            raise NotFound(_("There is no such employer."))
        row.name, row.kind = name, kind
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Invalid(name=_("This employer is in the list already.")) from error
        this.record("employer", row.pk, of=kind)
        return row.pk


def remove_employer(*, employer_id: UUID, by: Actor) -> None:
    """Take an employer away that nobody works for. Raises Conflict otherwise. Gone already: nothing
    happens."""
    with change(by, "remove_employer") as this:
        row = Employer.objects.filter(pk=employer_id).first()
        if row is None:
            return
        try:
            with transaction.atomic():
                row.delete()
        except (ProtectedError, IntegrityError) as error:
            raise Conflict(_("A role or a post belongs to this employer. Change those first.")) from error
        this.record("employer", employer_id)


# --- helper roles ------------------------------------------------------------------------------------------


_PLAIN = {
    ord(sign): plain for sign, plain in zip("æøåäöðþ", ("ae", "o", "a", "a", "o", "d", "th"), strict=True)
}


def key_from(name: str) -> str:
    """A role's key from its name: "Rådgiver / sosiallærer" → "radgiver-sosiallaerer"."""
    plain = name.lower().translate(_PLAIN)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-")


def checked_texts(texts: Texts, field: str, longest: int) -> dict[str, str]:
    """Texts per known language, empty ones left out. Raises Invalid (names.nb …)."""
    known = {code for code, _name in settings.LANGUAGES}
    clean, errors = {}, []
    for code, text in texts.items():
        text = " ".join(str(text).split())
        if code not in known:
            errors.append(FieldError(f"{field}.{code}", _("We do not speak this language yet.")))
        elif len(text) > longest:
            errors.append(
                FieldError(f"{field}.{code}", _("Keep it under %(most)d characters.") % {"most": longest})
            )
        elif hidden := hidden_signs(**{f"{field}.{code}": text}):
            errors += hidden
        elif text:
            clean[code] = text
    if errors:
        raise Invalid(errors)
    return clean


def _checked_names(names: Texts) -> dict[str, str]:
    clean = checked_texts(names, "names", 60)
    if not clean:
        raise Invalid(names=_("Give the role a name in at least one language."))
    return clean


def add_role(
    *,
    names: Texts,
    profession: str = "other",
    describes: Texts | None = None,
    keeps: Texts | None = None,
    employer_id: UUID | None = None,
    key: str = "",
    by: Actor,
) -> UUID:
    """A role students may choose. `names` {language: text}; `key` is made from the first name when not given.

    Raises Invalid (names, names.<language>, profession, key, employer).
    """
    clean = _checked_names(names)
    with change(by, "add_role") as this:
        last = HelperRole.objects.order_by("-order").values_list("order", flat=True).first()
        row = HelperRole(
            key=key_from(key or next(iter(clean.values()))),
            order=0 if last is None else last + 1,
            names=clean,
            describes=checked_texts(describes or {}, "describes", LONGEST_TEXT),
            keeps=checked_texts(keeps or {}, "keeps", LONGEST_TEXT),
            profession=_checked_profession(profession),
            employer_id=_checked_employer(employer_id),
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if violated(error) == "two_roles_never_share_a_key":
                raise Invalid(names=_("There is a role with this name already.")) from error
            raise
        this.record("role", row.pk, key=row.key)
        return row.pk


def change_role(
    *,
    role_id: UUID,
    names: Texts | None = None,
    describes: Texts | None = None,
    keeps: Texts | None = None,
    profession: str | None = None,
    employer_id: UUID | None = None,
    order: int | None = None,
    by: Actor,
) -> None:
    """Change what is given (texts as a whole: all languages at once); `employer_id` is always set, None =
    none."""
    with change(by, "change_role") as this:
        row = _role(role_id)
        if names is not None:
            row.names = _checked_names(names)
        if describes is not None:
            row.describes = checked_texts(describes, "describes", LONGEST_TEXT)
        if keeps is not None:
            row.keeps = checked_texts(keeps, "keeps", LONGEST_TEXT)
        if profession is not None:
            row.profession = _checked_profession(profession)
        if order is not None:
            row.order = max(0, min(order, 999))
        row.employer_id = _checked_employer(employer_id)
        row.save()
        this.record("role", row.pk, key=row.key)


def close_role(*, role_id: UUID, by: Actor) -> None:
    """Students can no longer choose it; requests under way stay. Raises Conflict for the last open role."""
    with change(by, "close_role") as this:
        row = _role(role_id)
        if row.closed_on is not None:
            return
        if not HelperRole.objects.filter(closed_on=None).exclude(pk=role_id).exists():
            raise Conflict(_("This is the last role. Add another before you close it."))
        row.closed_on = today()
        row.save()
        this.record("role", row.pk, key=row.key)


def reopen_role(*, role_id: UUID, by: Actor) -> None:
    """Undo closing."""
    with change(by, "reopen_role") as this:
        row = _role(role_id)
        if row.closed_on is not None:
            refuse_gaps(by, with_role(row.pk))
            row.closed_on = None
            row.save()
            this.record("role", row.pk, key=row.key)


def _role(role_id: UUID) -> HelperRole:
    row = HelperRole.objects.filter(pk=role_id).first()
    if row is None:
        raise NotFound(_("There is no such role."))
    return row


def _checked_profession(profession: str) -> str:
    if profession not in PROFESSIONS:
        raise Invalid(profession=_("Choose a profession from the list."))
    return profession


def _checked_employer(employer_id: UUID | None) -> UUID | None:
    if employer_id and not Employer.objects.filter(pk=employer_id).exists():
        raise Invalid(employer=_("Choose an employer from the list."))
    return employer_id
