"""Long files first, where several processes share the suite: none is begun last and waited for by the others.

Beside each its share of the suite in thousandths, as `--durations=0` has told; a file that is not named is short.
"""

from pathlib import Path

import pytest

LONG = {
    "isolation/test_matrix.py": 80,
    "journeys/test_story.py": 75,
    "journeys/test_week.py": 45,
    "house/test_embedded.py": 40,
    "journeys/test_every_student_page.py": 40,
    "journeys/test_sending.py": 36,
    "house/test_access.py": 30,
    "kernel/tenancy/test_migrating.py": 30,
    "house/test_contract.py": 25,
    "tenants/walls/test_real.py": 25,
    "house/test_commands.py": 24,
    "services/desk/test_browser.py": 22,
    "house/test_lix.py": 20,
    "journeys/test_eid.py": 19,
    "tenants/onboarding/test_out_of_order.py": 17,
    "kernel/audit/test_log.py": 17,
    "services/worry/test_countries.py": 16,
    "services/contact/test_flood.py": 13,
    "services/contact/test_browser.py": 12,
    "kernel/ui/test_browser.py": 12,
    "services/contact/test_at_once.py": 12,
    "journeys/test_provider.py": 11,
    "kernel/crypto/test_rotation.py": 10,
}
TESTS = Path(__file__).parent


def long_first(items: list[pytest.Item]) -> None:
    """Files by what they cost, the tests of each as they were."""
    cost = {TESTS / name: share for name, share in LONG.items()}
    items.sort(key=lambda item: -cost.get(item.path, 0))
