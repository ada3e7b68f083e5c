"""What the vehicles of an economy carry when some leave used, or arrive used.

Exporters lose a part of each cohort by age. Importers get vehicles with the rest of a life, with batteries as
the exporter sold them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario.lives import Kind
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.technology import Technology
from kitaran.planning.scenario.trade import Inflow
from kitaran.planning.scenario.trade_kernels import exporters_kernel, importers_kernel, kept
from kitaran.planning.scenario.used_exports import ROLE, Outflow
from kitaran.reference import Row

Array = NDArray[np.float64]

USED = "lithium, used"
LARGEST_PART = 0.95


def with_exports(trail: Trail, carried: Technology, outflow: Outflow) -> Technology:
    """What an exporter's vehicles carry, when part of each cohort leaves used."""
    _note(trail, outflow.vehicle_class, outflow.rows)
    kinds = []
    for sold, left in _eras(outflow):
        of_era = [(kind, kind.cohorts * sold) for kind in carried.kinds]
        kinds += [_exporting(kind, cohorts, left) for kind, cohorts in of_era if cohorts.any()]
    return carried.with_lives(kinds)


def with_imports(
    trail: Trail, vehicle_class: str, carried: Technology, entered: Array, inflow: Inflow
) -> tuple[Technology, Array]:
    """What an importer's vehicles carry, and what enters, when used ones arrive.

    Used vehicles that its sales hold take the place of new ones; others come beside them. They bring the
    chemistries of their year of arrival, batteries of the exporter's energy, and the rest of a life.
    """
    _note(trail, vehicle_class, inflow.rows)
    sold = entered.mean(axis=1)
    arrive = inflow.taken(sold)
    whole = np.maximum(sold + arrive * (1.0 - inflow.counted), arrive / LARGEST_PART)
    entering = np.where(sold[:, None] > 0, entered + (whole - sold)[:, None], whole[:, None])
    part = np.divide(arrive, whole, out=np.zeros_like(whole), where=whole > 0)
    by_age = inflow.vehicles.sum(axis=0)
    ages = by_age / max(float(by_age.sum()), 1e-12)
    kinds = []
    for kind in carried.kinds:
        kinds.append(replace(kind, cohorts=kind.cohorts * (1.0 - part)))
        if kind.battery_type == "lithium" and (kind.cohorts * part).any():
            kinds.append(_arriving(kind, part, ages))
    energy = np.broadcast_to(inflow.energy[:, None], entering.shape)
    both = replace(
        carried.with_lives(kinds),
        share={**carried.share, USED: carried.share["lithium"]},
        energy={**carried.energy, USED: energy},
    )
    return both, entering


def _eras(outflow: Outflow) -> list[tuple[Array, Array]]:
    """Cohorts that leave alike, (cohort,) 1 or 0, and what is kept of them, (step,): those sold before the
    first exports each for itself, since they were older when exports began; all later ones together."""
    earlier = [int(year) for year in COHORTS[outflow.begins > COHORTS]]
    eras = []
    for year in earlier:
        old_enough = np.arange(len(COHORTS)) >= outflow.begins - year
        eras.append(
            (np.equal(COHORTS, year).astype(np.float64), kept(outflow.leaving * old_enough, outflow.share))
        )
    later = (outflow.begins <= COHORTS).astype(np.float64)
    return [*eras, (later, kept(outflow.leaving, outflow.share))]


def _exporting(kind: Kind, cohorts: Array, left: Array) -> Kind:
    kernel, exported = exporters_kernel(kind.kernel, left)
    before = np.concatenate([[1.0], left[:-1]])[:, None]
    modelled = kernel.retired if kind.modelled is kind.kernel.retired else kind.modelled
    if modelled is not None and modelled is not kernel.retired:
        modelled = modelled * before
    return replace(kind, cohorts=cohorts, kernel=kernel, modelled=modelled, exported=exported)


def _arriving(kind: Kind, part: Array, ages: Array) -> Kind:
    """The used vehicles of a kind. How healthy their batteries are when they retire is not followed."""
    kernel = importers_kernel(kind.kernel, ages)
    return replace(
        kind,
        battery_type=USED,
        cohorts=kind.cohorts * part,
        kernel=kernel,
        modelled=None,
        uses=(),
        arrived_used=True,
    )


def _note(trail: Trail, vehicle_class: str, rows: tuple[Row, ...]) -> None:
    for row in rows:
        trail.note_row(ROLE, row, vehicle_class)
