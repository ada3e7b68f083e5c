"""Which economies are in a run."""

from __future__ import annotations

from kitaran.planning.scenario.model import Scenario
from kitaran.reference import Economy, economies

PARTNERS_SHOWN = frozenset({"TWN"})


def forecast_economies() -> list[Economy]:
    """Economies that can be in a run: the region's, and the partners that are shown beside it."""
    return [place for place in economies() if place.in_region or place.code in PARTNERS_SHOWN]


def chosen_economies(scenario: Scenario) -> list[Economy]:
    """Economies of a run in the order of the table."""
    able = forecast_economies()
    wanted = {place.code for place in able} if scenario.economies == "all" else set(scenario.economies)
    return [place for place in able if place.code in wanted and place.code not in scenario.exclude]
