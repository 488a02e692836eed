"""What the doors of set-up take and give. Only shapes: what is allowed is the operations' business."""

from typing import Any

from rest_framework import serializers

from kernel.api.fields import Choice, Day, Flag, Id, Many, Map, Text, Whole
from kernel.api.serializers import Strict


class SchoolBody(Strict):
    name = Text(max_length=200)
    form = Text(max_length=20, help_text="compulsory, upper_secondary, vocational, adult, other")
    simple_door = Flag(required=False, help_text="Its first screen is the one for the youngest.")
    shows_faces = Flag(required=False, help_text="Students see the faces of helpers who said yes.")


class NewSchool(SchoolBody):
    register_code = Text(max_length=30, required=False, allow_blank=True)


class SchoolGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    form = serializers.CharField()
    simple_door = serializers.BooleanField()
    shows_faces = serializers.BooleanField()
    register_code = serializers.CharField()
    open = serializers.BooleanField()


class RoleBody(Strict):
    names = Map(child=Text(), required=False, help_text="{language: name}")
    describes = Map(child=Text(allow_blank=True), required=False)
    keeps = Map(child=Text(allow_blank=True), required=False)
    profession = Text(max_length=30, required=False)
    employer = Id(required=False, allow_null=True)
    order = Whole(required=False, min_value=0, max_value=999)


class NewRole(Strict):
    names = Map(child=Text(), help_text="{language: name}")
    describes = Map(child=Text(allow_blank=True), required=False)
    keeps = Map(child=Text(allow_blank=True), required=False)
    profession = Text(max_length=30, required=False)
    employer = Id(required=False, allow_null=True)
    key = Text(max_length=40, required=False)


class RoleGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    profession = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    describes = serializers.DictField(child=serializers.CharField())
    keeps = serializers.DictField(child=serializers.CharField())
    employer = serializers.UUIDField(allow_null=True)
    order = serializers.IntegerField()
    open = serializers.BooleanField()


class LanguageBody(Strict):
    is_default = Flag(required=False)
    reviewed_by = Text(max_length=120, required=False, allow_blank=True)


class NewLanguage(Strict):
    code = Text(max_length=10)


class LanguageGiven(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="the language code")
    is_default = serializers.BooleanField()
    reviewed = serializers.BooleanField()
    reviewed_by = serializers.CharField()


class NewEntry(Strict):
    """A school break (first_day, last_day) or an extra closed day (first_day)."""

    kind = Choice(choices=["break", "closed_day"])
    name = Text(max_length=200)
    first_day = Day()
    last_day = Day(required=False)


class EntryBody(Strict):
    """For the week: open_hours and what is counted. For a public holiday: state and closes_at."""

    open_hours = Map(
        child=Many(child=Many(child=Text(), min_length=2, max_length=2)),
        required=False,
        help_text='{"1": [["08:00", "16:00"]]}: ISO weekdays, local clock, 24:00 is legal',
    )
    public_holidays_counted = Flag(required=False)
    school_breaks_counted = Flag(required=False)
    state = Choice(choices=["closed", "half", "open"], required=False)
    closes_at = Text(required=False, help_text="HH:MM, for a half day")


KINDS = ("week", "public_holiday", "closed_day", "break")


class EntryGiven(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"source": serializers.CharField(required=False)}

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField(required=False)
    first_day = serializers.DateField(required=False)
    last_day = serializers.DateField(required=False)
    state = serializers.CharField(required=False)
    closes_at = serializers.CharField(required=False)
    open_hours = serializers.DictField(required=False)
    public_holidays_counted = serializers.BooleanField(required=False)
    school_breaks_counted = serializers.BooleanField(required=False)
    timezone = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False)


class GuaranteeBody(Strict):
    kind = Choice(choices=["counted_hours", "working_days"])
    amount = Whole(help_text="1 to 240 hours or 1 to 30 days")
    received_when_closed = Choice(choices=["same_day", "next_open_day"], required=False)


class NewGuarantee(GuaranteeBody):
    school = Id(required=False, allow_null=True)
    role = Id(required=False, allow_null=True)


class GuaranteeGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    school = serializers.UUIDField(allow_null=True)
    role = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    amount = serializers.IntegerField()
    received_when_closed = serializers.CharField()


class FilesBody(Strict):
    who = Choice(
        choices=["nobody", "named", "everybody"], help_text="named: helpers, and students who gave a name"
    )


class NewFiles(FilesBody):
    school = Id(required=False, allow_null=True)


class FilesGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    school = serializers.UUIDField(allow_null=True)
    who = serializers.CharField()


class LookBody(Strict):
    brand = Text(max_length=20, required=False, help_text="#rrggbb")
    logo = Text(
        required=False,
        allow_null=True,
        help_text="base64 of a PNG, JPEG or WebP of at most 2 MB; null takes it away",
    )
    show_names = Flag(required=False)
    exit_url = Text(max_length=300, required=False, allow_blank=True)


class LookGiven(serializers.Serializer[Any]):
    id = serializers.CharField()
    brand = serializers.CharField()
    logo_url = serializers.CharField()
    theme_url = serializers.CharField()
    show_names = serializers.BooleanField()
    exit_url = serializers.CharField()


class PostBody(Strict):
    role = Id()
    school = Id()
    employer = Id(required=False, allow_null=True)
    starts_on = Day(required=False)
    ends_on = Day(required=False, allow_null=True)
    agreement = Text(required=False, allow_blank=True, max_length=120)


class NewPerson(Strict):
    name = Text(max_length=200)
    email = Text(max_length=254)
    language = Text(max_length=10, required=False)
    is_administrator = Flag(required=False)
    posts = PostBody(many=True, required=False)


class LeadBody(Strict):
    school = Id(required=False, allow_null=True)


class PersonBody(Strict):
    is_administrator = Flag(required=False)
    end_posts = Many(child=Id(), required=False)
    posts = PostBody(many=True, required=False)
    leads = LeadBody(
        many=True, required=False, help_text="the whole list: others end; school null = all schools"
    )
    languages = Many(child=Text(max_length=10), required=False, help_text="in which they answer students")


class PostGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.UUIDField()
    school = serializers.UUIDField()
    employer = serializers.UUIDField(allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    agreement = serializers.CharField()


class LeadGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    school = serializers.UUIDField(allow_null=True)


class PersonGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    is_administrator = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.CharField())
    open = serializers.BooleanField()
    posts = PostGiven(many=True)
    leads = LeadGiven(many=True)
