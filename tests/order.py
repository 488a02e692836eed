"""Long files first, where several processes share the suite: none is begun last and waited for by the others.

Beside each its share of the suite in thousandths, as `--durations=0` has told; a file that is not named is short.
"""

from pathlib import Path

import pytest

LONG = {
    "isolation/test_matrix.py": 100,
    "house/test_commands.py": 68,
    "journeys/test_every_student_page.py": 50,
    "services/worry/test_countries.py": 60,
    "kernel/tenancy/test_migrating.py": 49,
    "services/desk/test_browser.py": 46,
    "house/test_embedded.py": 43,
    "services/contact/test_handover_machine.py": 43,
    "journeys/test_provider.py": 38,
    "services/contact/test_at_once.py": 36,
    "tenants/walls/test_policy.py": 36,
    "journeys/test_week.py": 35,
    "journeys/test_story.py": 35,
    "kernel/crypto/test_rotation.py": 33,
    "journeys/test_sending.py": 31,
    "config/demo/test_demo.py": 29,
    "kernel/guarantee/test_oracle.py": 27,
    "services/worry/test_browser.py": 27,
    "kernel/audit/test_log.py": 25,
    "services/meetings/test_browser.py": 20,
    "house/test_lix.py": 20,
    "services/contact/test_flood.py": 18,
    "kernel/guarantee/test_command.py": 18,
    "services/desk/test_figures.py": 18,
    "tenants/onboarding/test_out_of_order.py": 15,
    "services/contact/test_browser.py": 12,
    "journeys/test_offline.py": 12,
    "faults/test_database_frozen.py": 11,
    "isolation/test_guard_storm.py": 11,
    "services/retention/test_everything.py": 10,
    "isolation/test_roles.py": 10,
}
TESTS = Path(__file__).parent


def long_first(items: list[pytest.Item]) -> None:
    """Files by what they cost, the tests of each as they were."""
    cost = {TESTS / name: share for name, share in LONG.items()}
    items.sort(key=lambda item: -cost.get(item.path, 0))
