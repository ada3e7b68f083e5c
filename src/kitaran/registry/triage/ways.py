"""Which ways there are for a used battery: rows of the table `triage_ways`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from kitaran.planning.market.valuation.lot import PACK
from kitaran.reference import Row, read
from kitaran.registry.triage.grading import RECYCLE, REPURPOSE, REUSE

TABLE = "triage_ways"
REFURBISH = "refurbish"
_BEST = "best"


@dataclass(frozen=True)
class Way:
    """One way. kind : reuse, refurbish, repurpose or recycle; of : the use or the process it leads to

    may_be_best : whether it may be named the best; a way that may not is told beside the others
    note        : what a reader must know of it
    barred_in   : economies whose law bars it
    """

    kind: str
    of: str
    may_be_best: bool = True
    barred_in: frozenset[str] = frozenset()
    note: str = ""

    @property
    def name(self) -> str:
        """As answers write it: the use of reuse and refurbishment is that of before."""
        return f"{self.kind}:{self.of}" if self.kind in (REPURPOSE, RECYCLE) and self.of else self.kind


def second_uses(overrides: Path | None = None) -> tuple[Way, ...]:
    """Gentler uses, in the order of the table."""
    return _of_kind(REPURPOSE, overrides)


def processes(overrides: Path | None = None) -> tuple[Way, ...]:
    """Recycling by process, in the order of the table."""
    return _of_kind(RECYCLE, overrides)


def use_before(form: str, kwh: float, overrides: Path | None = None) -> str:
    """What a battery drove before: by the energy of a pack; a part counts as one of a car. Empty: unknown."""
    wanted = PACK if form == PACK else "part"
    for row in read(TABLE, overrides).where(way=REUSE, form=wanted):
        low, high = row.number("from_kwh") or 0.0, row.number("to_kwh") or math.inf
        if wanted != PACK or low <= kwh < high:
            return row.text("of")
    return ""


def _of_kind(kind: str, overrides: Path | None) -> tuple[Way, ...]:
    return tuple(_way(row) for row in read(TABLE, overrides).where(way=kind))


def _way(row: Row) -> Way:
    barred = frozenset(row.text("barred_in").split())
    return Way(row.text("way"), row.text("of"), row.text("choice") == _BEST, barred, row.text("note"))
