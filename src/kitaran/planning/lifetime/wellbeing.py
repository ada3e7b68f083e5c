"""What a life says beyond capacity: resistance, power, certified energy, the pack, and a knee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran import reference
from kitaran.planning.lifetime import pack
from kitaran.planning.lifetime.assumptions import assumption, figure
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.simulation import Life


@dataclass(frozen=True)
class BeyondCapacity:
    """Of one cell of a life, (day + 1,) each; None where the model does not give it, and why not.

    resistance, power : relative to a fresh cell
    certified_energy  : state of certified energy; by capacity alone where resistance is not known
    pack_soh          : state of health of a pack, which the weakest of its cells in series sets
    knee_day          : day from which so much is lost (`knee_loss`) that sudden loss may follow, or None
    """

    resistance: Array | None
    resistance_basis: str
    power: Array | None
    certified_energy: Array
    certified_energy_basis: str
    pack_soh: Array
    knee_loss: float
    knee_day: int | None


def beyond_capacity(life: Life, cells_in_series: int = 1, cell: int = 0) -> BeyondCapacity:
    """Everything but capacity of one cell of a life; InputError for a pack without a cell."""
    soh = life.soh[cell]
    known = pack.resistance(life.model, None if life.resistance is None else life.resistance[cell])
    relative = known.relative
    ahead = pack.knee_ahead(soh)
    return BeyondCapacity(
        resistance=relative,
        resistance_basis=known.basis,
        power=None if relative is None else pack.relative_power(relative),
        certified_energy=pack.certified_energy(soh, relative, loss_when_fresh()),
        certified_energy_basis="capacity and resistance" if relative is not None else "capacity alone",
        pack_soh=pack.pack_soh(soh, cells_in_series),
        knee_loss=assumption("knee_loss").value,
        knee_day=int(np.argmax(ahead)) if ahead.any() else None,
    )


def loss_when_fresh() -> float:
    """Share of energy that a fresh pack loses one way, as in its own heat."""
    return figure(reference.read("thermal").where(pack="ALL", parameter="loss"), "loss").value
