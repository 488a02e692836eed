"""What administrators type. Forms read and show; every rule is the operation's, so that pages and API
refuse alike."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid
from kernel.guarantee import CountedHours, Guarantee
from kernel.ui.forms import SayingForm
from tenants.setup.models import Employer, ResponseGuarantee, School
from tenants.setup.role_texts import PROFESSIONS
from tenants.setup.tongues import TONGUES
from tenants.setup.wording import KEYS, OURS
from tenants.setup.words import (
    EMPLOYER_KINDS,
    PROFESSION_NAMES,
    SCHOOL_FORMS,
    URGENCIES,
    WHO_SENDS_FILES,
    weekday_name,
)

type Choices = Iterable[tuple[Any, Any]]


def attempt(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run the operation; put what it refuses beside the fields it names. True when it was done."""
    try:
        act()
    except Invalid as refusal:
        for error in refusal.errors:
            field = error.field.replace(".", "_")
            form.add_error(field if field in form.fields else None, str(error.message))
        return False
    return True


def language_name(code: str) -> str:
    """A language in its own name: "Norsk bokmål"."""
    return str(get_language_info(code)["name_local"]).capitalize()


def spoken_languages() -> list[tuple[str, str]]:
    """Those a student may read the door in."""
    return [(code, language_name(code)) for code, _name in settings.LANGUAGES]


def staff_languages() -> list[tuple[str, str]]:
    """Those of helpers' and administrators' pages, and of what a door may show first."""
    return [(code, language_name(code)) for code in settings.STAFF_LANGUAGES]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SchoolForm(SayingForm):
    name = forms.CharField(label=_("Name of the school"), max_length=200)
    form = forms.ChoiceField(
        label=_("Kind of school"), choices=[(key, SCHOOL_FORMS[key]) for key in School.Form.values]
    )


class SchoolsDoorForm(SchoolForm):
    """A school that is there already: what its students meet first, too."""

    simple_door = forms.BooleanField(
        label=_("The simple door comes first"),
        required=False,
        help_text=_(
            "For students under 13: pictures, few words, read aloud. Older ones find the other door there."
        ),
    )
    shows_faces = forms.BooleanField(
        label=_("Show students the helpers' faces"),
        required=False,
        help_text=_(
            "Only of those who have given a picture and said yes. The others are shown by their initials."
        ),
    )


