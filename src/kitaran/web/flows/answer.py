"""What the page of flows tells: mass from place to place in a year, by group of chemistries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kitaran.web.flows.words import ALL
from kitaran.web.results import REGION, Results, Rows

SECOND_USES = ("stationary_storage", "light_vehicles", "forklifts")
AGAIN = "_again"


@dataclass(frozen=True)
class Flow:
    """Mass from place to place in a year [t]; p10 and p90 only where the run tells them of this very flow."""

    start: str
    to: str
    p50: float
    p10: float | None = None
    p90: float | None = None


def has_flows(results: Results) -> bool:
    """Whether the run knows what becomes of retired batteries; runs of older versions do not."""
    return any(results.headline(code, "collected_mass") for code in (REGION, *results.economies[:1]))


def flows(results: Results, economy: str, year: int, group: str) -> list[Flow]:
    """Flows of a year, largest first. Of all groups together, medians are added and no band is told."""
    rows = [row for row in results.routes(economy, year) if group in (ALL, row["chemistry_group"])]
    if group == ALL:
        return _added([Flow(row["from"], row["to"], row["p50"]) for row in rows])
    single = [Flow(row["from"], row["to"], row["p50"], row["p10"], row["p90"]) for row in rows]
    return sorted(single, key=lambda flow: (-flow.p50, flow.start, flow.to))


def drawn(found: Sequence[Flow]) -> list[Flow]:
    """Flows of the picture: second uses as one place, what comes back out of stores and uses as another."""
    return _added([Flow(_start(flow.start), _end(flow.to), flow.p50) for flow in found])


def _start(place: str) -> str:
    return "again" if place.endswith(AGAIN) else place


def _end(place: str) -> str:
    return "second_use" if place in SECOND_USES else place


def _added(found: Sequence[Flow]) -> list[Flow]:
    total: dict[tuple[str, str], float] = {}
    for flow in found:
        total[flow.start, flow.to] = total.get((flow.start, flow.to), 0.0) + flow.p50
    flows = [Flow(start, to, mass) for (start, to), mass in total.items()]
    return sorted(flows, key=lambda flow: (-flow.p50, flow.start, flow.to))


def share_of(found: Sequence[Flow], starts: Sequence[str], ends: Sequence[str]) -> float | None:
    """Part of what leaves the starts that reaches the ends at once; None if nothing leaves them."""
    leaving = sum(flow.p50 for flow in found if flow.start in starts)
    reaching = sum(flow.p50 for flow in found if flow.start in starts and flow.to in ends)
    return reaching / leaving if leaving else None


def stored(rows: Rows, group: str) -> Mapping[str, float]:
    """Energy in stores and second uses at year's end by place [GWh], medians added over groups."""
    total: dict[str, float] = {}
    for row in rows:
        if group in (ALL, row["chemistry_group"]):
            total[row["place"]] = total.get(row["place"], 0.0) + row["p50"]
    return dict(sorted(total.items(), key=lambda item: -item[1]))
