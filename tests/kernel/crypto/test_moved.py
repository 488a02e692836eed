"""T10: what was moved, altered, left under another key or shredded does not open. Not once."""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from kernel.actor import MACHINE, student
from kernel.audit.operations import Reading
from kernel.crypto import keys, operations, rotation
from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey, MunicipalityKey
from kernel.tenancy import MunicipalityRef, inside
from services.contact import operations as contact
from services.contact.models import ContactRequest, ConversationMessage
from tests.cast import World
from tests.services.contact.people import knock

pytestmark = pytest.mark.django_db
ENDURE = os.environ.get("ENDURE") == "1"
ATTEMPTS = 100_000 if ENDURE else 2_000
FIELDS = {ContactRequest: ("channel_value", "name", "preferred_times"), ConversationMessage: ("text",)}
type Spot = tuple[MunicipalityRef, ContactRequest | ConversationMessage, str]


def spots(world: World, ref: MunicipalityRef) -> list[Spot]:
    """Every sealed value of a handful of conversations."""
    with inside(ref):
        ids = [
            knock(
                world,
                channel_kind="phone",
                channel_value="99887766",
                name=f"Navn {n}",
                preferred_times=f"Kl. {n}",
                message=f"Ord {n}",
            ).request_id
            for n in range(6)
        ]
        for pk in ids:
            contact.student_writes(by=student(pk), request_id=pk, text="Mer")
        rows = list(ContactRequest.objects.filter(pk__in=ids).select_related("case_key__wrapped_by"))
        messages = ConversationMessage.objects.filter(request_id__in=ids).select_related(
            "request__case_key__wrapped_by"
        )
        return [(ref, row, name) for row in [*rows, *messages] for name in FIELDS[type(row)]]


def box_of(spot: Spot) -> bytes:
    _ref, row, name = spot
    return bytes(row.__dict__[name])


def opens(spot: Spot, box: bytes) -> bool:
    """Whether `box` opens where `spot` is, by the only way there is."""
    ref, row, name = spot
    kept = row.__dict__[name]
    row.__dict__[name] = box
    try:
        with inside(ref):
            getattr(row, name).open(Reading(row.case_key_id))
        return True
    except keys.CannotOpen:
        return False
    finally:
        row.__dict__[name] = kept


def wrapped_opens(spot: Spot, wrapped: bytes) -> bool:
    """Whether a case key wrapped elsewhere or altered opens in this case's place."""
    ref, row, _name = spot
    real = row.case_key
    with inside(ref):
        try:
            keys.case_key_bytes(CaseKey(id=real.pk, wrapped=wrapped, wrapped_by_id=real.wrapped_by_id))
        except keys.CannotOpen:
            return False
    return True


def flipped(box: bytes, chance: random.Random) -> bytes:
    bit = chance.randrange(len(box) * 8)
    out = bytearray(box)
    out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


def cut(box: bytes, chance: random.Random) -> bytes:
    return box[: chance.randrange(len(box))] if chance.random() < 0.5 else box + os.urandom(1)


def test_of_every_hundred_thousand_moved_or_altered_ciphertexts_none_opens(world: World) -> None:
    chance = random.Random(10)
    alpha, beta = spots(world, world.alpha), spots(world, world.beta)
    everywhere = alpha + beta
    assert all(opens(spot, box_of(spot)) for spot in everywhere), "each opens where it belongs"
    elsewhere: dict[str, Callable[[Spot], Spot]] = {
        "another row": lambda s: chance.choice([o for o in everywhere if o[0] == s[0] and o[1] != s[1]]),
        "another message of the same": lambda s: chance.choice(
            [o for o in everywhere if o[1].case_key_id == s[1].case_key_id and o[1:] != s[1:]]
        ),
        "another field": lambda s: chance.choice([o for o in everywhere if o[2] != s[2]]),
        "another municipality": lambda s: chance.choice(beta if s[0] == world.alpha else alpha),
    }
    tried, accepted = Counter[str](), Counter[str]()
    for _ in range(ATTEMPTS):
        spot = chance.choice(everywhere)
        kind = chance.choice([*elsewhere, "bit flipped", "cut", "key moved", "key's bit flipped"])
        tried[kind] += 1
        if kind in elsewhere:
            accepted[kind] += opens(elsewhere[kind](spot), box_of(spot))
        elif kind == "key moved":
            other = chance.choice([o for o in everywhere if o[1].case_key_id != spot[1].case_key_id])
            accepted[kind] += wrapped_opens(other, bytes(spot[1].case_key.wrapped))
        elif kind == "key's bit flipped":
            accepted[kind] += wrapped_opens(spot, flipped(bytes(spot[1].case_key.wrapped), chance))
        else:
            altered = (flipped if kind == "bit flipped" else cut)(box_of(spot), chance)
            accepted[kind] += opens(spot, altered)
    print(f"\nT10: {sum(tried.values())} attempts of {len(tried)} kinds, {sum(accepted.values())} accepted")
    assert sum(accepted.values()) == 0, accepted
    assert len(tried) == 8


def test_a_case_key_from_before_a_rotation_put_back_does_not_open(world: World) -> None:
    with inside(world.alpha):
        key = keys.new_case_key()
        before = bytes(key.wrapped)
        rotation.rotate(world.alpha, older_than=timedelta(0))
        CaseKey.objects.filter(pk=key.pk).update(wrapped=before)
        with pytest.raises(keys.CannotOpen):
            keys.case_key_bytes(CaseKey.objects.get(pk=key.pk))
        assert not MunicipalityKey.objects.filter(purpose="case", version=1).exists()


def test_a_ciphertext_swapped_in_the_table_is_refused_by_the_page(world: World) -> None:
    with inside(world.alpha):
        one, other = knock(world).request_id, knock(world).request_id
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE contact_conversationmessage SET text = (SELECT text FROM contact_conversationmessage"
                " WHERE request_id = %s) WHERE request_id = %s",
                [one, other],
            )
        contact.read_conversation(by=student(one), request_id=one)
        with pytest.raises(keys.CannotOpen):
            contact.read_conversation(by=student(other), request_id=other)


def test_what_was_shredded_opens_with_nothing_that_is_left(world: World, settings) -> None:
    """Every key that any table still holds is tried on every box of the case."""
    with inside(world.alpha):
        gone, kept = knock(world, name="Kari").request_id, knock(world).request_id
        request = ContactRequest.objects.get(pk=gone)
        boxes = [(request, "name")] + [(m, "text") for m in request.messages.select_related("request")]
        assert operations.shred(by=MACHINE, case_key_ids=[request.case_key_id]) == 1
        assert operations.shred(by=MACHINE, case_key_ids=[request.case_key_id]) == 0, "once"
        with pytest.raises(keys.CannotOpen):
            contact.read_conversation(by=student(gone), request_id=gone)
        left = [keys.key_encryption_keys()[0]]
        left += [keys.unwrapped(row) for row in MunicipalityKey.objects.all()]
        left += [keys.case_key_bytes(row) for row in CaseKey.objects.filter(wrapped__isnull=False)]
        for row, name in boxes:
            field = next(f for f in row._meta.local_fields if f.name == name)
            assert isinstance(field, EncryptedField)
            box = bytes(row.__dict__[name])
            for key in left:
                with pytest.raises(keys.CannotOpen):
                    keys.unseal(key, box, field.place(row))
        assert contact.read_conversation(by=student(kept), request_id=kept).lines
