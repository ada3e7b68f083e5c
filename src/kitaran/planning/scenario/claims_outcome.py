"""What published claims are held against: the region's flows of a run, sample by sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.measures import Measure, summed
from kitaran.planning.scenario.model import FIRST_YEAR, LAST_YEAR
from kitaran.reference import economies as all_economies
from kitaran.reference import read

if TYPE_CHECKING:
    from kitaran.planning.scenario.economy_result import EconomyResult

Array = NDArray[np.float64]

LAST_COUNTED = 2024
_LITHIUM = [index for index, name in enumerate(CHEMISTRIES) if name not in ("lead_acid", "sodium_ion")]
_ENERGY, _MASS = 1, 2


@dataclass(frozen=True)
class Outcome:
    """The region of a run, and the world beside it.

    retired_gwh, retired_t : (year, sample) lithium batteries at the end of first life, by year from 2010
    placed_gwh : (year, sample) lithium batteries that enter use, with vehicles and as replacements
    headline   : quantities of the region's headline; those that the run does not hold are not in it
    world_gwh  : by year, batteries of new road vehicles in the world, counted to 2024, then as projected
    stationary_gwh : by year, batteries put into stationary storage in the world, as projected
    economies  : how many are summed
    """

    retired_gwh: Array
    retired_t: Array
    placed_gwh: Array
    headline: Mapping[str, Measure]
    world_gwh: Mapping[int, float]
    stationary_gwh: Mapping[int, float]
    economies: int

    @property
    def where(self) -> str:
        """Who is summed, to begin a sentence with."""
        whole = sum(economy.in_region for economy in all_economies())
        if self.economies == whole:
            return "The region"
        return f"The {self.economies} of the region's {whole} economies in this run"

    def share_of_world(self) -> Array:
        """The region's part of the batteries that came into use in the world up to the last counted year,
        (sample,). Used to carry a figure of the region over to the world: as if the rest of the world's
        batteries were as old and lasted as long."""
        years = [year for year in self.world_gwh if FIRST_YEAR <= year <= LAST_COUNTED]
        ours = np.sum([self.placed_gwh[at(year)] for year in years], axis=0)
        share: Array = np.minimum(ours / sum(self.world_gwh[year] for year in years), 1.0)
        return share


def at(year: int) -> int:
    """Place of a year on the axis of a run."""
    return year - FIRST_YEAR


@dataclass
class Gathering:
    """Sums over the economies of the region, filled one by one so that memory does not grow with them."""

    samples: int
    retired: Array = field(init=False)
    placed: Array = field(init=False)
    headline: dict[str, Measure] = field(default_factory=dict)
    economies: int = 0

    def __post_init__(self) -> None:
        shape = (LAST_YEAR - FIRST_YEAR + 1, self.samples)
        self.retired = np.zeros((2, *shape))
        self.placed = np.zeros(shape)

    def add(self, result: EconomyResult) -> None:
        """One economy of the region."""
        for row, quantity in enumerate((_ENERGY, _MASS)):
            self.retired[row] += result.retired[quantity][:, _LITHIUM].sum(axis=1)
        self.placed += result.placed[:, :, _LITHIUM].sum(axis=(0, 2))
        self.headline = summed(self.headline, result.headline)
        self.economies += 1

    def outcome(self, overrides: Path | None = None) -> Outcome:
        """The region's sums beside what others say of the world."""
        energy, mass = self.retired
        return Outcome(
            energy,
            mass,
            self.placed,
            self.headline,
            _world("vehicles", overrides),
            _world("stationary", overrides),
            self.economies,
        )


def _world(application: str, overrides: Path | None) -> dict[int, float]:
    rows = read("battery_demand", overrides).where(region="WORLD", application=application).resolve()
    return {row.year: row.central for row in sorted(rows, key=lambda row: row.year or 0) if row.year}
