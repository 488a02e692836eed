"""Every field of every table is in the privacy register, and content is sealed."""

from importlib import import_module

import pytest
from django.db import models

from kernel.crypto.fields import EncryptedField
from kernel.privacy import Kind
from tests.house.test_floors import MODELS, OURS

APPS = [app for app in OURS if list(app.get_models())]


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.label)
def test_every_field_is_classified_and_nothing_else_is(app) -> None:
    register = import_module(f"{app.name}.privacy").REGISTER
    fields = {
        f"{model.__name__}.{field.name}" for model in app.get_models() for field in model._meta.local_fields
    }
    for_each = (
        f"{app.name.replace('.', '/')}/privacy.py names each field of its models, with a Kind, and no other"
    )
    assert sorted(fields - set(register)) == [], for_each
    assert sorted(set(register) - fields) == [], for_each
    assert all(isinstance(kind, Kind) for kind in register.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_content_is_sealed_and_only_content(model: type[models.Model]) -> None:
    app_register = import_module(f"{model._meta.app_config.name}.privacy").REGISTER
    for field in model._meta.local_fields:
        kind = app_register.get(f"{model.__name__}.{field.name}")
        assert (kind is Kind.CONTENT) == isinstance(field, EncryptedField), f"{model.__name__}.{field.name}"


#: What an administrator keeps for everybody, about no student: no helper and no student can write there.
SET_UP = {"worry.LocalNumber", "worry.SafetyText"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_services_keep_no_free_text_in_the_clear(model: type[models.Model]) -> None:
    if not model.__module__.startswith("services.") or model._meta.label in SET_UP:
        return
    for field in model._meta.local_fields:
        assert not isinstance(field, models.TextField), (
            f"{model.__name__}.{field.name} must be an EncryptedField"
        )
        if isinstance(field, models.CharField):
            assert (field.max_length or 999) <= 64, f"{field} is long enough for words"
