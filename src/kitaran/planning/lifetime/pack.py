"""From cell to pack: spread between cells, power, certified energy, and the warning of a knee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.equations import Array


@dataclass(frozen=True)
class Resistance:
    """Relative resistance, 1 when fresh, and where it is from: `model`, or None with the reason why not."""

    relative: Array | None
    basis: str


def pack_soh(cell_soh: ArrayLike, cells_in_series: int, spread: float | None = None) -> Array:
    """State of health of a pack whose weakest group of cells ends the discharge.

    cell_soh        : (...) mean state of health of the cells
    cells_in_series : groups in series; cells in parallel share their loss
    spread          : standard deviation of loss between cells as a share of the mean loss
    The expected lowest of n normal values lies Blom's z = -ndtri((1 - 0.375)/(n + 0.25)) standard deviations
    below their mean (Blom 1958).
    """
    if cells_in_series < 1:
        raise InputError("A pack has at least one cell.", "cells_in_series", "Give 1 or more.")
    own = assumption("cell_spread_of_loss").value if spread is None else spread
    lowest = -float(ndtri(0.625 / (cells_in_series + 0.25))) if cells_in_series > 1 else 0.0
    soh = np.asarray(cell_soh, dtype=float)
    return np.asarray(np.clip(soh - lowest * own * (1.0 - soh), 0.0, None))


def resistance(model: AgeingModel, from_model: Array | None) -> Resistance:
    """Resistance where the model gives one; null and said so otherwise."""
    if from_model is not None:
        return Resistance(from_model, "model")
    return Resistance(None, f"{model.id} was fitted on capacity alone")


def relative_power(relative_resistance: ArrayLike) -> Array:
    """Power at constant voltage limits, 1 when fresh: the inverse of relative resistance."""
    return np.asarray(1.0 / np.asarray(relative_resistance, dtype=float))


def certified_energy(soh: ArrayLike, relative_resistance: ArrayLike | None, loss_when_fresh: float) -> Array:
    """State of certified energy: usable over certified energy at the certificate's rate.

    soh                 : (...) state of health by capacity
    relative_resistance : (...) or None, which counts capacity alone
    loss_when_fresh     : share of energy that a fresh pack loses in a discharge at that rate
    Capacity times mean voltage: SOCE = SOH (1 - loss r)/(1 - loss).
    """
    grown = 1.0 if relative_resistance is None else np.asarray(relative_resistance, dtype=float)
    return np.asarray(np.asarray(soh) * (1.0 - loss_when_fresh * grown) / (1.0 - loss_when_fresh))


def knee_ahead(soh: ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """True where so much is lost that sudden loss is to be reckoned with; the models do not foresee it."""
    return np.asarray(np.asarray(soh, dtype=float) <= 1.0 - assumption("knee_loss").value)
