"""The log stays readable while a fault repeats, and loses nothing that is different."""

from __future__ import annotations

import io
import logging

import pytest

from elistit.log_limits import LimitedHandler


@pytest.fixture
def written() -> tuple[logging.Logger, io.StringIO, LimitedHandler]:
    out = io.StringIO()
    handler = LimitedHandler(out)
    log = logging.Logger("elistit.test")
    log.addHandler(handler)
    return log, out, handler


def at(
    log: logging.Logger, second: float, words: str, level: int = logging.ERROR, error: Exception | None = None
) -> None:
    record = log.makeRecord(log.name, level, "f", 1, words, (), (type(error), error, None) if error else None)
    record.created = second
    log.handle(record)


def test_a_repeated_error_is_one_line_and_a_count_a_minute(
    written: tuple[logging.Logger, io.StringIO, LimitedHandler],
) -> None:
    log, out, _ = written
    for second in range(121):
        at(log, 1000 + second, "the disk is full")
    lines = out.getvalue().splitlines()
    assert len(lines) == 5
    assert lines[0] == "the disk is full"
    assert lines[1] == "the disk is full (repeated 59 more times in 60 s)"
    assert lines[2] == "the disk is full"
    assert sum(int(w) for line in lines for w in line.split() if w.isdigit() and w != "60") == 118


def test_what_is_left_out_is_said_at_the_end(written: tuple[logging.Logger, io.StringIO, LimitedHandler]) -> None:
    log, out, handler = written
    at(log, 1000, "lost")
    at(log, 1001, "lost")
    handler.close()
    assert "repeated 1 more time in" in out.getvalue()


def test_other_messages_other_errors_and_news_are_written(
    written: tuple[logging.Logger, io.StringIO, LimitedHandler],
) -> None:
    log, out, _ = written
    at(log, 1000, "one")
    at(log, 1000, "two")
    at(log, 1000, "one", logging.WARNING)
    at(log, 1000, "one", error=ValueError("a"))
    at(log, 1000, "one", error=ValueError("b"))
    for _n in range(3):
        at(log, 1000, "progress", logging.INFO)
    text = out.getvalue()
    assert text.count("one\n") == 4
    assert text.count("two\n") == 1
    assert text.count("progress\n") == 3
    assert "ValueError: a" in text
    assert "ValueError: b" in text
