"""How long vehicles and batteries of a class last in one economy: kinds of batteries that share a kernel.

Two ways, never mixed within one use and chemistry: by the table `lifetimes`, or by the ageing engine, where
wear in the local climate, faults and calendar end the battery and scrappage and accidents end the vehicle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.kernels import Kernel
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.kernels import Kernels, VehicleEnds
from kitaran.planning.scenario.life_changes import UNCHANGED, Change, life_change, stretch_of, table_years
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.parameters import use_shares
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.use_life import ByAgeing, ByTables, UseLife
from kitaran.reference import Found, Row

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """Batteries of a class that share lives.

    members  : indices of their chemistries
    kernel   : per vehicle sold
    cohorts  : (cohort,) 1 for the years of sale whose batteries they are, else 0
    modelled : (step, sample) the part of `kernel.retired` that retires by an ageing model; None for none
    outside  : share of time outside the tested range of the models
    exported : (step, sample) vehicles that leave the economy used, per vehicle sold; None for none
    arrived_used : whether its vehicles come used from another economy; cohorts are then years of arrival
    """

    battery_type: str
    members: tuple[int, ...]
    cohorts: Array
    kernel: Kernel
    modelled: Array | None
    outside: float
    uses: tuple[UseLife, ...]
    exported: Array | None = None
    arrived_used: bool = False


def kinds(
    trail: Trail,
    kernels: Kernels,
    scenario: Scenario,
    vehicle_class: str,
    weights: Mapping[str, Mapping[int, float]],
    sold: NDArray[np.bool_],
    engine: bool,
) -> list[Kind]:
    """Kinds of batteries of a class in one economy.

    weights : by type of battery, part of the class that has each chemistry (by index); zero leaves it out of
              the grade
    sold    : (cohort, chemistry) whether a chemistry is sold in a year
    engine  : whether batteries retire by the ageing engine where it knows their chemistry
    """
    shares = use_shares(trail, kernels.draws, vehicle_class)
    until = kernels.ageing.early_until(trail, vehicle_class) if engine else 0
    first = (until >= COHORTS).astype(np.float64)
    eras = [(first, True), (1.0 - first, False)] if first.any() else [(1.0 - first, False)]
    made = []
    for battery_type, members in weights.items():
        each = _Class(trail, kernels, scenario, vehicle_class, battery_type, shares)
        known = [m for m in members if engine and kernels.ageing.knows(CHEMISTRIES[m])]
        for member in known:
            for era, early in eras:
                cohorts = era * sold[:, member]
                if early and not cohorts.any():
                    continue
                weight = 0.0 if early else members[member]
                made.append(each.kind((member,), CHEMISTRIES[member], cohorts, early, weight))
        rest = tuple(m for m in members if m not in known)
        if rest:
            made.append(each.kind(rest, "", np.ones(len(COHORTS)), False, sum(members[m] for m in rest)))
    return made


@dataclass(frozen=True)
class _Class:
    """Batteries of one type in one class of one economy."""

    trail: Trail
    kernels: Kernels
    scenario: Scenario
    vehicle_class: str
    battery_type: str
    shares: tuple[tuple[str, ...], Array]
    _rows: dict[tuple[str, str, str, bool], Found] = field(default_factory=dict)

    def kind(
        self, members: tuple[int, ...], chemistry: str, cohorts: Array, early: bool, weight: float
    ) -> Kind:
        """A kind of battery over all uses; by the engine if a chemistry is named, else by tables."""
        parts = [
            self._use(use, share, chemistry, early, weight * float(share.mean()))
            for use, share in zip(*self.shares, strict=True)
        ]
        flows = {name: np.zeros_like(parts[0][0].retired) for name in _FLOWS}
        by_model, judged = np.zeros_like(flows["retired"]), [life.by_model for _, life in parts]
        for kernel, life in parts:
            for name, total in flows.items():
                total += getattr(kernel, name) * life.share
            if life.by_model and not all(judged):
                by_model += kernel.retired * life.share
        uses = tuple(life for _, life in parts)
        part = sum(float(life.share.mean()) for life in uses if life.by_model)
        outside = sum(life.outside * float(life.share.mean()) for life in uses if life.by_model)
        modelled = (flows["retired"] if all(judged) else by_model) if any(judged) else None
        share = outside / part if part else 0.0
        return Kind(self.battery_type, members, cohorts, Kernel(**flows), modelled, share, uses)

    def _use(
        self, use: str, share: Array, chemistry: str, early: bool, weight: float
    ) -> tuple[Kernel, UseLife]:
        vehicle_row, vehicle_change = self._row(use, "vehicle", "any", weight, judged=True)
        own = self.trail.table("lifetimes").overridden
        battery_row, battery_change = self._row(
            use, "battery", self.battery_type, weight, judged=not chemistry
        )
        if not chemistry or battery_row.id in own:
            if chemistry:
                self._row(use, "battery", self.battery_type, weight, judged=True)
            vehicle, battery = (vehicle_row, vehicle_change), (battery_row, battery_change)
            kernel = self.kernels.by_tables(vehicle, battery)
            first = ByTables(self.kernels.life(*battery), self.kernels.life(*vehicle))
            return kernel, UseLife(use, chemistry, share, first, 0.0, table_years(*battery))
        ends = ((vehicle_row, vehicle_change), (battery_row, battery_change))
        return self._aged(use, share, chemistry, early, weight, *ends)

    def _aged(
        self,
        use: str,
        share: Array,
        chemistry: str,
        early: bool,
        weight: float,
        vehicle: tuple[Row, Change],
        battery: tuple[Row, Change],
    ) -> tuple[Kernel, UseLife]:
        ageing, change = self.kernels.ageing, battery[1]
        life = ageing.life(self.trail, self.vehicle_class, use, chemistry, weight, early)
        mixed, places = ageing.climates.of_economy(self.trail)
        stretch = stretch_of(change, life, mixed)
        ends, rows = self._vehicle_ends(use, vehicle)
        at = stretch if change == UNCHANGED or not change[1] else (stretch, self.trail.economy)
        key = (vehicle[0].id, vehicle[0].cells, vehicle[1], *rows, id(life), at)
        kernel = self.kernels.by_engine(key, ends, life, stretch, mixed)
        return kernel, UseLife(
            use=use,
            chemistry=chemistry,
            share=share,
            first=ByAgeing(life, mixed, stretch, ends),
            outside=float(life.outside @ mixed),
            table_years=table_years(*battery),
            places=places,
        )

    def _vehicle_ends(self, use: str, vehicle: tuple[Row, Change]) -> tuple[VehicleEnds, list[str]]:
        """What ends the vehicle, and the ids of the rows used beside that of its life."""
        ageing = self.kernels.ageing
        accident = ageing.end(self.trail, self.vehicle_class, use, "accident_rate")
        limit = ageing.end_or_none(self.trail, self.vehicle_class, use, "vehicle_age_limit")
        rows = [row for row in (accident, limit) if row is not None]
        for row in rows:
            self.trail.note_row("vehicle_life", row, self.vehicle_class)
        return self.kernels.vehicle_ends(vehicle, accident, limit), [row.id for row in rows]

    def _row(self, use: str, component: str, kind: str, weight: float, judged: bool) -> tuple[Row, Change]:
        """Row of lifetimes and what the scenario changes of it; judged if the result rests on it."""
        role = f"{component}_life"
        keys = {"use": use, "component": component, "battery_type": kind}
        trail = self.trail if judged else Trail(self.trail.economy, self.trail.overrides)
        if (use, component, kind, judged) not in self._rows:
            self._rows[use, component, kind, judged] = trail.find(
                role, "lifetimes", self.vehicle_class, **keys
            )
        found = self._rows[use, component, kind, judged]
        row = found.table.rows[0]
        trail.judge(role, self.vehicle_class, weight, found, row)
        return row, life_change(
            self.scenario.lives, trail.economy, self.vehicle_class, use, component, self.battery_type
        )


_FLOWS = ("retired", "installed", "in_use")
