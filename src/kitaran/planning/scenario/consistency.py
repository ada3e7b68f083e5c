"""What a scenario says that its model cannot see: unknown codes and names, and what is said twice."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from kitaran.foundation.errors import Fault
from kitaran.planning.scenario.assumptions import TABLE
from kitaran.planning.scenario.chosen import chosen_economies, forecast_economies
from kitaran.planning.scenario.marked_yaml import Marked, Path
from kitaran.planning.scenario.model import AssumptionChange, Scenario, ShareInYear
from kitaran.reference import economies, read

# Between which bounds an assumption can be changed: by its name, else by its unit.
BOUNDS = {
    "diffusion_steepness": (0.01, 2.0),
    "diffusion_noise": (0.01, 10.0),
    "peers": (1.0, 50.0),
    "peer_subregion_distance": (0.0, 100.0),
    "peer_spread": (1.0, 100.0),
    "range_grade_a": (1.0, 100.0),
    "range_grade_b": (1.0, 100.0),
    "range_grade_c": (1.0, 100.0),
    "range_grade_d": (1.0, 100.0),
    "1": (0.0, 100.0),
    "1/year": (0.0, 2.0),
    "year": (0.1, 100.0),
    "fraction": (0.0, 1.0),
    "USD/person": (1.0, 1e6),
    "factor": (0.1, 100.0),
}


def unknown_codes(marked: Marked, data: Any) -> list[Fault]:
    """Economy codes that look right and have no forecast."""
    able = {place.code for place in forecast_economies()}
    partners = {place.code for place in economies()} - able
    faults = []
    for path, code in _codes(data, ()):
        if not (isinstance(code, str) and len(code) == 3 and code.isupper()) or code in able:
            continue
        near = difflib.get_close_matches(code, sorted(able), 1)
        hint = f"Did you mean {near[0]}?" if near else "Give an ISO 3166 alpha-3 code, for example THA."
        cause = f"There is no economy {code!r}."
        if code in partners:
            cause, hint = f"{code} is a trade partner and has no forecast.", "Leave it out."
        faults.append(marked.at(path, cause, hint))
    return faults


def repeated_shares(marked: Marked, scenario: Scenario) -> list[Fault]:
    """Two shares for one economy, year, and class or type of battery."""
    faults = []
    by_key: dict[str, tuple[ShareInYear, ...]] = {
        "sales_targets": scenario.sales_targets,
        "lead_acid": scenario.lead_acid,
        "collection": scenario.collection,
        "repurposing": scenario.repurposing,
    }
    for key, shares in by_key.items():
        for index, later in enumerate(shares):
            for earlier in shares[:index]:
                same = earlier.year == later.year and _one_subject(earlier, later)
                common = not earlier.economies or not later.economies
                if same and (common or set(earlier.economies) & set(later.economies)):
                    cause = f"{_subject(later) or key} in {later.year} has a share already."
                    faults.append(marked.at((key, index), cause, "Keep one of them."))
    return faults


def nothing_left(marked: Marked, scenario: Scenario) -> list[Fault]:
    """A run of no economy."""
    if chosen_economies(scenario):
        return []
    named = "exclude" if scenario.exclude else "economies"
    return [marked.at((named,), "No economy is left to forecast.", "Name at least one.")]


def unknown_assumptions(marked: Marked, scenario: Scenario) -> list[Fault]:
    """Changes of assumptions that do not exist, stand twice, or have another unit or a value out of range."""
    rows = {row.text("name"): row for row in read(TABLE)}
    faults = []
    for index, change in enumerate(scenario.assumptions):
        row = rows.get(change.name)
        if row is None:
            near = difflib.get_close_matches(change.name, sorted(rows), 1)
            hint = f"Did you mean {near[0]}?" if near else f"See `kitaran data show {TABLE}`."
            cause = f"There is no assumption {change.name!r}."
            faults.append(marked.at(("assumptions", index, "name"), cause, hint))
        elif change.name in {other.name for other in scenario.assumptions[:index]}:
            cause = f"{change.name} stands twice."
            faults.append(marked.at(("assumptions", index, "name"), cause, "Keep one of them."))
        elif row.unit != change.unit:
            cause = f"The unit of {change.name} is {row.unit}, not {change.unit}."
            faults.append(marked.at(("assumptions", index, "unit"), cause, f"Give the value in {row.unit}."))
        else:
            faults += _out_of_bounds(marked, change, index)
    return faults


def _out_of_bounds(marked: Marked, change: AssumptionChange, index: int) -> Iterator[Fault]:
    least, most = BOUNDS.get(change.name) or BOUNDS[change.unit]
    for key, value in (("value", change.value), ("low", change.low), ("high", change.high)):
        if value is not None and not least <= value <= most:
            cause = f"{key} of {change.name} is {value:g}, which is out of range."
            yield marked.at(("assumptions", index, key), cause, f"Give {least:g} to {most:g} {change.unit}.")


def _subject(share: ShareInYear) -> str:
    """Class of vehicles or type of battery that a share is of; empty for all of them."""
    return getattr(share, "vehicle_class", None) or getattr(share, "battery_type", None) or ""


def _one_subject(one: ShareInYear, other: ShareInYear) -> bool:
    """Whether both say something of the same batteries; a share of all says something of each."""
    return _subject(one) == _subject(other) or not (_subject(one) and _subject(other))


def _codes(data: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("economies", "exclude") and isinstance(value, list):
                yield from (((*path, key, index), code) for index, code in enumerate(value))
            else:
                yield from _codes(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _codes(value, (*path, index))
