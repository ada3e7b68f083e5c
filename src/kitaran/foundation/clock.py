"""The one clock: UTC, to the millisecond, and replaceable so that a test can say what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_MILLISECOND = timedelta(milliseconds=1)


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The time in UTC, cut (not rounded) to whole milliseconds."""
    moment = _source().astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def now_ms() -> int:
    """Milliseconds since 1970-01-01T00:00:00Z."""
    return (now() - datetime(1970, 1, 1, tzinfo=UTC)) // _MILLISECOND


def stamp(moment: datetime | None = None) -> str:
    """`2026-01-31T08:00:00.000Z`, the form in which a time is stored and shown to programs."""
    at = (moment or now()).astimezone(UTC)
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


@contextmanager
def replaced(source: Callable[[], datetime] | datetime) -> Iterator[None]:
    """Use another source of time inside the block: a fixed moment or a function."""
    global _source
    before = _source
    _source = source if callable(source) else lambda: source
    try:
        yield
    finally:
        _source = before
