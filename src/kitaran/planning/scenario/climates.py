"""In which climates the batteries of an economy live: a few reference climates, mixed for every economy.

Ageing is worked out in the reference climates only. They are places as far apart as can be; every other place
is a mixture of those that are like it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.lifetime.climate import normals, places
from kitaran.planning.scenario.provenance import Trail
from kitaran.reference import economies, read

Array = NDArray[np.float64]

TABLE = "climate_places"
_NEAR = 0.3  # how much a likeness of single places counts beside that of their mixture


@dataclass(frozen=True)
class Climates:
    """Reference climates and the weights of economies in them.

    count : how many reference climates
    """

    count: int
    overrides: Path | None
    _mixed: dict[str, tuple[Array, tuple[str, ...]]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def of_places(self) -> dict[str, Array]:
        """Monthly means of daily extremes, (24,) [degC], of every place where vehicles are, as
        ECONOMY/place."""
        named = dict.fromkeys(f"{row['economy']}/{row['place']}" for row in read(TABLE, self.overrides))
        for place in economies():
            if not any(name.startswith(f"{place.code}/") for name in named):
                found = _own_place(place.code)
                if found:
                    named[found] = None
        return {name: _extremes(name) for name in sorted(named)}

    @cached_property
    def reference(self) -> tuple[str, ...]:
        """Reference climates: the place nearest to the mean of all, then always the one farthest from those
        already chosen."""
        names, table = list(self.of_places), np.stack(list(self.of_places.values()))
        chosen = [int(np.argmin(_distance(table, table.mean(axis=0))))]
        while len(chosen) < min(self.count, len(names)):
            nearest = np.min([_distance(table, table[one]) for one in chosen], axis=0)
            chosen.append(int(np.argmax(nearest)))
        return tuple(names[index] for index in sorted(chosen))

    def mixture(self, place: str) -> Array:
        """Weights of the reference climates, (reference,), adding up to one, for a place of `of_places`.

        Non-negative least squares on the monthly means, in which a climate unlike the place costs too, so
        that a mild place is not made of a hot and a cold one.
        """
        wanted = self.of_places[place]
        basis = np.stack([self.of_places[name] for name in self.reference], axis=1)
        apart = np.array([_distance(basis[:, [k]].T, wanted)[0] for k in range(basis.shape[1])])
        whole = np.full((1, basis.shape[1]), 1e3)
        rows = np.vstack([basis, np.diag(_NEAR * apart * np.sqrt(wanted.size)), whole])
        target = np.concatenate([wanted, np.zeros(basis.shape[1]), [1e3]])
        weights, _ = nnls(rows, target)
        shares: Array = weights / weights.sum()
        return shares

    def of_economy(self, trail: Trail) -> tuple[Array, tuple[str, ...]]:
        """Weights of the reference climates in an economy, (reference,), and its places, the largest
        first."""
        rows = trail.table(TABLE).where(economy=trail.economy).resolve().rows
        for row in rows:
            trail.note_row("battery_life", row)
        if trail.economy not in self._mixed:
            shares = {f"{trail.economy}/{row['place']}": row.central for row in rows}
            self._mixed[trail.economy] = self._of(trail.economy, shares)
        return self._mixed[trail.economy]

    def _of(self, economy: str, shares: dict[str, float]) -> tuple[Array, tuple[str, ...]]:
        if not shares:
            place = _own_place(economy)
            if not place:
                raise NotFoundError(
                    f"There is no climate of {economy}.", TABLE, "Add its capital to climate_normals."
                )
            shares = {place: 1.0}
        total = sum(shares.values())
        weights = np.sum([share / total * self.mixture(name) for name, share in shares.items()], axis=0)
        ordered = sorted(shares, key=lambda name: -shares[name])
        return weights, tuple(name.partition("/")[2] for name in ordered)


def _own_place(economy: str) -> str:
    """The capital, else the first place of an economy with normals; empty if it has none."""
    try:
        found = normals(economy)
        return f"{found.economy}/{found.place}"
    except NotFoundError:
        return next((name for name in places() if name.startswith(f"{economy}/")), "")


def _extremes(place: str) -> Array:
    found = normals(place)
    return np.concatenate([found.tmax_c, found.tmin_c])


def _distance(table: Array, place: Array) -> Array:
    """Root of the mean squared difference of monthly means [K], (place,)."""
    apart: Array = np.sqrt(np.mean((table - place) ** 2, axis=-1))
    return apart
