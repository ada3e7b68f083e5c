"""Making a result again from what was measured: whether it follows, and what the passport shows of it.

A result names its method. Where this node knows that method it makes the result again; of any other it asks
whether its own method gives the same answer for them. What gives another is not reproducible here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from kitaran import __version__
from kitaran.foundation.errors import InputError
from kitaran.planning.market.valuation.ranges import P95_SCORE
from kitaran.reference.overrides import fingerprint
from kitaran.registry.ledger import canonical
from kitaran.registry.passport import repository as passports
from kitaran.registry.triage.grading import QUARANTINE, Grading, grade
from kitaran.registry.triage.health import PARAMETERS
from kitaran.registry.triage.limits import Limits, limits_of, packaged_limits
from kitaran.registry.triage.nameplate import nameplate
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.risk import not_tested

NAME: Final = "kitaran.triage"
_SOURCES: Final = {"capacity_test": "measured"}
_P975_SCORE: Final = 1.959963984540054
_EVENT, _CAPACITY = "negative_events", "remaining_capacity_ah"


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


def is_known(named: Mapping[str, str], overrides: Path | None = None) -> bool:
    """Whether a method is this version's, with the limits that are shipped or the workspace's own."""
    return dict(named) in (method(packaged_limits()), method(limits_of(overrides)))


def regraded(named: Mapping[str, str], cells: Mapping[str, str], overrides: Path | None = None) -> Grading:
    """The grading that this node gives for these measurements: by the workspace's own limits where the method
    names them, else by those that are shipped. Raises InputError for measurements that cannot be.
    """
    own = overrides if dict(named) == method(limits_of(overrides)) else None
    return grade(pulse_tests_of([cells], "measurements"), overrides=own)


def follows(
    named: Mapping[str, str],
    cells: Mapping[str, str] | None,
    told: Mapping[str, Any] | None,
    overrides: Path | None = None,
) -> bool:
    """Whether a recorded result can be made again here, by its method or by this node's own.

    A version may be known today that was not when it was recorded, so every answer is made anew.
    Erased measurements give nothing.
    """
    if cells is None or told is None:
        return False
    own = overrides if dict(named) == method(limits_of(overrides)) else None
    mark = () if own is None else fingerprint(own)
    return _gives(canonical.encode(dict(cells)), canonical.encode(dict(told)), own, mark)


@lru_cache(maxsize=4096)
def _gives(cells: bytes, told: bytes, own: Path | None, mark: object) -> bool:
    try:
        graded = grade(pulse_tests_of([canonical.loads(cells)], "measurements"), overrides=own)
    except InputError:
        return False
    return bool(result_of(graded) == canonical.loads(told))


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
    """Whether a result that cannot be made again here may give this reading: one negative event more, behind
    those that are told, of a battery that it sets apart. None is ever taken out, and no capacity is believed.
    """
    apart = result["grade"] == QUARANTINE and told["attribute"] == _EVENT
    return bool(apart and told["value"][:-1] == list(events))
