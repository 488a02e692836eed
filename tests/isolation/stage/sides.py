"""A municipality on the stage, and what somebody could carry from it."""

import io
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.http import HttpResponse
from PIL import Image

from kernel.tenancy import MunicipalityRef
from kernel.ui.theme import theme_hash

BRANDS = {"alfa": "#27632a", "beta": "#7a1f5c"}


@dataclass
class Side:
    """One municipality, and everything of it that somebody could carry to the other."""

    ref: MunicipalityRef
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)  # who → staff cookie
    tokens: dict[str, str] = field(default_factory=dict)  # who → API token
    known: str = ""  # the cookie of the nurse's own browser
    visit: str = ""
    proof: str = ""
    receipt: str = ""
    friend: str = ""  # the code and the open page of a friend of that student's
    friend_visit: str = ""
    eid: str = ""  # of a student who has shown who they are: their visit, and what waits on a trip of theirs
    eid_way: str = ""
    eid_opens: str = ""  # the form that opens their conversation
    eid_trip: str = ""  # the name of that trip
    invitation: str = ""  # Ulf's, not yet used
    door: str = ""  # Nora's, made for the other municipality
    state: str = ""  # of a sign-in by the provider that Nora's browser has begun
    application_id: str = ""
    application: str = ""  # the applicant's cookie on the front door
    link: str = ""  # the signatory's
    logo: bytes = b""
    face: bytes = b""  # Nora's, shown at her schools
    picture: bytes = b""  # what the student of the borrowed visit has sent
    feed: str = ""  # the token of Nora's calendar address

    @property
    def host(self) -> str:
        return f"{self.ref.slug}.localhost" if self.ref.kind != "operator" else "localhost"

    @property
    def word(self) -> str:
        return f"kanari-{self.ref.slug}"

    @property
    def words(self) -> tuple[bytes, ...]:
        """What only this municipality's own people may ever be shown."""
        name, slug = self.ref.slug.capitalize(), self.ref.slug
        said = (self.word, f"{name} kommune", f"skole {name}", f"{slug}.example", self.receipt)
        pictures = tuple(one for one in (self.logo, self.face, self.picture) if one)
        return tuple(one.encode() for one in (*said, BRANDS[slug])) + pictures


@dataclass
class Stage:
    alpha: Side
    beta: Side
    operator: Side

    def other(self, side: Side) -> Side:
        return self.beta if side is self.alpha else self.alpha


@contextmanager
def ids_from(seed: int) -> Iterator[None]:
    """Every uuid drawn here comes from the seed (a uuid4 asks the system for 16 bytes); keys stay random."""
    seeded, real = random.Random(seed), os.urandom
    with patch("os.urandom", lambda size: seeded.randbytes(16) if size == 16 else real(size)):
        yield


def picture(side: Side) -> bytes:
    """A small logo in the municipality's own colour."""
    out = io.BytesIO()
    Image.new("RGB", (24, 24), BRANDS[side.ref.slug]).save(out, format="PNG")
    return out.getvalue()


def cookie_of(start, value: Any) -> str:
    """The value of the cookie that `start(response, value)` sets."""
    response = HttpResponse()
    start(response, value)
    return next(iter(response.cookies.values())).value


def theme_stamp(side: Side) -> str:
    """The part of the theme's address that is this municipality's."""
    return theme_hash(BRANDS[side.ref.slug])
