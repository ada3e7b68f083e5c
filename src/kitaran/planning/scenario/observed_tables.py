"""Observed stock in the tables of a run, and the sentence with which its manifest names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.observed import Start, observed
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.tables import NUMBER, TEXT, WHOLE, Table
from kitaran.planning.uncertainty.quantiles import quantiles
from kitaran.reference import economy as place_of
from kitaran.reference import read

NAME = "observed_stock"
_TYPES: Mapping[str, str] = {
    "economy": TEXT,
    "vehicle_class": TEXT,
    "cohort": WHOLE,
    "chemistry": TEXT,
    "year": WHOLE,
    "observed": NUMBER,
    "modelled": NUMBER,
    "adjustment": NUMBER,
}


def add(tables: dict[str, Table], economy: str, start: Start) -> None:
    """Medians by cohort and chemistry at the end of the year of observation; the adjustment is the mean of
    observed less modelled. The table stands only in runs that start from an observed stock."""
    stock = start.stock
    in_use, modelled = (quantiles(each)[1] for each in (stock.in_use, stock.modelled))
    shown = stock.touched[:, None] & ((in_use > 0) | (modelled > 0))
    cohorts, members = np.nonzero(shown)
    tables.setdefault(NAME, Table(_TYPES)).add(
        len(cohorts),
        economy=economy,
        vehicle_class=start.observed.vehicle_class,
        cohort=COHORTS[cohorts],
        chemistry=np.array(CHEMISTRIES, dtype=object)[members],
        year=start.observed.year,
        observed=in_use[shown],
        modelled=modelled[shown],
        adjustment=start.correction.mean(axis=-1)[shown],
    )


def by_cohort(start: Start) -> list[dict[str, Any]]:
    """Vehicles in use by cohort at the end of the year of observation, as modelled and as counted: medians
    over the samples. `adjustment` is the mean of counted less modelled."""
    stock, row = start.stock, start.observed.row
    modelled, in_use = (quantiles(each.sum(axis=1))[1] for each in (stock.modelled, stock.in_use))
    more = start.correction.sum(axis=1).mean(axis=-1)
    return [
        {
            "vehicle_class": start.observed.vehicle_class,
            "cohort": int(COHORTS[cohort]),
            "year": start.observed.year,
            "modelled": float(modelled[cohort]),
            "counted": float(in_use[cohort]) if stock.touched[cohort] else None,
            "in_use": float(in_use[cohort]),
            "adjustment": float(more[cohort]),
        }
        for cohort in range(row + 1)
        if modelled[cohort] >= 0.5 or in_use[cohort] >= 0.5
    ]


def named(economies: Iterable[str], overrides: Path | None) -> list[dict[str, Any]]:
    """Each observed stock that a run starts from, for its manifest; empty without one."""
    if overrides is None:
        return []
    sources = {row.text("source"): row for row in read("sources", overrides)}
    found = []
    for code in sorted(economies):
        by_source: dict[tuple[str, int], list[str]] = {}
        for vehicle_class, seen in observed(code, overrides).items():
            by_source.setdefault((seen.rows[0].source, seen.year), []).append(vehicle_class)
        for (source, year), classes in sorted(by_source.items()):
            row = sources.get(source)
            title = row.text("title") if row else source
            accepted_on = _accepted_on(row.note if row else "")
            found.append(
                {
                    "economy": code,
                    "vehicle_classes": classes,
                    "observed_at_end_of": year,
                    "source": source,
                    "title": title,
                    "publisher": row.text("publisher") if row else "",
                    "accepted_on": accepted_on,
                    "says": _sentence(code, title, year, accepted_on),
                }
            )
    return found


ACCEPTED = "Accepted on "


def _accepted_on(note: str) -> str:
    """Day in the note of a source that was accepted; empty if there is none."""
    return note.partition(ACCEPTED)[2][:10]


def _sentence(code: str, title: str, year: int, accepted_on: str) -> str:
    when = f", accepted on {accepted_on}" if accepted_on else ""
    return f"{place_of(code).name} starts from {title} (in use at the end of {year}){when}."
