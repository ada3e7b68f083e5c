"""How long batteries last by the ageing models: survival by cause for each class, use and chemistry.

Worked out once a run in the reference climates; economies mix them. A chemistry without a row in
chemistry_models, and a battery whose life the workspace has measured, have none here: tables rule for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.lifetime import survival as lives
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.catalogue import ageing_model
from kitaran.planning.lifetime.setting import setting
from kitaran.planning.lifetime.stressors import Windows
from kitaran.planning.lifetime.wear import Wear, wear
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.battery_life import AGES, HORIZON, BatteryLife, ModelOfSamples, Worn
from kitaran.planning.scenario.climates import Climates
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import FactTable, Found, Row, find, read, region_chain

Array = NDArray[np.float64]

USES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0)
MODELS, USE_DUTY, ENDS = "chemistry_models", "duty_of_use", "first_life_end"


@dataclass
class Ageing:
    """The ageing engine of one run; each kind of battery is made once.

    places : reference climates
    """

    assumptions: Assumptions
    overrides: Path | None
    _made: dict[tuple[str, ...], BatteryLife] = field(default_factory=dict)
    _ends: dict[tuple[str, str, str, str], Row | None] = field(default_factory=dict)
    _models: dict[str, FactTable] = field(default_factory=dict)
    _duty_found: dict[tuple[str, str, str], Found] = field(default_factory=dict)

    @cached_property
    def climates(self) -> Climates:
        return Climates(round(self.assumptions.value("reference_climates")), self.overrides)

    @property
    def draws(self) -> Draws:
        return self.assumptions.draws

    def forget(self) -> None:
        """Give the memory of the lives back."""
        self._made.clear()

    def knows(self, chemistry: str) -> bool:
        """Whether ageing models stand for a chemistry."""
        return bool(len(self._models_of(chemistry)))

    def _models_of(self, chemistry: str) -> FactTable:
        if chemistry not in self._models:
            self._models[chemistry] = read(MODELS, self.overrides).where(chemistry=chemistry).resolve()
        return self._models[chemistry]

    def _duty_of_use(self, trail: Trail, vehicle_class: str, use: str) -> Found:
        key = (trail.economy, vehicle_class, use)
        if key not in self._duty_found:
            table = trail.table(USE_DUTY)
            self._duty_found[key] = find(table, trail.economy, vehicle_class=vehicle_class, use=use)
        return self._duty_found[key]

    def life(
        self, trail: Trail, vehicle_class: str, use: str, chemistry: str, weight: float, early: bool
    ) -> BatteryLife:
        """Lives of one kind of battery; its rows are noted and judged by the weakest.

        weight : part of the class that has it, for the grade
        early  : whether it is one of the first packs, which fail more often
        """
        found = self._duty_of_use(trail, vehicle_class, use)
        duty_row = found.table.resolve().rows[0]
        models = self._models_of(chemistry)
        ends = {name: self.end(trail, vehicle_class, use, name) for name in _NEEDED}
        faults = ends["fault_rate"]
        if early:
            faults = self.end(trail, vehicle_class, use, "fault_rate_early")
        for row in (duty_row, *models, faults, *ends.values()):
            trail.note_row("battery_life", row, vehicle_class)
        weakest = max((duty_row, *models, ends["threshold"]), key=lambda row: row.grade)
        trail.judge("battery_life", vehicle_class, weight, Found(found.table, found.region, ""), weakest)
        key = (duty_row.id, chemistry, *(row.id for row in ends.values()))
        if key not in self._made:
            self._made[key] = self._life(duty_row, models, ends)
        if not early:
            return self._made[key]
        if (*key, faults.id) not in self._made:
            other = {**self._made[key].other, "fault": lives.without_event(AGES, self.sampled(faults))}
            self._made[*key, faults.id] = replace(self._made[key], other=other)
        return self._made[*key, faults.id]

    def early_until(self, trail: Trail, vehicle_class: str) -> int:
        """Last year of sale whose packs count as first ones; 0 where there are none."""
        row = self.end_or_none(trail, vehicle_class, "any", "early_until")
        if row is None:
            return 0
        trail.note_row("battery_life", row, vehicle_class)
        return round(row.central)

    def end(self, trail: Trail, vehicle_class: str, use: str, parameter: str) -> Row:
        """Row of a parameter of first_life_end: of the use, else of any use; NotFoundError if there is
        none."""
        row = self.end_or_none(trail, vehicle_class, use, parameter)
        if row is not None:
            return row
        table = trail.table(ENDS)
        return find(
            table, trail.economy, vehicle_class=vehicle_class, use=use, parameter=parameter
        ).table.rows[0]

    def end_or_none(self, trail: Trail, vehicle_class: str, use: str, parameter: str) -> Row | None:
        key = (trail.economy, vehicle_class, use, parameter)
        if key not in self._ends:
            self._ends[key] = self._find_end(trail, vehicle_class, use, parameter)
        return self._ends[key]

    def _find_end(self, trail: Trail, vehicle_class: str, use: str, parameter: str) -> Row | None:
        table = trail.table(ENDS).where(vehicle_class=vehicle_class, parameter=parameter)
        for wanted in (use, "any"):
            rows = table.where(use=wanted)
            regions = {str(row["region"]) for row in rows}
            if regions & set(region_chain(trail.economy)):
                return find(rows, trail.economy).table.resolve().rows[0]
        return None

    def sampled(self, row: Row) -> Array:
        """(sample,) draws of a row of a fact table."""
        fraction = row.unit == "fraction"
        return self.draws.figure(row.id, row.value, row.low, row.high, grade=row.grade, fraction=fraction)

    def _life(self, duty_row: Row, models: FactTable, ends: Mapping[str, Row]) -> BatteryLife:
        duty_id = duty_row.text("duty")
        at, tables = self._duties.index(duty_id), self._tables
        names = [row.text("model") for row in models]
        names.sort(key=lambda name: float(tables[name].loss[at, :, _LEVEL_OF_DUTY, _COMPARED].mean()))
        share = np.array([models.where(model=name).rows[0].central for name in names])
        share = share / share.sum()
        chosen = self._model_of_sample(models.rows[0].text("chemistry"), share)
        apart = _apart([tables[name].loss[at, :, _LEVEL_OF_DUTY, _COMPARED] for name in names], share)
        threshold = self.sampled(ends["threshold"])
        speaking = []
        for index, name in enumerate(names):
            own = np.flatnonzero(chosen == index)
            scatter = self._scatter(tables[name], at, duty_row, ends, threshold, apart)
            speaking.append(ModelOfSamples(tables[name], at, own, lives.of_samples(scatter, own)))
        outside = np.sum(
            [tables[name].outside[at] * part for name, part in zip(names, share, strict=True)], 0
        )
        heaviest = names[int(share.argmax())]
        return BatteryLife(
            models=tuple(row.text("model") for row in sorted(models, key=lambda row: -row.central)),
            worn=Worn(threshold, tuple(speaking)),
            other=self._other_causes(ends),
            outside=outside,
            reason=tables[heaviest].reasons[at],
            duty=duty_id,
        )

    def _model_of_sample(self, chemistry: str, share: Array) -> NDArray[np.intp]:
        """Which model speaks in each sample, (sample,): stratified, so that each has its share."""
        drawn = self.draws.score(f"ageing_model/ALL.{chemistry}")
        rank = (np.argsort(np.argsort(drawn)) + 0.5) / drawn.size
        return np.minimum(np.searchsorted(np.cumsum(share), rank), share.size - 1)

    def _scatter(
        self, table: Wear, at: int, duty_row: Row, ends: Mapping[str, Row], threshold: Array, apart: Array
    ) -> lives.Scatter:
        """How the batteries of a model differ. The models of a chemistry and each one's own error are
        together at least as wide as a single model's error, and wider outside the tested range.

        apart : (place,) spread between the models of the chemistry
        """
        assume, cells = self.assumptions, assumption("cell_spread_of_loss")
        between_cells = self.draws.figure(f"{cells.row_id}.ALL", cells.value, cells.low, cells.high)
        error = self.draws.score(f"ageing/ALL.{table.model.id}")
        own = assumption("model_spread").value
        wider = own * assume.value("ageing_outside_widening") * table.outside[at]
        spread = np.sqrt(np.maximum(own**2 - apart**2, 0.0) + wider**2)
        weakest = lives.weakest_cell(ends["cells_in_series"].central, between_cells)
        return lives.Scatter(
            threshold=threshold,
            use=duty_row.central * assume.sampled("ageing_use_spread"),
            use_spread=_between_batteries(duty_row),
            log_loss=spread[:, None] * error + np.log(weakest),
            own_spread=between_cells,
        )

    def _other_causes(self, ends: Mapping[str, Row]) -> dict[str, Array]:
        limit = ends["battery_age_limit"]
        middle = self.draws.fixed(limit.central)
        return {
            "age": lives.by_calendar(AGES, middle, _between_batteries(limit)),
            "fault": lives.without_event(AGES, self.sampled(ends["fault_rate"])),
        }

    @cached_property
    def _tables(self) -> Mapping[str, Wear]:
        names = sorted({row.text("model") for row in read(MODELS, self.overrides)})
        return {name: wear_in(name, self._duties, self.climates.reference) for name in names}

    @cached_property
    def _duties(self) -> tuple[str, ...]:
        return tuple(sorted({row.text("duty") for row in read(USE_DUTY, self.overrides)}))


_NEEDED = ("threshold", "fault_rate", "battery_age_limit", "cells_in_series")
_LEVEL_OF_DUTY = USES.index(1.0)
_COMPARED = 10  # age at which models are compared [year]


@lru_cache(maxsize=64)
def wear_in(model: str, duties: tuple[str, ...], places: tuple[str, ...]) -> Wear:
    """Wear of a model in duties at places; worked out once a process, for it rests on packaged facts."""
    return wear(ageing_model(model), [_windows(duty, places) for duty in duties], USES, HORIZON)


@lru_cache(maxsize=64)
def _windows(duty: str, places: tuple[str, ...]) -> Windows:
    return setting(places, duty).windows


def _apart(losses: list[Array], share: Array) -> Array:
    """Standard deviation between models of the logarithm of loss, (place,), weighted by their share."""
    logs = np.log(np.maximum(np.stack(losses), 1e-9))
    middle = share @ logs
    return np.asarray(np.sqrt(share @ (logs - middle) ** 2))


def _between_batteries(row: Row) -> float:
    """Standard deviation of the logarithm where low and high hold 8 batteries in 10."""
    low, high = row.span
    return float(np.log(high / low) / (2 * lives.Z_OF_80_PERCENT)) if 0 < low < high else 0.0
