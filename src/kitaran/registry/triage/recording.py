"""Recording what triage found: the measurements graded here, signed and appended by a hand.

One event holds it all: measurements and result sealed, and the reading that the passport shows from then on:
remaining capacity with its error, or the quarantine among the negative events.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

import orjson

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import service as passport_service
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.schemas import READING
from kitaran.registry.triage.grading import Grading, grade
from kitaran.registry.triage.limits import limits_of
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.reproduction import events_of, method, reading_of, result_of
from kitaran.registry.triage.schemas import MEASUREMENTS, RESULT


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


def _reading(hand: Hand, battery: str, graded: Grading, instrument: str) -> dict[str, Any] | None:
    with reading(hand.ledger.engine) as connection:
        if passports.battery(connection, battery) is None:
            return None
        return reading_of(graded, instrument, events_of(connection, battery))
