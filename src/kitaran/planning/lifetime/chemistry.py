"""Which ageing models speak for a chemistry, and how far they disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.catalogue import AgeingModel, catalogue
from kitaran.planning.lifetime.equations import Array

WITHOUT_MODEL = ("lead_acid", "NiMH", "sodium_ion")


@dataclass(frozen=True)
class Ensemble:
    """Models of a chemistry: the default and those that may speak beside it; suspect ones are left out.

    proxy : True if the default was tested on another chemistry, which lowers the grade
    """

    chemistry: str
    default: AgeingModel
    others: tuple[AgeingModel, ...]
    proxy: bool

    @property
    def models(self) -> tuple[AgeingModel, ...]:
        return (self.default, *self.others)


def ensemble(chemistry: str) -> Ensemble:
    """Models of a chemistry. NotFoundError where none is fit: those batteries retire by lifetime tables.

    A model that starts at second life (state of health 1 below that of a new cell) is no model of first life.
    """
    fit = [m for m in catalogue().values() if m.standing != "suspect" and m.soh_of_new_at_start == 1]
    able = [model for model in fit if chemistry in model.stands_for]
    if not able:
        known = sorted({name for model in fit for name in model.stands_for})
        raise NotFoundError(
            f"No ageing model is fit for {chemistry!r}; such batteries retire by lifetime tables.",
            "chemistry",
            f"Models exist for {', '.join(known)}; a suspect one must be asked for by its id.",
        )
    ranked = sorted(able, key=lambda model: (model.standing != "default", model.chemistry != chemistry))
    default, *others = ranked
    return Ensemble(chemistry, default, tuple(others), default.chemistry != chemistry)


def has_model(chemistry: str) -> bool:
    """True if lives of this chemistry can be simulated by a model that is not suspect."""
    try:
        ensemble(chemistry)
    except NotFoundError:
        return False
    return True


def loss_spread(losses: Array, outside: Array) -> Array:
    """Relative standard deviation of loss: inside the tested range the models' own, outside the ensemble's.

    losses  : (model, ...) loss of capacity by each model, the default first
    outside : (...) share of time outside the default's tested range
    returns : (...) the spread of one model, widened towards that of the ensemble by the share outside
    """
    inside = assumption("model_spread").value
    mean = np.maximum(losses.mean(axis=0), 1e-12)
    among = losses.std(axis=0, ddof=1) / mean if losses.shape[0] > 1 else np.zeros_like(mean)
    return np.asarray(inside + outside * np.maximum(among - inside, 0.5 * inside))
