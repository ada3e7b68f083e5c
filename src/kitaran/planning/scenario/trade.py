"""Second-hand trade between economies: what arrives where, from all exporters together.

What a partner cannot take goes elsewhere. The outflow of each exporter is in `used_exports`, what vehicles
carry after it in `used_vehicles`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.technology import Technology
from kitaran.planning.scenario.used_exports import PARAMETERS, Outflow, assert_balance, exporters, outflow_of
from kitaran.reference import ALL_ECONOMIES, Row, read

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Inflow:
    """Used vehicles that arrive in one economy.

    vehicles : (year, age) sent by all exporters [vehicle]; energy : (year,) of their batteries [kWh]
    counted  : part of them that the importer's published sales hold already
    most     : largest part of used vehicles in what enters after the years with counts
    """

    vehicles: Array
    energy: Array
    counted: float
    most: float
    counted_until: int
    rows: tuple[Row, ...]

    def taken(self, sold: Array) -> Array:
        """Used vehicles that the importer takes, (year,); what is sent beyond it goes elsewhere.

        sold : (year,) electric vehicles that its figures and outlook hold
        After the counts: n <= m (sold + (1 - c) n), with m the largest part and c what sales hold already.
        """
        sent = self.vehicles.sum(axis=1)
        most = self.most * sold / (1.0 - self.most * (1.0 - self.counted))
        taken: Array = np.where(self.counted_until < COHORTS, np.minimum(sent, most), sent)
        return taken


@dataclass
class Trade:
    """All used trade of a run; the outflow of each exporter is worked out once, when first asked for.

    flow_of : gives an exporter's class as it would be without trade: what it carries and what enters
    """

    flow_of: Callable[[str, str], tuple[Technology, Array]]
    overrides: Path | None = None
    _made: dict[tuple[str, str], Outflow] = field(default_factory=dict)

    def outflow(self, economy: str, vehicle_class: str) -> Outflow | None:
        """What leaves an economy; None where no used exports of it are projected."""
        key = (economy, vehicle_class)
        if key not in exporters(self.overrides):
            return None
        if key not in self._made:
            carried, entered = self.flow_of(economy, vehicle_class)
            self._made[key] = outflow_of(economy, vehicle_class, carried, entered, self.overrides)
            assert_balance(self._made[key])
        return self._made[key]

    def inflow(self, economy: str, vehicle_class: str) -> Inflow | None:
        """What arrives in an economy from all exporters; None where nothing does."""
        table = read(PARAMETERS, self.overrides)
        known = table.where(partner=economy, vehicle_class=vehicle_class, parameter="share")
        sources = [self.outflow(row.text("economy"), vehicle_class) for row in known]
        found = [each for each in sources if each is not None]
        if not found:
            return None
        counted, most = (
            self._of_importer(economy, vehicle_class, n) for n in ("counted_in_sales", "most_used")
        )
        vehicles = np.sum([each.to(economy) for each in found], axis=0)
        weights = np.array([each.to(economy).sum(axis=1) for each in found])
        energy = np.average([each.energy for each in found], axis=0, weights=np.maximum(weights, 1e-12))
        until = max(each.counted_until for each in found)
        rows = [*known.rows, counted, most, *(row for each in found for row in each.rows)]
        return Inflow(vehicles, energy, counted.central, most.central, until, tuple(dict.fromkeys(rows)))

    def _of_importer(self, economy: str, vehicle_class: str, parameter: str) -> Row:
        table = read(PARAMETERS, self.overrides).where(vehicle_class=vehicle_class, parameter=parameter)
        own = table.where(economy=economy)
        (row,) = (own if len(own) else table.where(economy=ALL_ECONOMIES)).resolve()
        return row
