"""How much an economy's plants can make at each stage, from the tables of capacity and of shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.manufacturing.supply import STAGES, over_years
from kitaran.reference import Row, find, read

Array = NDArray[np.float64]
Figure = Callable[[Row], Array]
"""(sample,) samples of a row's figure."""

CAPACITY, SHARE, ORIGIN = "manufacturing_capacity", "production_share", "vehicle_origin"
ASSUMED, WORLD = "manufacturing_assumptions", "battery_demand"


@dataclass(frozen=True)
class Plants:
    """What is known of an economy's plants at one stage.

    capacity : rows of GWh a year, ascending; empty where none is known
    share    : rows of the share in what the world makes, ascending; empty where none is known
    origin   : for packs the row of the share of new cars made at home, else None
    """

    stage: str
    capacity: tuple[Row, ...]
    share: tuple[Row, ...]
    origin: Row | None

    @property
    def experienced(self) -> bool:
        """Whether the economy already makes for the world, so that its new plants start better."""
        return bool(self.share)

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.capacity, *self.share, *([self.origin] if self.origin else ()))


def plants_of(economy: str, stage: str, overrides: Path | None = None) -> Plants:
    """Rows on an economy's plants; InputError if the stage is unknown."""
    if stage not in STAGES:
        raise InputError(
            f"{stage!r} is no stage of manufacturing.", "stage", f"Choose one of {', '.join(STAGES)}."
        )
    capacity = read(CAPACITY, overrides).where(economy=economy, stage=stage).resolve()
    share = read(SHARE, overrides).where(economy=economy, stage=stage).resolve()
    return Plants(stage, _ascending(capacity), _ascending(share), _origin(economy, stage, overrides))


def world_need(years: Array, need: Array, overrides: Path | None = None) -> Array:
    """Batteries for vehicles of the whole world by year.

    years   : (year,) ascending
    need    : (year, sample) what the economy needs  [GWh]
    returns : (year, sample)  [GWh]

    As counted, then as projected; level before the first year known. After the last year known Y the world
    grows as the economy does and never shrinks: W(y) = W(Y) max(1, n(y) / n(Y)), so that a share in it keeps
    its meaning. Level there if the years given do not reach back to Y.
    """
    table = read(WORLD, overrides).where(region="WORLD", application="vehicles").resolve()
    by_year = {row.year or 0: row for row in sorted(table, key=lambda row: row.text("path"), reverse=True)}
    known = np.array(sorted(by_year), dtype=np.float64)
    path = over_years(years, known, np.array([[by_year[int(year)].central] for year in known]))
    whole = np.broadcast_to(path, need.shape).copy()
    later = np.flatnonzero(years > known[-1])
    if later.size and later[0] > 0:
        then = need[later[0] - 1]
        grown = np.divide(need[later], then, out=np.ones_like(need[later]), where=then > 0)
        whole[later] *= np.maximum(grown, 1.0)
    return whole


def able_to_make(
    plants: Plants, need: Array, years: Array, world: Array, used: Array, figure: Figure
) -> Array:
    """What plants can make, (year, sample) [GWh], counted in energy of batteries.

    need   : (year, sample) what the economy needs at the stage            [GWh]
    world  : (year, sample) need of the world                               [GWh]
    used   : (sample,) part of a plant's capacity that can be used at most
    figure : samples of a row

    The largest of capacity times use, share in the world times its need, and for packs the share of cars
    made at home times the need. Zero where no plant is known.
    """
    able = np.zeros_like(need)
    if plants.capacity:
        able = np.maximum(able, _path(plants.capacity, years, figure) * used)
    if plants.share:
        able = np.maximum(able, _path(plants.share, years, figure) * world)
    if plants.origin is not None:
        able = np.maximum(able, need * figure(plants.origin))
    return able


def share_of_world(plants: Plants, years: Array, figure: Figure) -> Array:
    """Share in what the world makes, (year, sample) or (1, 1) zero where none is known."""
    return _path(plants.share, years, figure) if plants.share else np.zeros((1, 1))


def assumed(name: str, overrides: Path | None = None) -> Row:
    """One row of the assumptions on plants; NotFoundError if there is none."""
    found = read(ASSUMED, overrides).where(name=name).resolve().rows
    if not found:
        raise NotFoundError(f"There is no assumption {name!r}.", ASSUMED, "Add a row for it.")
    return found[0]


def _path(rows: Sequence[Row], years: Array, figure: Figure) -> Array:
    known = np.array([row.year or 0 for row in rows], dtype=np.float64)
    return over_years(years, known, np.stack([figure(row) for row in rows]))


def _ascending(rows: Iterable[Row]) -> tuple[Row, ...]:
    """By year; of plants announced and plants that operate in one year those that operate."""
    by_year: dict[int, Row] = {}
    for row in sorted(rows, key=lambda row: str(row["status"]) if "status" in row else ""):
        by_year[row.year or 0] = row
    return tuple(by_year[year] for year in sorted(by_year))


def _origin(economy: str, stage: str, overrides: Path | None) -> Row | None:
    if stage != "pack":
        return None
    return find(read(ORIGIN, overrides), economy).table.resolve().rows[0]
