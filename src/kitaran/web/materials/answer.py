"""What the page of materials tells: need and recovery by element, targets of law, imports by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kitaran.law import targets
from kitaran.law.targets import Target
from kitaran.reference import Row, economies
from kitaran.web.materials.words import ELEMENTS
from kitaran.web.results import REGION, Results, Rows

FIRST_LAW_YEAR, LAST_LAW_YEAR = 2025, 2040
_CODE_OF = {"Li": "li", "Co": "co", "Ni": "ni", "Pb": "pb", "Cu": "cu"}
ALL_MATERIALS = "all"
LAST_PROJECTION = 2030  # of the world's need; after it the world grows as the economy does


@dataclass(frozen=True)
class Needed:
    """One element in one year: headline rows of need, recovery, and the share covered."""

    element: str
    demand: dict[str, Any]
    recovered: dict[str, Any] | None
    share: dict[str, Any]

    @property
    def spared(self) -> float | None:
        """Mined material that recovery spares at the medians [t]; None where the run knows no recovery."""
        return min(self.demand["p50"], self.recovered["p50"]) if self.recovered else None


@dataclass(frozen=True)
class Reached:
    """A target of recycled content beside what recovery of the place could reach in its first year.

    often : part of the samples that reach it; None where the run keeps no samples
    """

    target: Target
    year: int
    element: str
    median: float
    low: float
    high: float
    often: float | None


@dataclass(frozen=True)
class Imported:
    """The share of a stage's need that is imported: at the middle of what is known of plants, and where more
    or less of them stands. GWh of batteries count."""

    stage: str
    least: float
    middle: float
    most: float
    grade: str
    known: bool


def has_needs(results: Results, economy: str) -> bool:
    """Whether the run knows what new batteries need; runs of older versions do not."""
    return bool(results.headline(economy, f"demand_{ELEMENTS[0]}"))


def needed(results: Results, economy: str, year: int) -> list[Needed]:
    """Need and recovery of every element in a year; an element that the run does not know is left out."""
    found = []
    for code in ELEMENTS:
        demand = results.headline(economy, f"demand_{code}", year)
        share = results.headline(economy, f"secondary_share_{code}", year)
        back = results.headline(economy, f"recovered_{code}", year)
        if demand and share:
            found.append(Needed(code, demand[0], back[0] if back else None, share[0]))
    return found


def makes_cells(results: Results, economy: str, year: int) -> bool:
    """Whether plants of the place make cells, and so reject some."""
    rows = results.headline(economy, "production_scrap_mass", year)
    return bool(rows) and rows[0]["p50"] > 0


def over_years(results: Results, economy: str, element: str) -> tuple[Rows, Rows]:
    """Need and recovery of one element over the years."""
    return results.headline(economy, f"demand_{element}"), results.headline(economy, f"recovered_{element}")


def reached(results: Results, economy: str) -> list[Reached]:
    """Targets of recycled content that reach this place, with what it could reach; earliest first."""
    found = []
    for target, year in _targets(economy, results.years):
        code = _CODE_OF.get(target.element, ALL_MATERIALS)
        each = _share_in(results, economy, code, year)
        if each is not None:
            often = _often(results, economy, code, year, target.share)
            found.append(Reached(target, year, code, *each, often))
    return found


def _targets(economy: str, years: Sequence[int]) -> list[tuple[Target, int]]:
    """Targets with the first year on whose last day they hold."""
    own = next((each.iso2 for each in economies() if each.code == economy), "")
    seen: dict[Target, int] = {}
    for year in range(FIRST_LAW_YEAR, LAST_LAW_YEAR + 1):
        for cc in dict.fromkeys(("EU", own)):
            for target in targets.targets(cc, f"{year}-12-31", "recycled") if cc and year in years else ():
                seen.setdefault(target, year)
    return sorted(seen.items(), key=lambda pair: (pair[0].cc != own, pair[1], pair[0].element))


def _share_in(results: Results, economy: str, code: str, year: int) -> tuple[float, float, float] | None:
    """Median, p10 and p90 of the share covered: of one element, or of all that are followed by mass."""
    if code != ALL_MATERIALS:
        rows = results.headline(economy, f"secondary_share_{code}", year)
        return (rows[0]["p50"], rows[0]["p10"], rows[0]["p90"]) if rows else None
    drawn = sorted(_by_mass(results, economy, year))
    if not drawn:
        return None
    return drawn[len(drawn) // 2], drawn[len(drawn) // 10], drawn[-1 - len(drawn) // 10]


def _often(results: Results, economy: str, code: str, year: int, share: float) -> float | None:
    drawn = (
        _by_mass(results, economy, year)
        if code == ALL_MATERIALS
        else results.samples(economy, year, f"secondary_share_{code}")
    )
    return sum(value >= share for value in drawn) / len(drawn) if drawn else None


def _by_mass(results: Results, economy: str, year: int) -> list[float]:
    """Samples of the share of all followed materials but lead that is covered, by mass."""
    light = [code for code in ELEMENTS if code != "pb"]
    need = [results.samples(economy, year, f"demand_{code}") for code in light]
    back = [results.samples(economy, year, f"recovered_{code}") for code in light]
    if not all(need) or not all(back):
        return []
    return [
        sum(given) / sum(asked) if sum(asked) else 0.0
        for given, asked in zip(zip(*back, strict=True), zip(*need, strict=True), strict=True)
    ]


def imported(results: Results, economy: str, year: int, overrides: Path | None) -> list[Imported]:
    """Imports by stage, from packs to refined elements, for the median need of a year."""
    from kitaran.planning.manufacturing import STAGES

    codes = _members(results) if economy == REGION else [economy]
    years = sorted({min(year, LAST_PROJECTION), year})
    rows = [results.of_year("cell_demand", each) for each in years]
    needs = {code: [of[code]["p50"] if code in of else 0.0 for of in rows] for code in codes}
    return [_stage(stage, needs, years, overrides) for stage in STAGES]


def _members(results: Results) -> list[str]:
    inside = {each.code for each in economies() if each.in_region}
    return [code for code in results.economies if code in inside]


def _stage(stage: str, needs: dict[str, list[float]], years: list[int], overrides: Path | None) -> Imported:
    from kitaran.planning.manufacturing import plants_of

    known = {code: plants_of(code, stage, overrides) for code in needs}
    low, middle, high = (
        _share_imported(needs, known, years, bound, overrides) for bound in ("low", "value", "high")
    )
    rows = [row for each in known.values() for row in (*each.capacity, *each.share)]
    grade = max((row.grade for row in rows), default="D")
    own = any(each.origin is not None and each.origin["region"] == code for code, each in known.items())
    return Imported(stage, high, middle, low, grade, bool(rows) or own)


def _share_imported(
    needs: dict[str, list[float]], known: dict[str, Any], years: list[int], bound: str, overrides: Path | None
) -> float:
    """Imported over needed in the last of the years, all economies together, with plants at one bound of
    what is known."""
    import numpy as np

    from kitaran.planning.manufacturing import able_to_make, own_supply, world_need
    from kitaran.planning.manufacturing.plants import assumed

    at = np.array(years, dtype=np.float64)

    def figure(row: Row) -> Any:
        given = getattr(row, bound)
        return np.array([row.central if given is None else given])

    used, whole, own = figure(assumed("utilisation", overrides)), 0.0, 0.0
    for code, amounts in needs.items():
        need = np.array(amounts)[:, None]
        world = world_need(at, need, overrides)
        able = able_to_make(known[code], need, at, world, used, figure)
        whole += amounts[-1]
        own += float(own_supply(need, able)[-1, 0])
    return 1.0 - own / whole if whole else 0.0
