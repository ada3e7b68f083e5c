"""Informal processing and lead smelting: what is recovered, what is lost to air, soil and water, the harm.

Informal routes are computed so that a plan can show what they lose. They are never recommended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.reference import FactTable, Row

PROCESSES = ("informal_lithium", "informal_lead", "secondary_lead_smelting")
MEDIA = ("air", "soil", "water")


@dataclass(frozen=True)
class Span:
    """A figure with its range; grade and source say how far it can be trusted."""

    low: float
    value: float
    high: float
    unit: str
    grade: str
    source: str
    note: str

    def times(self, factor: float) -> Span:
        return Span(
            self.low * factor,
            self.value * factor,
            self.high * factor,
            self.unit,
            self.grade,
            self.source,
            self.note,
        )


@dataclass(frozen=True)
class Losses:
    """What becomes of the elements that enter a process, in the unit of what was given.

    recovered, lost : by element
    to              : medium -> element -> amount
    harm            : what is known of harm around sites, by kind; not scaled by the amount
    recommended     : never for informal routes
    """

    process: str
    recovered: Mapping[str, Span]
    lost: Mapping[str, Span]
    to: Mapping[str, Mapping[str, Span]]
    harm: Mapping[str, Span]
    recommended: bool


def losses(process: str, contained: Mapping[str, float], overrides: Path | None = None) -> Losses:
    """Recovery and losses of contained elements.

    contained : amount by element, in any unit of mass
    An element without a figure of recovery is refused: nothing is known of it, which is not nothing lost.
    """
    if process not in PROCESSES:
        raise InputError(
            f"There is no process {process!r}.", "process", f"Choose one of {', '.join(PROCESSES)}."
        )
    table = reference.read("plant_informal", overrides).where(process=process)
    recovery = _spans(table, "recovery")
    if unknown := sorted(set(contained) - set(recovery)):
        raise InputError(
            f"Nothing is known of the recovery of {', '.join(unknown)} in {process}.",
            "contained",
            f"Give any of {', '.join(recovery)}.",
        )
    share = _spans(table, "share_of_loss")
    lost = {name: _rest(recovery[name]).times(amount) for name, amount in contained.items()}
    return Losses(
        process=process,
        recovered={name: recovery[name].times(amount) for name, amount in contained.items()},
        lost=lost,
        to={medium: {name: _product(share[medium], span) for name, span in lost.items()} for medium in MEDIA},
        harm=_spans(table, "harm"),
        recommended=_recommended(process),
    )


def _spans(table: FactTable, quantity: str) -> dict[str, Span]:
    return {row.text("item"): _span(row) for row in table.where(quantity=quantity).resolve()}


def _span(row: Row) -> Span:
    low, high = row.span
    return Span(low, row.central, high, row.unit, row.grade, row.source, row.note)


def _rest(recovered: Span) -> Span:
    """The share that is not recovered."""
    return Span(
        1 - recovered.high,
        1 - recovered.value,
        1 - recovered.low,
        recovered.unit,
        recovered.grade,
        recovered.source,
        recovered.note,
    )


def _product(share: Span, lost: Span) -> Span:
    """Ends of both ranges together; the weaker grade counts."""
    return Span(
        share.low * lost.low,
        share.value * lost.value,
        share.high * lost.high,
        lost.unit,
        max(share.grade, lost.grade),
        share.source,
        share.note,
    )


def _recommended(process: str) -> bool:
    (row,) = reference.read("plant_processes").where(process=process).rows
    return row.text("recommended") != "never"
