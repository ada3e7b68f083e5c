"""The tables that a run writes: their columns and types."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario import chain_tables, lifetimes
from kitaran.planning.scenario.tables import NUMBER, SAMPLE, TEXT, WHOLE, Table

Array = NDArray[np.float64]
Grades = Mapping[str, NDArray[np.str_]]
BAND = {"p10": NUMBER, "p50": NUMBER, "p90": NUMBER}


def run_tables(samples: int) -> dict[str, Table]:
    """Every table of a run by name, empty. samples : columns of the headline's samples"""
    of_quantity = {"quantity": TEXT, "unit": TEXT}
    drawn = {f"s{number:04d}": SAMPLE for number in range(samples)}
    place = {"economy": TEXT, "year": WHOLE}
    fleet = {**place, "vehicle_class": TEXT, **BAND, "basis": TEXT}
    return {
        "headline": Table({**place, **of_quantity, **BAND, "grade": TEXT}),
        "by_class": Table({**place, "vehicle_class": TEXT, **of_quantity, **BAND}),
        "by_chemistry": Table({**place, "chemistry": TEXT, **of_quantity, **BAND}),
        "headline_samples": Table({**place, "quantity": TEXT, **drawn}),
        "sales": Table(fleet),
        "stock": Table(fleet),
        "adjustment": Table(
            {
                "economy": TEXT,
                "vehicle_class": TEXT,
                "year": WHOLE,
                "published_stock": NUMBER,
                "modelled_stock": NUMBER,
                "adjustment": NUMBER,
                "gap": NUMBER,
            }
        ),
        "inputs": Table(
            dict.fromkeys(
                ("economy", "vehicle_class", "role", "table", "row_id", "grade", "proxy_for", "note"), TEXT
            )
        ),
        "grades": Table(
            dict.fromkeys(("economy", "grade", "weakest_role", "weakest_grade", "improve"), TEXT)
        ),
        **lifetimes.tables(),
        **chain_tables.tables(),
    }
