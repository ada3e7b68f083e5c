"""What comes back: primary demand avoided, the share of need that recovery covers, and what is lost where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.materials.dimensions import Named

Array = NDArray[np.float64]


def primary_avoided(demand_t: Array, recovered_t: Array) -> Array:
    """Mined material that recovery spares, min(demand, recovered), in the shape of both [t]."""
    _alike(demand_t, recovered_t)
    return np.minimum(demand_t, recovered_t)


def secondary_share(demand_t: Array, recovered_t: Array) -> Array:
    """Recovered over needed, in the shape of both; zero where nothing is needed.

    Above one, more comes back than new batteries need (lead, where lithium takes its place).
    """
    _alike(demand_t, recovered_t)
    return np.divide(recovered_t, demand_t, out=np.zeros_like(demand_t), where=demand_t > 0)


def share_reaching(share: Array, target: float) -> Array:
    """Part of the samples in which a share reaches a target: (..., sample) -> (...)."""
    reached: Array = (share >= target).mean(axis=-1)
    return reached


def losses(amounts: Named, along: str = "stage") -> Named:
    """What is lost from each stage to the next, under the name of the stage where it is lost.

    amounts : a mass with labels along `along`, in the order of the material's way
    returns : the same without the first stage
    InputError if the dimension is missing or unlabelled, or if a stage holds more than the one before.
    """
    if along not in amounts.labels:
        raise InputError(f"The stages of {along} have no names.", "losses", "Give labels in order.")
    axis = amounts.dims.index(along)
    lost = -np.diff(amounts.values, axis=axis)
    if np.any(lost < -1e-9 * np.abs(amounts.values).max(initial=0.0)):
        raise InputError("A stage holds more than the one before.", "losses", "Check the order of stages.")
    labels = {**amounts.labels, along: amounts.labels[along][1:]}
    return Named(amounts.dims, np.maximum(lost, 0.0), labels)


def _alike(demand_t: Array, recovered_t: Array) -> None:
    if demand_t.shape != recovered_t.shape:
        raise InputError(
            f"Demand of shape {demand_t.shape} does not fit recovery of shape {recovered_t.shape}.",
            "secondary material",
            "Give both over the same years and samples.",
        )
