"""Case numbers: public, short, easy to say aloud ("4-K7M"). They open nothing."""

import secrets

#: No vowels (no words), and none of the signs that sound or look like another.
LETTERS = "CDFGHJKMPRTVWX"
DIGITS = "234679"


def draw(attempt: int) -> str:
    """A number drawn at random; after some that were taken, a longer one."""
    signs = LETTERS + DIGITS
    length = 3 + attempt // 4
    return f"{secrets.choice(DIGITS)}-{''.join(secrets.choice(signs) for _sign in range(length))}"