class FaceForm(SayingForm):
    """One's own picture, and the yes to students seeing it."""

    picture = forms.FileField(
        label=_("A picture of you"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 2 MB. We cut it to a square, and forget where it was taken."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    agrees = forms.BooleanField(
        label=_("Students of my schools may see it"),
        required=False,
        help_text=_("You can take it back at any time. Then it is gone at once."),
    )


class EmployerForm(SayingForm):
    name = forms.CharField(label=_("Name of the employer"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of employer"), choices=[(key, EMPLOYER_KINDS[key]) for key in Employer.Kind.values]
    )


class RoleForm(SayingForm):
    """Names, what for, and what stays private: one field a language, for the languages students are
    offered."""

    profession = forms.ChoiceField(
        label=_("Profession"),
        help_text=_("Decides which rules of confidentiality apply. Students see the name below."),
        choices=[(key, PROFESSION_NAMES[key]) for key in PROFESSIONS],
    )
    employer = forms.ChoiceField(
        label=_("Employer"),
        required=False,
        help_text=_("Who employs most people in this role. A post may say otherwise."),
    )

    def __init__(self, *args: Any, languages: Iterable[str], employers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(languages)
        self.groups = [
            (_("The name students know"), _("In one language at least."), self._names("names")),
            (_("What students may come with"), _("You may leave this empty."), self._names("describes")),
            (_("What this helper can keep private"), _("You may leave this empty."), self._names("keeps")),
        ]
        self.fields["employer"].choices = [("", "–"), *employers]  # type: ignore[attr-defined]
        for _legend, _hint, names in self.groups:
            for field, code in zip(names, self.languages, strict=True):
                self.fields[field] = self._text_in(code, is_short=names == self._names("names"))

    def _names(self, kind: str) -> list[str]:
        return [f"{kind}_{code}" for code in self.languages]

    @staticmethod
    def _text_in(code: str, *, is_short: bool) -> forms.CharField:
        name = language_name(code)
        if is_short:
            return forms.CharField(label=name, max_length=200, required=False)
        area = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(label=name, widget=area, required=False)

    def texts(self, kind: str, before: dict[str, str] | None = None) -> dict[str, str]:
        """The texts of one kind; languages that are not shown keep what they had."""
        typed = {code: self.cleaned_data.get(f"{kind}_{code}", "") for code in self.languages}
        return {**(before or {}), **typed}


class CannedReplyForm(SayingForm):
    """A title for the helpers and a text for the student, a field a language that students are offered."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, languages: Iterable[str], roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(languages)
        titles, texts = ([f"{kind}_{code}" for code in self.languages] for kind in ("titles", "texts"))
        self.groups = [
            (_("What helpers see in their list"), _("In one language at least."), titles),
            (_("What the student reads"), _("{role} and {school} are filled in. Write no names."), texts),
        ]
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
        for field, code in zip(titles, self.languages, strict=True):
            self.fields[field] = forms.CharField(label=language_name(code), max_length=60, required=False)
        for field, code in zip(texts, self.languages, strict=True):
            area = forms.Textarea(attrs={"rows": 4})
            self.fields[field] = forms.CharField(label=language_name(code), widget=area, required=False)

    def words(self, kind: str, before: dict[str, str] | None = None) -> dict[str, str]:
        """Titles or texts; languages that are not shown keep what they had."""
        typed = {code: self.cleaned_data.get(f"{kind}_{code}", "") for code in self.languages}
        return {**(before or {}), **typed}


class PersonForm(SayingForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.CharField(
        label=_("Work e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=staff_languages)
    is_administrator = forms.BooleanField(
        label=_("May change the set-up (administrator)"),
        required=False,
        help_text=_("An administrator never reads what students write."),
    )


class PostForm(SayingForm):
    role = forms.ChoiceField(label=_("Role"))
    school = forms.ChoiceField(label=_("School"))
    employer = forms.ChoiceField(label=_("Employer"), required=False)
    starts_on = forms.DateField(label=_("First day"), required=False, widget=DateInput)
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=DateInput, help_text=_("Empty: until further notice.")
    )

    agreement = forms.CharField(
        label=_("Agreement"),
        required=False,
        max_length=200,
        help_text=_("For a helper lent by another municipality: which agreement, with a last day above."),
    )

    def __init__(
        self, *args: Any, roles: Choices, schools: Choices, employers: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
        self.fields["school"].choices = list(schools)  # type: ignore[attr-defined]
        self.fields["employer"].choices = [("", _("As the role")), *employers]  # type: ignore[attr-defined]


class LeadForm(SayingForm):
    school = forms.ChoiceField(label=_("Leads"), required=False)

    def __init__(self, *args: Any, schools: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", _("All schools")), *schools]  # type: ignore[attr-defined]


class SpeaksForm(SayingForm):
    speaks = forms.MultipleChoiceField(
        label=_("Answers students in"),
        choices=list(TONGUES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Students see it where they choose whom to talk to. None chosen: we do not say."),
    )


class LanguagesForm(SayingForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages students may choose"),
        choices=spoken_languages,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    default_language = forms.ChoiceField(
        label=_("Language when we know nothing of the reader"),
        choices=staff_languages,
        help_text=_("A phone says which languages its owner reads. This one is used when it does not."),
    )


_SPAN = re.compile(r"^\s*([\d:.]+)\s*(?:-|–|—|til|till|to)\s*([\d:.]+)\s*$")


class WeekForm(SayingForm):
    """The week's hours as people write them: "08:00–12:00, 13:00–16:00". Empty: closed."""

    groups = (
        (
            _("Hours"),
            _("Open on one day of the week at least."),
            [f"open_hours_{day}" for day in range(1, 8)],
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(1, 8):
            self.fields[f"open_hours_{day}"] = forms.CharField(
                label=weekday_name(day), required=False, max_length=120
            )
        self.fields["public_holidays_counted"] = forms.BooleanField(
            label=_("Answer on public holidays too"), required=False
        )
        self.fields["school_breaks_counted"] = forms.BooleanField(
            label=_("Answer in school breaks too"), required=False
        )

    def hours(self) -> dict[str, list[list[str]]]:
        """As kernel.guarantee writes them. What cannot be read comes back as it was typed, for the rule to
        refuse."""
        week: dict[str, list[list[str]]] = {}
        for day in range(1, 8):
            typed = self.cleaned_data.get(f"open_hours_{day}", "").strip()
            spans = []
            for part in re.split(r"[,;]", typed) if typed else ():
                match = _SPAN.match(part)
                spans.append([match[1], match[2]] if match else [part, ""])
            week[str(day)] = spans
        return week

    @staticmethod
    def shown(open_hours: dict[str, list[list[str]]]) -> dict[str, str]:
        """Initial values from a calendar's hours."""
        return {
            f"open_hours_{day}": ", ".join("–".join(span) for span in open_hours.get(str(day), ()))
            for day in range(1, 8)
        }


class ClosedDayForm(SayingForm):
    day = forms.DateField(label=_("Day"), widget=DateInput)
    name = forms.CharField(label=_("What is it?"), max_length=200)


class BreakForm(SayingForm):
    name = forms.CharField(label=_("Name of the break"), max_length=200)
    first_day = forms.DateField(label=_("First day"), widget=DateInput)
    last_day = forms.DateField(label=_("Last day, included"), widget=DateInput)


class GuaranteeForm(SayingForm):
    kind = forms.ChoiceField(
        label=_("Count in"),
        widget=forms.RadioSelect,
        choices=[
            (ResponseGuarantee.Kind.COUNTED_HOURS.value, _("Open hours")),
            (ResponseGuarantee.Kind.WORKING_DAYS.value, _("Working days")),
        ],
    )
    amount = forms.IntegerField(
        label=_("How many"),
        help_text=_("1 to 240 hours, or 1 to 30 days."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    received_when_closed = forms.ChoiceField(
        label=_("When somebody asks while it is closed"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("next_open_day", _("We count from the next open day")),
            ("same_day", _("We count from the day they asked")),
        ],
        help_text=_("For working days only."),
    )


class RemindersForm(SayingForm):
    """Three shares in per cent."""

    NAMES = ("first", "second", "third")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = (
            _("Whoever is responsible, after (per cent)"),
            _("Everybody of the role who is there, after (per cent)"),
            _("The lead, too, after (per cent)"),
        )
        for name, label in zip(self.NAMES, labels, strict=True):
            self.fields[name] = forms.IntegerField(
                label=label, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
            )

    @classmethod
    def shown(cls, shares: Iterable[int]) -> dict[str, int]:
        return dict(zip(cls.NAMES, shares, strict=False))

    def clean(self) -> dict[str, Any]:
        """Beside the number that is wrong; the operation holds the same."""
        found, before = super().clean() or {}, 0
        for name in self.NAMES:
            share = found.get(name)
            if share is None:
                continue
            if not 1 <= share <= 99:
                self.add_error(name, _("Choose between 1 and 99 per cent."))
            elif share <= before:
                self.add_error(
                    name, _("Later than the reminder before: more than %(n)d per cent.") % {"n": before}
                )
            before = max(before, share)
        return found

    def shares(self) -> list[int]:
        return [self.cleaned_data[name] for name in self.NAMES]


class MeetingsForm(SayingForm):
    """For each urgency a number of open hours or working days; for everybody also when both are reminded and for
    how long the clock may stand."""

    def __init__(self, *args: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [
            (ResponseGuarantee.Kind.COUNTED_HOURS.value, _("Open hours")),
            (ResponseGuarantee.Kind.WORKING_DAYS.value, _("Working days")),
        ]
        self.groups = []
        for urgency, name in URGENCIES.items():
            self.fields[f"{urgency}_amount"] = forms.IntegerField(
                label=_("How many"), widget=forms.NumberInput(attrs={"inputmode": "numeric"})
            )
            self.fields[f"{urgency}_kind"] = forms.ChoiceField(label=_("Count in"), choices=units)
            self.groups.append((name, "", [f"{urgency}_amount", f"{urgency}_kind"]))
        if everywhere:
            self.fields["reminder"] = forms.IntegerField(
                label=_("Remind both so many minutes before"),
                help_text=_("15 minutes to 3 days. Never at night."),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            self.fields["longest_pause"] = forms.IntegerField(
                label=_("The clock stands for at most so many working days"),
                help_text=_("While the student chooses. 1 to 30; later times cannot be proposed."),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @staticmethod
    def shown(within: Mapping[str, Guarantee], reminder: int, pause: int) -> dict[str, Any]:
        found: dict[str, Any] = {"reminder": reminder, "longest_pause": pause}
        for urgency, value in within.items():
            in_hours = isinstance(value, CountedHours)
            kinds = ResponseGuarantee.Kind
            found[f"{urgency}_kind"] = (kinds.COUNTED_HOURS if in_hours else kinds.WORKING_DAYS).value
            found[f"{urgency}_amount"] = int(value.hours) if isinstance(value, CountedHours) else value.days
        return found


class AttachmentsForm(SayingForm):
    """Who may send pictures and files."""

    who = forms.ChoiceField(
        label=_("Who may send pictures and files?"),
        choices=list(WHO_SENDS_FILES.items()),
        widget=forms.RadioSelect,
    )


class LookForm(SayingForm):
    brand = forms.CharField(
        label=_("The colour of your door"),
        max_length=20,
        widget=forms.ColorInput,
        help_text=_("We make every other colour from it, light and dark, easy to read."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Not SVG."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    show_names = forms.BooleanField(
        label=_("Show students who answers, by name"),
        required=False,
        help_text=_("A name makes the door less strange. Without it students see the role only."),
    )
    exit_url = forms.CharField(
        label=_("Where “Leave this page” goes"),
        required=False,
        max_length=300,
        help_text=_("A page anybody could have open. Empty: your country's weather."),
    )


class WordingForm(SayingForm):
    """Every sentence in every language on one page, saved together: nothing typed is ever lost.

    Beside each stands what it was when the page was made, so that only what somebody changed is saved and a
    colleague's change of another sentence stays.
    """

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in KEYS:
            for code in languages:
                with override(code):
                    ours = str(OURS[key])
                self.fields[f"{key}_{code}"] = forms.CharField(
                    label=language_name(code),
                    help_text=ours,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                    required=False,
                )

    def was(self, name: str) -> str:
        """What stood there when the page was made."""
        return str(self.data.get(f"was_{name}", "") if self.is_bound else self.initial.get(name, ""))

    def changed(self) -> dict[tuple[str, str], str]:
        """What somebody typed anew, by key and language."""
        return {
            (name.partition("_")[0], name.partition("_")[2]): text
            for name, text in self.cleaned_data.items()
            if text.split() != self.was(name).split()
        }


def chosen_id(value: str) -> UUID | None:
    """A choice of a select as an id; None for the empty choice."""
    return UUID(value) if value else None


def as_id(text: str) -> UUID | None:
    """The text as an id; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
