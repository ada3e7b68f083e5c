"""What must be made for new batteries, who can make it, what is imported, and what their making rejects."""

from __future__ import annotations

from kitaran.planning.manufacturing.plants import (
    Plants,
    able_to_make,
    plants_of,
    share_of_world,
    world_need,
)
from kitaran.planning.manufacturing.requirements import Requirements, cell_energy, requirements
from kitaran.planning.manufacturing.scrap import mean_scrap_rate, scrap_energy, scrap_rate
from kitaran.planning.manufacturing.supply import STAGES, import_dependence, output, over_years, own_supply

__all__ = [
    "STAGES",
    "Plants",
    "Requirements",
    "able_to_make",
    "cell_energy",
    "import_dependence",
    "mean_scrap_rate",
    "output",
    "over_years",
    "own_supply",
    "plants_of",
    "requirements",
    "scrap_energy",
    "scrap_rate",
    "share_of_world",
    "world_need",
]
