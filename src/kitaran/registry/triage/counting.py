"""Which of a battery's results counts now.

A result that can be made again here goes before one that cannot. One that cannot may say that a battery is
unsafe; it releases none, and raises no grade: it counts while nothing better is on the record, and another
takes its place only to say the same or worse. Results follow each other by the time of the test, not by the
time they were recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.registry.triage import repository
from kitaran.registry.triage.repository import DISPUTED, STANDS, Result

UNSAFE: Final = "unsafe"
_CASCADE: Final = ("quarantine", "test", "recycle", "repurpose", "reuse")


@dataclass(frozen=True, slots=True)
class Counted:
    """A result, and whether this node makes it again from its measurements."""

    result: Result
    reproducible: bool


def counted(one: Result, overrides: Path | None = None) -> Counted:
    """A result with whether it can be made again here, by shipped limits or the workspace's own."""
    from kitaran.registry.triage.reproduction import follows  # the models are loaded when a result is there

    return Counted(one, follows(one.content["method"], one.measured, one.told, overrides))


def current(connection: Connection, battery: str, overrides: Path | None = None) -> Counted | None:
    """The result of a battery that counts; a disputed one counts, and says so."""
    return newest([counted(one, overrides) for one in repository.results(connection, battery)])


def newest(results: list[Counted]) -> Counted | None:
    """The one that counts among all results of a battery."""
    live = [one for one in results if one.result.state in (STANDS, DISPUTED)]
    now: Counted | None = None
    for one in sorted(live, key=lambda each: (each.result.at, each.result.seq)):
        if now is None or takes_place(one, now):
            now = one
    return now


def takes_place(one: Counted, of: Counted) -> bool:
    """Whether a later result counts instead of an earlier one."""
    if one.reproducible or is_unsafe(one.result.told):
        return True
    return not (of.reproducible or raises(one.result.told, of.result.told))


def is_unsafe(told: dict[str, Any] | None) -> bool:
    """Whether a result sets the battery apart; one whose words were erased says nothing."""
    return told is not None and told["safety"] == UNSAFE


def raises(told: dict[str, Any] | None, earlier: dict[str, Any] | None) -> bool:
    """Whether a result lets a battery do more than an earlier one; where one is erased, that it may."""
    if told is None or earlier is None:
        return True
    return _CASCADE.index(told["grade"]) > _CASCADE.index(earlier["grade"])
