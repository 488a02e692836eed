"""A log line names an error and never repeats its words."""

import logging
import sys

from kernel.logs import OncePerMinute, WithoutWords

SECRET = "what Mona wrote"


def record(message: object = "It failed") -> logging.LogRecord:
    try:
        raise ValueError(SECRET)
    except ValueError:
        return logging.LogRecord("lavterskel.web", logging.ERROR, __file__, 1, message, None, sys.exc_info())


def test_an_error_is_its_class_and_our_line_without_its_text() -> None:
    said = WithoutWords().format(record())
    assert said.startswith("ERROR lavterskel.web: It failed (ValueError at tests/kernel/test_logs.py:")
    assert SECRET not in said
    assert "\n" not in said


def test_an_exception_in_the_message_s_place_is_not_quoted() -> None:
    assert SECRET not in WithoutWords().format(record(ValueError(SECRET)))


def test_the_same_line_comes_once_a_minute_and_another_at_once() -> None:
    once = OncePerMinute()
    assert [once.filter(record()), once.filter(record()), once.filter(record("Else"))] == [True, False, True]
