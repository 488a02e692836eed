"""The receipt: derived, grouped, forgiving to read, impossible to guess."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.crypto import receipts
from kernel.tenancy import inside
from tests.cast import World

pytestmark = pytest.mark.django_db


def test_the_same_knock_gives_the_same_receipt(world: World) -> None:
    key = str(uuid.uuid4())
    with inside(world.alpha):
        assert receipts.derive(key) == receipts.derive(key)


def test_another_municipality_derives_another_receipt(world: World) -> None:
    key = str(uuid.uuid4())
    with inside(world.alpha):
        ours = receipts.derive(key)
    with inside(world.beta):
        assert receipts.derive(key) != ours


def test_a_receipt_is_26_signs_in_groups_with_a_check_sign(world: World) -> None:
    with inside(world.alpha):
        receipt = receipts.derive("k" * 20)
    assert len(receipt.replace("-", "")) == 27
    assert [len(group) for group in receipt.split("-")] == [5, 5, 5, 5, 5, 2]


def test_it_is_found_however_it_is_typed(world: World) -> None:
    with inside(world.alpha):
        receipt = receipts.derive("k" * 20)
        wanted = receipts.stored(receipt)
        for typed in (
            receipt.lower(),
            receipt.replace("-", " "),
            receipt.replace("-", "")[:26],
            f"  {receipt}\n",
        ):
            assert receipts.stored(typed) == wanted
        confused = receipt.replace("0", "O").replace("1", "l")
        assert receipts.stored(confused) == wanted


@settings(max_examples=200, deadline=None)
@given(position=st.integers(0, 25), other=st.sampled_from(receipts.ALPHABET))
def test_one_wrong_sign_is_noticed_by_the_check_sign(position: int, other: str) -> None:
    plain = "0123456789ABCDEFGHJKMNPQRS"
    number = 0
    for sign in plain:
        number = number * 32 + receipts.ALPHABET.index(sign)
    whole = plain + receipts.CHECK[number % 37]
    assert receipts.normalise(whole) == plain
    wrong = whole[:position] + other + whole[position + 1 :]
    assert (receipts.normalise(wrong) == plain) is (wrong == whole)
    if wrong != whole:
        assert receipts.normalise(wrong) is None


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reader(typed: str) -> None:
    found = receipts.normalise(typed)
    assert found is None or len(found) == receipts.LENGTH
