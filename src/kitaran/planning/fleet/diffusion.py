"""How the electric share of new vehicles spreads: a logistic curve with memory of its past and a known
ceiling.

On the scale x = logit(share / ceiling) a logistic diffusion is a straight line. The line is fitted to history
with a prior on its steepness, leaves the last observation at the fitted steepness, returns to the prior,
and is drawn towards what others have published.
Sources: Rogers, Diffusion of Innovations (2003); Grübler, Nakicenovic and Victor (1999), Energy Policy 27(5),
on steepness of transport technologies; ridge regression as Bayesian prior: Hoerl and Kennard (1970).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_SMALLEST_SHARE = 1e-6
_SMALLEST_SPREAD = 1e-4  # of a steepness that is taken as certain [1/year]


@dataclass(frozen=True)
class Prior:
    """What is known of diffusion before a history is seen.

    steepness      : rise of x in a year, mean over economies                            [1/year]
    steepness_sd   : its standard deviation between economies                            [1/year]
    noise_sd       : scatter of one year's x around the line                             [1]
    memory_years   : half of an observation's weight is gone after so many years         [year]
    reversion_years: time in which a fitted steepness returns to the prior by 1 - 1/e    [year]
    """

    steepness: float
    steepness_sd: float
    noise_sd: float
    memory_years: float
    reversion_years: float


@dataclass(frozen=True)
class Curve:
    """A fitted line: x at the last observed year, steepness there, and their standard deviations."""

    level: float
    level_sd: float
    steepness: float
    steepness_sd: float
    last_year: int


def on_logit(share: Array, ceiling: Array | float) -> Array:
    """x = logit(share / ceiling), share held between 1e-6 and 0.999 of the ceiling."""
    held = np.clip(np.asarray(share, dtype=np.float64) / ceiling, _SMALLEST_SHARE, 0.999)
    x: Array = special.logit(held)
    return x


def fit(years: Array, share: Array, ceiling: float, prior: Prior) -> Curve:
    """Fit a diffusion line to observed shares.

    years   : (observation,) ascending, at least one [year]
    share   : (observation,) above zero              [fraction]
    ceiling : share that is never passed             [fraction]

    Weighted least squares of x on (1, t - t_last), weight 2^((t - t_last)/memory), with the steepness shrunk
    towards the prior by its variance: one observation gives the prior's steepness.
    """
    ago = np.asarray(years, dtype=np.float64) - years[-1]
    x = on_logit(share, ceiling)
    weight = 2.0 ** (ago / prior.memory_years) / prior.noise_sd**2
    design = np.stack([np.ones_like(ago), ago], axis=1)
    trust = max(prior.steepness_sd, _SMALLEST_SPREAD) ** -2
    precision = (design * weight[:, None]).T @ design + np.diag([0.0, trust])
    right = design.T @ (weight * x) + np.array([0.0, prior.steepness * trust])
    level, steepness = np.linalg.solve(precision, right)
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))
    return Curve(float(level), float(sd[0]), float(steepness), float(sd[1]), int(years[-1]))


def project(curve: Curve, level: Array, score: Array, years: Array, prior: Prior) -> Array:
    """x in later years.

    level  : (sample,) x at the last observed year, usually the curve's own
    score  : (sample,) standard normal draw of how fast this economy goes
    years  : (year,) after the last observed year   [year]
    returns: (year, sample)

    dx/dt = k0 + s z + (k - k0) e^(-t/T): the fitted steepness k returns to the prior k0 in T years; s is the
    prior's standard deviation, so that the spread grows with the horizon.
    """
    ahead = (np.asarray(years, dtype=np.float64) - curve.last_year)[:, None]
    returning = prior.reversion_years * -np.expm1(-ahead / prior.reversion_years)
    trend = prior.steepness * ahead + (curve.steepness - prior.steepness) * returning
    return level + trend + prior.steepness_sd * ahead * score


def draw_towards(
    x: Array, years: Array, last_year: int, view_years: Array, view: Array, weight: Array
) -> Array:
    """Draw a projection towards a published view.

    x          : (year, sample) own projection on the logit scale
    view_years : (point,) ascending, after last_year
    view       : (point, sample) the published view on the same scale
    weight     : (sample,) how far it is followed: 0 not at all, 1 exactly
    returns    : (year, sample)

    The distance to the view is interpolated linearly from none in the last observed year, and kept after the
    view's last point.
    """
    if view_years.size == 0:
        return x
    at_view = np.stack([_interpolated(point, years, x) for point in view_years])
    distance = np.concatenate([np.zeros_like(view[:1]), view - at_view])
    knots = np.concatenate([[last_year], view_years])
    return x + weight * np.stack([_interpolated(year, knots, distance) for year in years])


def _interpolated(at: float, knots: Array, values: Array) -> Array:
    """Row of `values` at a point between knots; the ends are kept outside them."""
    position = np.interp(at, knots, np.arange(len(knots)))
    below = int(np.floor(position))
    above = min(below + 1, len(knots) - 1)
    row: Array = values[below] + (position - below) * (values[above] - values[below])
    return row


def share_of(x: Array, ceiling: Array) -> Array:
    """Electric share of new vehicles: ceiling / (1 + e^-x); (year, sample)."""
    share: Array = ceiling * special.expit(x)
    return share
