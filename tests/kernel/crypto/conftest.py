from collections.abc import Iterator

import pytest

from kernel.crypto import keys


@pytest.fixture(autouse=True)
def forget_keys() -> Iterator[None]:
    """Keys that a test rotated and rolled back are nobody's memory."""
    keys.forget_keys()
    yield
    keys.forget_keys()
