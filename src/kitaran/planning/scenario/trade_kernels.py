"""A vehicle that leaves its economy used, and one that arrives used: kernels made from those of a new one.

Export takes vehicles by age, whatever the age of their battery, at the end of a year; so it scales every flow
of a cohort alike. A vehicle that arrives at an age lives on as those of its age that were there from new, its
battery as old as theirs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kitaran.planning.fleet.kernels import Kernel

Array = NDArray[np.float64]


def leaving_by_age(age_mean: float, age_sd: float, steps: int) -> Array:
    """Part of all that will ever leave that leaves at the end of each year since sale, (step,), sum 1.

    Normal around a mean age, cut at both ends. With sales spread over their year, vehicles are t to t + 1
    years old at the end of the t-th year after it.
    """
    edges = np.arange(steps + 1, dtype=np.float64)
    share = np.diff(special.ndtr((edges - age_mean) / age_sd))
    whole: Array = share / share.sum()
    return whole


def kept(leaving: Array, share: float) -> Array:
    """Share of a cohort that has not left used by the end of each year, were nothing scrapped, (step,).

    leaving : (step,) as `leaving_by_age` gives it; share : part of a cohort that would ever leave
    """
    left: Array = 1.0 - share * np.cumsum(leaving)
    return left


def exporters_kernel(kernel: Kernel, left: Array) -> tuple[Kernel, Array]:
    """Flows per vehicle sold where vehicles leave used, and what leaves, (step, sample) [vehicle/vehicle].

    left : (step,) as `kept` gives it
    retired'_t = retired_t E_{t-1}, installed'_t = installed_t E_{t-1}, in_use'_t = in_use_t E_t and
    exported_t = in_use_t (E_{t-1} - E_t), E_{-1} = 1:
    in_use'_t - in_use'_{t-1} = installed'_t - retired'_t - exported_t.
    """
    before = np.concatenate([[1.0], left[:-1]])[:, None]
    exported = kernel.in_use * (before - left[:, None])
    there = kernel.in_use * left[:, None]
    return Kernel(kernel.retired * before, kernel.installed * before, there), exported


def importers_kernel(kernel: Kernel, arriving: Array) -> Kernel:
    """Flows per vehicle that arrives used, by years since it arrived, index 0 its year of arrival.

    arriving : (step,) part of what arrives at the end of each year since its sale, sum 1
    K_k = sum over ages a of w_a K^new_{a+k} / in_use^new_a: the flows of those still there at that age.
    An age that no vehicle of the economy reaches is left out.
    """
    steps = kernel.in_use.shape[0]
    retired, installed = np.zeros_like(kernel.retired), np.zeros_like(kernel.installed)
    reached = [a for a in np.flatnonzero(arriving > 0) if np.all(kernel.in_use[a] > 1e-9)]
    whole = sum(arriving[a] for a in reached)
    for age in reached:
        per = arriving[age] / whole / kernel.in_use[age]
        retired[1 : steps - age] += per * kernel.retired[age + 1 :]
        installed[1 : steps - age] += per * kernel.installed[age + 1 :]
    return Kernel(retired, installed, 1.0 + np.cumsum(installed - retired, axis=0))
