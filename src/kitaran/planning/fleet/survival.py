"""Survival of vehicles and of batteries by age: four families, each from mean life and spread.

Source of the families: Elshkaki et al. (2005), Resources, Conservation and Recycling 43(1), on delayed
outflow in dynamic material-flow analysis; the logistic form of battery life follows the ETM repository of
Busch et al., the Weibull form of vehicle life follows Hao et al. (2011), Science China.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]


class Family(StrEnum):
    """Shape of the distribution of lives."""

    WEIBULL = "weibull"
    LOGISTIC = "logistic"
    NORMAL = "normal"
    FIXED = "fixed"


def survival(family: Family, mean: Array, cv: float | Array, age: Array) -> Array:
    """Share of a cohort that is still alive at an age.

    family : shape of the distribution
    mean   : (sample,) mean life                          [year]
    cv     : standard deviation of life divided by mean, one or (sample,)   [1]
    age    : (age,)                                       [year]
    returns: (age, sample), 1 at age 0 and falling        [fraction]

    weibull   S = exp(-(a/scale)^k), scale = mean / Gamma(1 + 1/k), k from cv
    logistic  S = [1 + exp((a - mean)/s)]^-1 / S(0), s = cv mean sqrt(3) / pi
    normal    S = Phi((mean - a)/(cv mean)) / S(0)
    fixed     S = 1 before the mean, 0 from the mean on
    The logistic and the normal are cut at age 0 and scaled, so that no life is negative.
    Raises InputError if mean <= 0 or cv < 0, or cv = 0 with a family other than fixed.
    """
    life, years = _checked(family, mean, cv, age)
    alive: Array
    match family:
        case Family.WEIBULL:
            shape = weibull_shape(cv)
            alive = _powered(years, _weibull_scale(life, shape), shape)
            np.exp(np.negative(alive, out=alive), out=alive)
        case Family.LOGISTIC:
            width = cv * life * np.sqrt(3.0) / np.pi
            alive = special.expit((life - years) / width) / special.expit(life / width)
        case Family.NORMAL:
            alive = special.ndtr((life - years) / (cv * life)) / special.ndtr(1.0 / np.asarray(cv))
        case Family.FIXED:
            alive = np.where(years < life, 1.0, 0.0)
    return alive


def mean_life_until(family: Family, mean: Array, cv: float | Array, age: Array) -> Array:
    """Mean years lived before an age: the integral of survival from 0 to that age.

    Arguments as in `survival`; returns (age, sample) [year]. It tends to the mean life.
    Closed forms: weibull by the incomplete gamma function, logistic by log(1 + exp), normal by Phi and phi.
    """
    life, years = _checked(family, mean, cv, age)
    lived: Array
    match family:
        case Family.WEIBULL:
            shape = weibull_shape(cv)
            reached = _powered(years, _weibull_scale(life, shape), shape)
            lived = life * special.gammainc(1.0 / shape, reached)
        case Family.LOGISTIC:
            width = cv * life * np.sqrt(3.0) / np.pi
            cut = special.expit(life / width)
            rise = np.logaddexp(0.0, (years - life) / width) - np.logaddexp(0.0, -life / width)
            lived = (years - width * rise) / cut
        case Family.NORMAL:
            width = cv * life
            cut = special.ndtr(1.0 / np.asarray(cv))
            lived = width * (_normal_loss((years - life) / width) - _normal_loss(-life / width)) / cut
        case Family.FIXED:
            lived = np.minimum(years, life)
    return lived


def weibull_shape(cv: float | Array) -> Array:
    """Shape k of a Weibull distribution whose standard deviation is cv times its mean; of the shape of cv.

    cv^2 = Gamma(1 + 2/k) / Gamma(1 + 1/k)^2 - 1, solved by bisection in log k for 0.01 <= cv <= 10.
    Raises InputError outside that range.
    """
    spread = np.asarray(cv, dtype=np.float64)
    if not np.all((spread >= 0.01) & (spread <= 10.0)):
        raise InputError(
            f"A Weibull life with a spread (cv) of {cv} is out of range.",
            "lifetimes, column cv",
            "Give a cv between 0.01 and 10, or the family fixed.",
        )
    if spread.size == 1:
        return np.full(spread.shape, _one_shape(float(spread.flat[0])))
    distinct, where = np.unique(spread, return_inverse=True)
    return np.asarray(_shapes(distinct)[where].reshape(spread.shape))


@lru_cache
def _one_shape(cv: float) -> float:
    return float(_shapes(np.array([cv]))[0])


def _shapes(cv: Array) -> Array:
    low, high = np.full(cv.shape, np.log(0.1)), np.full(cv.shape, np.log(200.0))
    for _ in range(80):
        middle = 0.5 * (low + high)
        inverse = np.exp(-middle)
        squared = np.expm1(special.gammaln(1 + 2 * inverse) - 2 * special.gammaln(1 + inverse))
        wide = squared > cv * cv
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return np.asarray(np.exp(0.5 * (low + high)))


_FACTORED_BELOW = 20.0  # shape up to which a^k and scale^-k stay within the numbers of a float


def _powered(years: Array, scale: Array, shape: Array) -> Array:
    """(years / scale)^shape: one product for each value where all share a shape, else by logarithms."""
    if shape.size == 1 and shape.flat[0] < _FACTORED_BELOW:
        return np.asarray(years**shape * scale**-shape)
    with np.errstate(divide="ignore"):
        exponent: Array = shape * (np.log(years) - np.log(scale))
    return np.asarray(np.exp(exponent, out=exponent))


def _weibull_scale(mean: Array, shape: Array) -> Array:
    scale: Array = mean / special.gamma(1.0 + 1.0 / shape)
    return scale


def _normal_loss(z: Array) -> Array:
    """Antiderivative of 1 - Phi."""
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    loss: Array = z * special.ndtr(-z) - density
    return loss


def _checked(family: Family, mean: Array, cv: float | Array, age: Array) -> tuple[Array, Array]:
    if family not in tuple(Family):
        raise InputError(
            f"There is no family of lives {family!r}.",
            "lifetimes, column family",
            f"Give one of {', '.join(Family)}.",
        )
    life = np.asarray(mean, dtype=np.float64)[None, :]
    if not np.all(life > 0):
        raise InputError("A mean life must be above zero.", "lifetimes, column value", "Give it in years.")
    spread = np.asarray(cv, dtype=np.float64)
    if not np.all(spread >= 0) or (np.any(spread == 0) and family is not Family.FIXED):
        raise InputError(
            f"A spread (cv) of {cv} does not fit the family {family}.",
            "lifetimes, column cv",
            "Give a cv above zero, or the family fixed.",
        )
    return life, np.asarray(age, dtype=np.float64)[:, None]
