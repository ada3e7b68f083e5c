"""From what enters and what its kinds of vehicles carry to what retires, is put in and is in use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.stock import assert_balance, outflow
from kitaran.planning.materials.content import (
    CHEMISTRIES,
)
from kitaran.planning.scenario.observed import Start, spliced
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.technology import Technology

Array = NDArray[np.float64]


def retired(carried: Technology, entered: Array, last_year: int) -> tuple[Array, Array, Array, Array]:
    """Retired batteries and their energy, (2, cohort, chemistry, sample); (cohort, sample) the part of the
    energy that comes from vehicles sold up to the last year with a figure; (2, cohort, sample) what retires
    by an ageing model, and the same times the share of time outside the models' tested range."""
    counted = np.zeros((2, len(COHORTS), len(CHEMISTRIES), entered.shape[-1]))
    from_known = np.zeros_like(entered)
    modelled, outside = np.zeros((2, 2, *entered.shape))
    seen = (last_year >= COHORTS)[:, None]
    for kind in carried.kinds:
        each = carried.batteries(kind, entered)
        flows = [outflow(part, kind.kernel.retired) for part in each]
        for row, flow in enumerate(flows):
            counted[row][:, list(kind.members)] += flow
        from_known += outflow(each[1].sum(axis=1) * seen, kind.kernel.retired)
        if kind.modelled is not None:
            for row, part in enumerate(each):
                whole = kind.modelled is kind.kernel.retired
                flow = flows[row].sum(axis=1) if whole else outflow(part.sum(axis=1), kind.modelled)
                modelled[row] += flow
                outside[row] += kind.outside * flow
    return counted, from_known, modelled, outside


def retired_in_all(carried: Technology, entered: Array) -> Array:
    """Retired batteries and their energy [GWh] over chemistries, (2, cohort, sample)."""
    flows = [
        [outflow(each.sum(axis=1), kind.kernel.retired) for each in carried.batteries(kind, entered)]
        for kind in carried.kinds
    ]
    return np.asarray(np.sum(flows, axis=0))


def placed_energy(carried: Technology, entered: Array) -> Array:
    """Energy of batteries that enter use, with new vehicles and as replacements, (2, cohort, chemistry,
    sample) [GWh]."""
    placed = np.zeros((2, len(COHORTS), len(CHEMISTRIES), entered.shape[-1]))
    for kind in carried.kinds:
        _, energy = carried.batteries(kind, entered)
        if not kind.arrived_used:
            placed[0][:, list(kind.members)] += energy
        placed[1][:, list(kind.members)] += outflow(energy, kind.kernel.installed)
    return placed


def vehicles_in_use(carried: Technology, entered: Array, place: str, start: Start | None) -> Array:
    """Vehicles in use at year's end, (cohort, sample), after the balance of entries, exits and stock is
    proved; at the end of the year of an observed stock its correction enters."""
    leaving, in_use = _left_and_in_use(carried, entered)
    coming = entered
    if start is not None:
        row = start.observed.row
        left, there = _left_and_in_use(start.carried, start.entered)
        leaving, in_use = spliced(leaving, left, row), spliced(in_use, there, row - 1)
        coming = spliced(entered, start.entered, row)
        coming[row] += start.correction.sum(axis=(0, 1))
    assert_balance(coming, leaving, in_use, place)
    return in_use


def _left_and_in_use(carried: Technology, entered: Array) -> tuple[Array, Array]:
    """Vehicles that leave in a year, and those in use at its end, (cohort, sample) each."""
    leaving, in_use = np.zeros_like(entered), np.zeros_like(entered)
    for kind in carried.kinds:
        of_kind = entered * carried.vehicles(kind)
        leaving += outflow(of_kind, kind.kernel.retired - kind.kernel.installed)
        if kind.exported is not None:
            leaving += outflow(of_kind, kind.exported)
        in_use += outflow(of_kind, kind.kernel.in_use)
    return leaving, in_use
