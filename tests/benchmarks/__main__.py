"""`make bench`: prints `name: ours … baseline … ratio …` lines. Exit status 1 when a goal is missed."""

import sys

from tests import server

assert server  # a PostgreSQL of our own, and the settings that go with it

import django  # noqa: E402

django.setup()


def main() -> int:
    from kernel.tenancy.testing import prepare_database
    from tests.benchmarks import tenancy

    prepare_database()
    missed = False
    for line in tenancy.run():
        print(line, flush=True)
        missed |= "MISSED" in line
    return int(missed)


sys.exit(main())
