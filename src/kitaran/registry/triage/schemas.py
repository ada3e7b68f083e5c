"""What the events of triage say. Measurements, result and reading are sealed: they stand beside the log."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from kitaran.registry.custody.schemas import Digest, EventId
from kitaran.registry.ledger.kinds import Payload
from kitaran.registry.parties.schemas import Id, Words
from kitaran.registry.passport.schemas import READING, BatteryId
from kitaran.registry.triage.columns import COLUMNS

MEASUREMENTS: Final = "measurements"
RESULT: Final = "result"
SEALED: Final = frozenset({MEASUREMENTS, RESULT, READING})
_NAMES: Final = frozenset(column.name for column in COLUMNS)
Share = Annotated[str, StringConstraints(pattern=r"^(0|1)(\.[0-9]{1,4})?$")]
Cell = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Method(Payload):
    """How the result was made: a program, its version, digests of its parameters and of the limits."""

    name: Words
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+_-]{1,40}$")]
    parameters: Digest
    limits: Digest


class Graded(Payload):
    """A battery was looked at, measured and graded. Sealed beside it: `measurements`, `result`, `reading`.

    facility, technician : where and by whom; a facility needs a licence to test and a technician certified
                           for diagnosis
    supersedes : id of the result that this one takes the place of
    """

    battery: BatteryId
    method: Method
    instrument: Words
    facility: Id | None = None
    technician: Id | None = None
    waste_code: str | None = None
    supersedes: EventId | None = None


class Measurements(Payload):
    """What was seen and measured, by the columns of a file of tests, as they were typed."""

    cells: dict[str, Cell]

    @model_validator(mode="after")
    def _known(self) -> Measurements:
        if unknown := sorted(self.cells.keys() - _NAMES):
            raise ValueError(f"no test has {', '.join(unknown[:5])}")
        return self


class Result(Payload):
    """What the method made of the measurements. Health as decimal fractions; None: not known."""

    safety: Literal["safe", "unsafe", "not_inspected"]
    grade: Literal["reuse", "repurpose", "recycle", "test", "quarantine"]
    in_domain: bool
    soh: Share | None = None
    soh_low: Share | None = None
    soh_high: Share | None = None
    method: Literal["", "capacity_test", "pulse", "pulse_ampere_hours"] = ""
    signs: list[Words] = Field(default=[], max_length=20)
    not_tested: list[Words] = Field(default=[], max_length=20)


class Disputed(Payload):
    """Somebody with standing does not believe a result."""

    battery: BatteryId
    result: EventId
    reason: Words


class Settled(Payload):
    """A dispute ends: withdrawn by who raised it; upheld (the result counts no more) or rejected by an
    authority.
    """

    battery: BatteryId
    dispute: EventId
    outcome: Literal["withdrawn", "upheld", "rejected"]
    reason: Words | None = None


def sealed_forms() -> dict[str, Any]:
    """Schemas of the sealed values that every result has."""
    return {MEASUREMENTS: Measurements, RESULT: Result}
