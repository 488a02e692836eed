#!/usr/bin/env python
"""The one command line of Lavterskel. `due`, `check`, `help` and their like touch no database."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

#: Commands that need no database, so that none is started for them.
WITHOUT_DATABASE = {
    "check", "collectstatic", "compile_messages", "diffsettings", "due", "findstatic", "help",
    "make_template", "makemigrations", "messages", "spectacular", "version",
}  # fmt: skip


#: Of those, what is done to the code alone: it works in a clone where nothing has run yet, without secrets.
ON_THE_CODE = {"compile_messages", "makemigrations", "messages"}


def needs_database(arguments: list[str]) -> bool:
    """Whether a command line (without the program's name) will talk to PostgreSQL."""
    command = arguments[0] if arguments else "help"
    return command not in WITHOUT_DATABASE and not {"-h", "--help", "--version"} & set(arguments)


def database(arguments: list[str]) -> AbstractContextManager[object]:
    """The embedded PostgreSQL of DATA_DIR while the command runs, where no DATABASE_URL names another."""
    from config import env

    env.demo_host()
    if not env.uses_embedded_database() or not needs_database(arguments):
        return nullcontext()
    from config import embedded

    return embedded.running()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if ON_THE_CODE & set(sys.argv[1:2]):
        os.environ.setdefault("LAVTERSKEL_TESTING", "1")
    with database(sys.argv[1:]):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
