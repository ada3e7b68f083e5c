"""The clocks of a shipment: how long each side has, by which row of the law's table, and what silence means.

Silence is consent only where the row of the law's table says so, was seen at its source or in a second one,
and the decision on the same facts finds that procedure. In all other cases an answer is waited for. A day has
ended when it has ended everywhere on earth: at noon UTC of the next. Working days are Monday to Friday;
holidays are not known here, so that a clock of working days may end later than said.

Not a determination by a competent authority.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from kitaran.law import tables
from kitaran.law.book import packaged_book
from kitaran.law.consents import months_after

_MONTHS: Final = {"months": 1, "month": 1, "year": 12, "years": 12}
_FRIDAY: Final = 4
_NOON: Final = "T12:00:00.000Z"
CONSENTS: Final = "consents"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs. due : its last day; None if the law's table names no period

    ended   : whether that day has ended everywhere
    silence : `consents` or `waits`, what the end means; empty for a duty that is then late
    sure    : whether the row may be relied upon for a permission
    """

    step: str
    period: str
    counted_from: str
    since: str | None
    due: str | None
    ended: bool
    silence: str
    sure: bool
    deadline: str
    who: str
    cite: str
    source: str
    seen: str
    confidence: str
    note: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def find(
    step: str, procedure: str, role: str, holding: frozenset[str], since: str | None, at: str
) -> Clock | None:
    """The clock of a step, as it stands at a time; None if the law's tables name none.

    role    : of the authority, or the ground of a take-back
    holding : `within_union` or `outside_union`, `preconsented` or `not_preconsented`
    since   : time (UTC, text) from which it is counted; None while that has not happened
    """
    for row in _rows():
        fits = (
            row["step"] == step
            and procedure in tables.words(row["procedure"])
            and (not row["role"] or role in tables.words(row["role"]))
            and holding.issuperset(tables.words(row["only"]))
        )
        if fits:
            return _running(row, since, at)
    return None


def end(since: str, value: int, unit: str) -> str:
    """The last day of a period that begins on the day of a time; the day itself does not count."""
    first = date.fromisoformat(since[:10])
    if unit in _MONTHS:
        return months_after(since[:10], value * _MONTHS[unit])
    if unit == "working days":
        return _working_days_after(first, value).isoformat()
    return (first + timedelta(days=value)).isoformat()


def over(last_day: str, at: str) -> bool:
    """Whether a day has ended everywhere on earth."""
    return at >= (date.fromisoformat(last_day) + timedelta(days=1)).isoformat() + _NOON


def _running(row: Mapping[str, str], since: str | None, at: str) -> Clock:
    law = packaged_book().clock(row["deadline"])
    value, unit = row["value"] or law["value"], row["unit"] or law["unit"]
    due = end(since, int(value), unit) if since is not None and value.isdigit() else None
    return Clock(
        step=row["step"],
        period=f"{value} {unit}".strip(),
        counted_from=row["counted_from"],
        since=since,
        due=due,
        ended=due is not None and over(due, at),
        silence=row["silence"],
        sure=law["seen"] != "not_seen" and law["confidence"] != "low",
        deadline=law["id"],
        who=law["who"],
        **{name: law[name] for name in ("cite", "source", "seen", "confidence", "note")},
    )


def _working_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= _FRIDAY
    return day


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    text = resources.files("kitaran.registry.movement").joinpath("clocks.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
