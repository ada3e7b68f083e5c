"""What enters and leaves the joint state beside sales and scrapping: trade, adjustments, swapping pools."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.given import ByAge
from kitaran.planning.fleet.joint_state import SURPLUS, WORN, State, Step

Array = NDArray[np.float64]


def trade(step: Step) -> None:
    """Exports, what arrives of them elsewhere, and imports from outside, at the end of the step."""
    rules, active = step.rules, step.active
    zero = np.zeros(active.shape[2])
    step.flows |= {"exported": zero, "imported": zero, "unmet": zero}
    ages = rules.ages_at(step.index)
    if rules.export_share is not None or rules.export_count is not None:
        leaving = active * _leaving(step, ages)[:, None]
        active -= leaving
        step.flows["exported"] = leaving.sum(axis=(0, 1))
        if rules.routing is not None:
            arriving = rules.routing.moved(leaving, step.interval)
            active += arriving
            step.flows["imported"] = arriving.sum(axis=(0, 1))
    if rules.import_count is not None:
        number = _in_class(rules.import_count, ages)
        from_outside = rules.import_count.at(step.interval, ages) / number
        from_outside = from_outside * rules.share_of_interval[step.index]
        own = np.arange(step.now + 1)
        active[own, own] += from_outside
        step.flows["imported"] = step.flows["imported"] + from_outside.sum(axis=0)


def _leaving(step: Step, ages: NDArray[np.intp]) -> Array:
    """Share of each cohort that leaves, (cohort, S)."""
    rules = step.rules
    staying = np.ones((ages.size, 1))
    if rules.export_share is not None:
        staying = staying * (1.0 - rules.export_share.at(step.interval, ages)) ** rules.step
    if rules.export_count is None:
        return 1.0 - staying
    there = step.active.sum(axis=1) * staying
    classes = rules.export_count.classes(ages)
    of_class = np.zeros((rules.export_count.values.shape[1], there.shape[1]))
    np.add.at(of_class, classes, there)
    row = rules.export_count.values[min(step.interval, rules.export_count.values.shape[0] - 1)]
    asked = row * rules.share_of_interval[step.index]
    step.flows["unmet"] = np.maximum(asked - of_class, 0.0).sum(axis=0)
    share = np.divide(np.minimum(asked, of_class), of_class, out=np.zeros_like(of_class), where=of_class > 0)
    return np.asarray(1.0 - staying * (1.0 - share[classes]))


def _in_class(figure: ByAge, ages: NDArray[np.intp]) -> Array:
    """Cohorts that share an age class, (cohort, 1); beyond the last class only its first year counts."""
    years = np.floor(ages * figure.step + 1e-6)
    within = years < figure.values.shape[1]
    number = np.full(ages.size, max(1.0, np.rint(1.0 / figure.step)))
    return np.where(within, number, np.inf)[:, None]


def withdraw(step: Step, adjusted: Array) -> None:
    """Take out the vehicles that published stock does not show, of all ages alike; never more than there
    are."""
    there = step.active.sum(axis=(0, 1))
    asked = np.maximum(-adjusted, 0.0)
    taken = np.minimum(asked, there)
    step.flows["adjusted"] = np.maximum(adjusted, 0.0) - taken
    step.flows["unmet_adjustment"] = asked - taken
    if taken.any():
        step.active[...] *= 1.0 - np.divide(taken, there, out=np.zeros_like(there), where=there > 0)


def keep_pool(step: Step, state: State, in_use: Array, batteries: Array) -> None:
    """Keep a swapping pool at its batteries per vehicle: what fails is replaced, what is too many is retired,
    the oldest first."""
    rules = step.rules
    zero = np.zeros_like(in_use)
    step.flows["spare_new"] = zero
    if rules.packs is None:
        return
    count = step.now + 1
    spares = state.spares[:count]
    working = rules.battery[step.index, :count]
    batteries[WORN, :count] += spares * (1.0 - working)
    spares *= working
    excess = spares.sum(axis=0) - (rules.packs[step.interval] - 1.0) * in_use
    before = np.cumsum(spares, axis=0) - spares
    surplus = np.clip(np.maximum(excess, 0.0) - before, 0.0, spares)
    spares -= surplus
    batteries[SURPLUS, :count] += surplus
    bought = np.maximum(-excess, 0.0)
    state.spares[step.now + rules.born] += bought
    step.flows["spare_new"] = bought
