"""The picture of flows: places in columns, ribbons as wide as the mass that goes along them (Sankey diagram).

Geometry only. The template draws it as SVG, so that it prints, scales and needs no script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kitaran.web.flows.answer import Flow

COLUMNS: tuple[tuple[str, ...], ...] = (
    ("retired", "again", "production_scrap"),
    ("formal_collection", "informal_collection", "hoard", "exported_in_vehicles", "lost"),
    (
        *("reuse", "second_use", "stockpile", "exported_spent"),
        *("recycling", "informal_processing"),
    ),
    (
        *("exported_black_mass", "hydrometallurgical", "direct", "pyrometallurgical"),
        "secondary_lead_smelting",
    ),
    ("recovered", "residues"),
)
KIND: Mapping[str, str] = {
    **dict.fromkeys(("recovered",), "won"),
    **dict.fromkeys(("reuse", "second_use"), "second"),
    **dict.fromkeys(("lost", "informal_collection", "informal_processing"), "informal"),
    **dict.fromkeys(("exported_in_vehicles", "exported_spent", "exported_black_mass"), "abroad"),
    **dict.fromkeys(("hoard", "stockpile"), "waiting"),
    **dict.fromkeys(("residues",), "rest"),
}
WIDTH, HEIGHT = 1080.0, 540.0
_TOP, _GAP, _BAR = 34.0, 30.0, 12.0
_LABEL = 204.0
_LEAST = 0.002  # of the widest column: thinner ribbons are left to the table


@dataclass(frozen=True)
class Bar:
    """A place: x, y, height in the units of the picture, its mass [t]; above: whether its label stands so."""

    place: str
    kind: str
    x: float
    y: float
    height: float
    mass: float


@dataclass(frozen=True)
class Ribbon:
    """A flow: outline of its ribbon as a path of SVG."""

    flow: Flow
    kind: str
    path: str


@dataclass(frozen=True)
class Picture:
    """All that is drawn; left_out: mass of flows too thin to see [t]."""

    bars: tuple[Bar, ...]
    ribbons: tuple[Ribbon, ...]
    left_out: float
    width: float = WIDTH
    height: float = HEIGHT
    bar: float = _BAR


def picture(found: Sequence[Flow]) -> Picture:
    """Places and ribbons of flows; a place is as high as the larger of what enters and what leaves it."""
    column = {place: number for number, places in enumerate(COLUMNS) for place in places}
    known = [flow for flow in found if flow.start in column and flow.to in column and flow.p50 > 0]
    widest = max((sum(_through(known, place) for place in places) for places in COLUMNS), default=0.0)
    shown = [flow for flow in known if flow.p50 >= _LEAST * widest]
    if not shown:
        return Picture((), (), sum(flow.p50 for flow in known))
    scale = min(_scale(shown, places) for places in COLUMNS if _present(shown, places))
    bars = {bar.place: bar for places in COLUMNS for bar in _column(shown, places, scale, column)}
    return Picture(
        tuple(bars.values()),
        tuple(_ribbons(shown, bars, scale)),
        sum(f.p50 for f in known) - sum(f.p50 for f in shown),
    )


def _through(found: Sequence[Flow], place: str) -> float:
    entering = sum(flow.p50 for flow in found if flow.to == place)
    leaving = sum(flow.p50 for flow in found if flow.start == place)
    return max(entering, leaving)


def _present(found: Sequence[Flow], places: Sequence[str]) -> list[str]:
    return [place for place in places if _through(found, place) > 0]


def _scale(found: Sequence[Flow], places: Sequence[str]) -> float:
    """Units of height a tonne at which the column just fits."""
    present = _present(found, places)
    room = HEIGHT - _TOP - _GAP * (len(present) - 1) - 8.0
    return room / sum(_through(found, place) for place in present)


def _column(
    found: Sequence[Flow], places: Sequence[str], scale: float, column: Mapping[str, int]
) -> list[Bar]:
    bars, y = [], _TOP
    for place in _present(found, places):
        mass = _through(found, place)
        x = column[place] * (WIDTH - _LABEL - _BAR) / (len(COLUMNS) - 1)
        bars.append(
            Bar(place, KIND.get(place, "way"), round(x, 1), round(y, 1), round(mass * scale, 1), mass)
        )
        y += mass * scale + _GAP
    return bars


def _ribbons(found: Sequence[Flow], bars: Mapping[str, Bar], scale: float) -> list[Ribbon]:
    """Ribbons leave and reach a bar in the order in which the places at their other ends stand."""
    order = {place: number for number, place in enumerate(bars)}
    left, reached = dict.fromkeys(bars, 0.0), dict.fromkeys(bars, 0.0)
    ends: dict[Flow, tuple[float, float]] = {}
    for flow in sorted(found, key=lambda flow: (order[flow.start], order[flow.to])):
        ends[flow] = (bars[flow.start].y + left[flow.start], 0.0)
        left[flow.start] += flow.p50 * scale
    for flow in sorted(found, key=lambda flow: (order[flow.to], order[flow.start])):
        ends[flow] = (ends[flow][0], bars[flow.to].y + reached[flow.to])
        reached[flow.to] += flow.p50 * scale
    return [
        Ribbon(
            flow,
            KIND.get(flow.to, "way"),
            _path(bars[flow.start].x + _BAR, bars[flow.to].x, *ends[flow], flow.p50 * scale),
        )
        for flow in sorted(found, key=lambda flow: -flow.p50)
    ]


def _path(x0: float, x1: float, y0: float, y1: float, width: float) -> str:
    """A ribbon of even width between two heights, level at both ends."""
    middle = (x0 + x1) / 2
    below0, below1 = y0 + width, y1 + width
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{below1:.1f}C{middle:.1f} {below1:.1f} {middle:.1f} {below0:.1f} {x0:.1f} {below0:.1f}Z"
    )
