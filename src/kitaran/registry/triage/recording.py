"""Recording what triage found: the measurements graded here, signed and appended by a hand.

One event holds it all: measurements and result sealed, and the reading that the passport shows from then on:
remaining capacity with its error, or the quarantine among the negative events.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import orjson
from sqlalchemy import Connection

from kitaran import __version__
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.planning.market.valuation.ranges import P95_SCORE
from kitaran.registry.ledger import canonical
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import service as passport_service
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.schemas import READING
from kitaran.registry.triage.grading import QUARANTINE, Grading, grade
from kitaran.registry.triage.health import PARAMETERS
from kitaran.registry.triage.limits import Limits, limits_of, packaged_limits
from kitaran.registry.triage.nameplate import nameplate
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.risk import not_tested
from kitaran.registry.triage.schemas import MEASUREMENTS, RESULT

NAME: Final = "kitaran.triage"
_SOURCES: Final = {"capacity_test": "measured"}
_P975_SCORE: Final = 1.959963984540054
_EVENT, _CAPACITY = "negative_events", "remaining_capacity_ah"


def record(
    hand: Hand,
    battery: str,
    cells: Mapping[str, str],
    instrument: str,
    facility: str | None = None,
    technician: str | None = None,
    supersedes: str | None = None,
    overrides: Path | None = None,
) -> dict[str, Any]:
    """Grade the measurements of one battery and record the result; the receipt of the log and the result.

    cells      : texts by the columns of a file of tests; empty ones are left out
    instrument : what measured it, in words
    overrides  : own limits of the workspace, whose digest the event names
    Raises InputError for measurements that cannot be, and as `Ledger.append` does.
    """
    measured = {name: normalize("NFC", text.strip()) for name, text in cells.items() if text.strip()}
    measured.pop("id", None)
    if not measured:
        raise InputError("Nothing was measured or seen.", "cells", "Give what was.")
    graded = grade(pulse_tests_of([measured], "given"), overrides=overrides)
    told = result_of(graded)
    payload: dict[str, Any] = {
        "battery": battery,
        "method": method(limits_of(overrides)),
        "instrument": instrument,
    }
    more = {"facility": facility, "technician": technician, "supersedes": supersedes}
    payload |= {name: value for name, value in more.items() if value}
    sealed: dict[str, Any] = {MEASUREMENTS: {"cells": measured}, RESULT: told}
    seen = _reading(hand, battery, graded, instrument)
    if seen is not None:
        sealed[READING] = seen
    receipt = passport_service.append(hand, "triage.graded", [item_of(battery)], payload, sealed)
    recorded: dict[str, Any] = orjson.loads(receipt)
    return {"battery": battery, "result": told, "receipt": recorded}


def dispute(hand: Hand, battery: str, result: str, reason: str) -> dict[str, Any]:
    """Doubt a result; the receipt of the log. Raises as `Ledger.append` does."""
    payload = {"battery": battery, "result": result, "reason": reason}
    receipt = passport_service.append(hand, "triage.disputed", [item_of(battery)], payload)
    recorded: dict[str, Any] = orjson.loads(receipt)
    return recorded


def settle(hand: Hand, battery: str, doubt: str, outcome: str, reason: str | None = None) -> dict[str, Any]:
    """End a dispute: withdrawn, upheld or rejected. Raises as `Ledger.append` does."""
    payload = {"battery": battery, "dispute": doubt, "outcome": outcome}
    payload |= {"reason": reason} if reason else {}
    receipt = passport_service.append(hand, "triage.settled", [item_of(battery)], payload)
    recorded: dict[str, Any] = orjson.loads(receipt)
    return recorded


def method(limits: Limits) -> dict[str, str]:
    """This version with digests of its parameters and of the limits by which it grades."""
    written = {name: repr(float(value)) for name, value in limits.items()}
    return {
        "name": NAME,
        "version": __version__,
        "parameters": _parameters(),
        "limits": sha256(canonical.encode(written)).hexdigest(),
    }


@cache
def _parameters() -> str:
    return sha256(files(__package__).joinpath(PARAMETERS).read_bytes()).hexdigest()


def regraded(named: Mapping[str, str], cells: Mapping[str, str]) -> Grading | None:
    """The grading that the method gives for these measurements; None if it is none of this version's with the
    limits that are shipped. Raises InputError for measurements that cannot be.
    """
    if dict(named) != method(packaged_limits()):
        return None
    return grade(pulse_tests_of([cells], "measurements"))


def result_of(graded: Grading) -> dict[str, Any]:
    """The result of one battery as the record keeps it: decimal fractions of four places."""
    health = graded.health
    told = {name: _share(float(getattr(health, attribute)[0])) for name, attribute in _SHARES.items()}
    form = str(nameplate(graded).form[0])
    return {
        "safety": str(graded.safety.verdict[0]),
        "grade": str(graded.grade[0]),
        "in_domain": bool(health.in_domain[0]),
        **told,
        "method": str(health.method[0]) if health.in_domain[0] else "",
        "signs": list(graded.safety.reasons[0]),
        "not_tested": list(not_tested(graded, 0, form)),
    }


_SHARES: Final = {"soh": "soh", "soh_low": "low", "soh_high": "high"}


def _share(value: float) -> str | None:
    return f"{min(max(value, 0.0), 1.9999):.4f}" if math.isfinite(value) else None


def _reading(hand: Hand, battery: str, graded: Grading, instrument: str) -> dict[str, Any] | None:
    with reading(hand.ledger.engine) as connection:
        if passports.battery(connection, battery) is None:
            return None
        return reading_of(graded, instrument, events_of(connection, battery))


def events_of(connection: Connection, battery: str) -> list[Any]:
    """The negative events that the passport of a battery tells so far."""
    told = [one for one in passports.readings(connection, battery) if one["attribute"] == _EVENT]
    return list(told[-1]["value"]) if told else []


def reading_of(graded: Grading, instrument: str, events: Sequence[Any]) -> dict[str, Any] | None:
    """What the passport shows: remaining capacity, or that it was set apart; None if nothing is known.

    events : the negative events that it tells so far
    """
    if graded.grade[0] == QUARANTINE:
        signs = ", ".join(graded.safety.reasons[0])
        told = [*events, {"event": f"Set apart at triage: {signs}"}]
        return {"attribute": _EVENT, "value": told, "instrument": instrument, "source": "measured"}
    health, nominal = graded.health, float(graded.tests.nominal_ah[0])
    if not (health.in_domain[0] and math.isfinite(nominal)):
        return None
    half = float(health.high[0] - health.low[0]) / 2 * _P975_SCORE / P95_SCORE
    return {
        "attribute": _CAPACITY,
        "value": f"{max(float(health.soh[0]), 0.0) * nominal:.3f}",
        "error": f"{half * nominal:.3f}",
        "instrument": instrument,
        "source": _SOURCES.get(str(health.method[0]), "estimated"),
    }


def may_follow(told: Mapping[str, Any], result: Mapping[str, Any], events: Sequence[Any]) -> bool:
    """Whether a reading may be that of a result that cannot be made again here: remaining capacity, or one
    negative event more behind those that are told; none is ever taken out.
    """
    if result["grade"] != QUARANTINE:
        return bool(told["attribute"] == _CAPACITY)
    return bool(told["attribute"] == _EVENT and told["value"][:-1] == list(events))
