"""What is sealed opens in its own place, under its own key, and nowhere else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.crypto import keys
from kernel.crypto.models import CaseKey, MunicipalityKey
from kernel.tenancy import inside
from tests.cast import World

KEY, PLACE = os.urandom(32), b"here"


@given(plain=st.binary(max_size=300), bit=st.integers(min_value=0))
def test_one_flipped_bit_and_it_does_not_open(plain: bytes, bit: int) -> None:
    box = bytearray(keys.seal(KEY, plain, PLACE))
    assert keys.unseal(KEY, bytes(box), PLACE) == plain
    box[(bit // 8) % len(box)] ^= 1 << bit % 8
    with pytest.raises(keys.CannotOpen):
        keys.unseal(KEY, bytes(box), PLACE)


def test_a_box_moved_elsewhere_does_not_open() -> None:
    box = keys.seal(KEY, b"words", PLACE)
    with pytest.raises(keys.CannotOpen):
        keys.unseal(KEY, box, b"elsewhere")


def test_a_box_cut_short_does_not_open() -> None:
    box = keys.seal(KEY, b"words", PLACE)
    for length in range(len(box)):
        with pytest.raises(keys.CannotOpen):
            keys.unseal(KEY, box[:length], PLACE)


@pytest.mark.django_db
def test_a_municipality_cannot_open_its_neighbours_box(world: World) -> None:
    with inside(world.alpha):
        box = keys.seal_box("visit", b"words")
        assert keys.open_box("visit", box) == b"words"
    with inside(world.beta), pytest.raises(keys.CannotOpen):
        keys.open_box("visit", box)


@pytest.mark.django_db
def test_a_box_of_one_purpose_does_not_open_for_another(world: World) -> None:
    with inside(world.alpha):
        box = keys.seal_box("visit", b"words")
        with pytest.raises(keys.CannotOpen):
            keys.open_box("second-factor", box)


@pytest.mark.django_db
def test_a_destroyed_case_key_shreds_what_it_sealed(world: World) -> None:
    with inside(world.alpha):
        case_key = keys.new_case_key()
        assert len(keys.case_key_bytes(case_key)) == 32
        CaseKey.objects.filter(pk=case_key.pk).update(wrapped=None, destroyed_at=case_key.made_at)
        with pytest.raises(keys.CannotOpen):
            keys.case_key_bytes(CaseKey.objects.get(pk=case_key.pk))


@pytest.mark.django_db
def test_keys_are_stored_wrapped_only(world: World) -> None:
    with inside(world.alpha):
        clear = keys.municipality_key("case")
        for row in MunicipalityKey.objects.all():
            assert clear not in bytes(row.wrapped)


@pytest.mark.django_db
def test_another_municipalitys_wrapped_key_does_not_unwrap_here(world: World) -> None:
    with inside(world.alpha):
        theirs = bytes(MunicipalityKey.objects.get(purpose="case").wrapped)
    with pytest.raises(keys.CannotOpen):
        keys._unwrap_municipality_key(world.beta.id, "case", 1, theirs)
