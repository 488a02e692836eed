"""Case numbers: public, short, easy to say aloud ("4-K7M"). They open nothing."""

import secrets

#: No vowels (no words), and none of the signs that sound or look like another.
LETTERS = "CDFGHJKMPRTVWX"
DIGITS = "234679"


def as_drawn(typed: str) -> str:
    """A number as people type it ("7jwk", "7 jwk", "7–JWK"), the way we draw it ("7-JWK"); what is none is left as it
    is, in capitals."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    is_one = len(signs) > 3 and signs[0] in DIGITS and set(signs) <= set(LETTERS + DIGITS)
    return f"{signs[0]}-{signs[1:]}" if is_one else typed.strip().upper()


def draw(attempt: int) -> str:
    """A number drawn at random; after some that were taken, a longer one."""
    signs = LETTERS + DIGITS
    length = 3 + attempt // 4
    return f"{secrets.choice(DIGITS)}-{''.join(secrets.choice(signs) for _sign in range(length))}"
