"""Vehicle age by battery age: one step of the joint state, and what it brings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.joint_state import (
    ACCIDENT,
    CAUSES,
    EARLY,
    TOO_SHORT_LIVED,
    WITH_VEHICLE,
    WORN,
    Ends,
    Flows,
    Rules,
    State,
    Step,
)
from kitaran.planning.fleet.joint_trade import keep_pool, trade, withdraw
from kitaran.planning.fleet.trade import Moves

Array = NDArray[np.float64]

MOST_ROUNDS = 400


def advance(state: State, rules: Rules, index: int, entering: Array, adjusted: Array) -> Flows:
    """One step; the state is changed in place.

    entering : (S,) vehicles sold in the step, each with a new battery
    adjusted : (S,) vehicles that published stock shows beyond that; below zero, vehicles that it does not
               show
    returns  : flows of the step by name, (S,) each; with ages, `retired` is (cause, age in steps, S)
    """
    now = rules.earlier + index
    step = Step(rules, index, state.vehicles[: now + 1, : now + 1 + rules.born])
    step.active[now, now] += entering + np.maximum(adjusted, 0.0)
    batteries = np.zeros((len(CAUSES), step.active.shape[1], entering.size))
    _age(step, batteries)
    trade(step)
    withdraw(step, adjusted)
    in_use = step.active.sum(axis=(0, 1))
    keep_pool(step, state, in_use, batteries)
    step.flows["in_use"] = in_use
    step.flows["spare"] = state.spares.sum(axis=0)
    by_age = batteries[:, now::-1] if rules.ages else batteries.sum(axis=1)
    if rules.ages and rules.born:
        by_age[:, 0] += batteries[:, now + 1]
    step.flows["retired"] = by_age
    return step.flows


def _age(step: Step, batteries: Array) -> None:
    """Scrapping, failure, replacement."""
    rules, active, systems = step.rules, step.active, step.active.shape[2]
    count = step.now + 1
    surviving, share_early, share_accident = _exits(step)
    working = np.ones((active.shape[1], systems))
    working[:count] = rules.battery[step.index, :count]
    leaving, failing = 1.0 - surviving, 1.0 - working
    failed = np.einsum("cbs,bs->cs", active, failing)
    freed = np.einsum("cbs,cs->bs", active, leaving)
    lost, early = _by_cause(active, leaving, share_accident), _by_cause(active, leaving, share_early)
    spared = 0.0 if rules.drawn_together else 1.0 - rules.met
    batteries[WORN] = failing * (active.sum(axis=0) - spared * freed)
    active *= working
    exits = leaving * (active.sum(axis=1) + (1.0 - rules.met) * failed)
    active *= surviving[:, None]
    left_working = working if rules.drawn_together else 1.0 - rules.met * failing
    freed, lost, early = freed * left_working, lost * left_working, early * left_working
    meeting = surviving + rules.met * leaving
    stays = np.ones_like(meeting)
    if rules.ends is not Ends.BATTERY_FIRST:
        stays = np.divide(surviving, meeting, out=np.zeros_like(meeting), where=meeting > 0)
    usable = freed - lost
    taken, freed_later, exits_later = _replace(step, meeting * failed, stays, usable, working, batteries)
    left = np.divide(usable - taken, usable, out=np.zeros_like(usable), where=usable > 0)
    batteries[WITH_VEHICLE] += (usable - early) * left + freed_later
    batteries[EARLY] += early * left
    batteries[ACCIDENT] += lost
    exits += exits_later
    step.flows["scrapped"] = (exits * (1.0 - share_early - share_accident)).sum(axis=0)
    step.flows["early"] = (exits * share_early).sum(axis=0)
    step.flows["accident"] = (exits * share_accident).sum(axis=0)


def _exits(step: Step) -> tuple[Array, Array, Array]:
    """Share of vehicles that survive the step, and parts of the others by early retirement and by accident.

    Hazards compete: of what leaves, each cause takes its part of the summed hazard -ln S.
    """
    rules, count = step.rules, step.now + 1
    surviving = np.broadcast_to(rules.vehicle[step.index, :count], (count, step.active.shape[2]))
    if rules.early is None and rules.accident is None:
        zero = np.zeros((1, 1))
        return surviving, zero, zero
    length = np.full((count, 1), rules.step)
    length[-1] *= rules.entry_part
    ages = rules.ages_at(step.index)
    early = length * (0.0 if rules.early is None else rules.early.at(step.interval, ages))
    accident = length * (0.0 if rules.accident is None else rules.accident.at(step.interval, ages))
    hazard = early + accident - np.log(np.maximum(surviving, 1e-300))
    part = np.divide(1.0, hazard, out=np.zeros_like(hazard), where=hazard > 0)
    return surviving * np.exp(-early - accident), early * part, accident * part


def _by_cause(active: Array, leaving: Array, share: Array) -> Array:
    """Batteries freed by one cause, (battery cohort, S)."""
    if share.size == 1 and not share.any():
        return np.zeros(active.shape[1:])
    return np.asarray(np.einsum("cbs,cs->bs", active, leaving * share))


def _replace(
    step: Step, failed: Array, stays: Array, usable: Array, working: Array, batteries: Array
) -> tuple[Array, Array, Array]:
    """Replacements of failed batteries, used and new.

    failed  : (cohort, S) vehicles whose battery failed while they were there
    stays   : (cohort, S) part of them that the step does not scrap afterwards
    usable  : (battery cohort, S) working batteries of scrapped vehicles
    returns : batteries taken of those, and working batteries freed by vehicles that are scrapped after a
              replacement, each (battery cohort, S); and those vehicles, (cohort, S)
    """
    rules, active, latest = step.rules, step.active, step.now + step.rules.born
    probability = rules.replaced_at(step.index)
    wanted = probability * failed
    step.flows["given_up"] = (failed - wanted).sum(axis=0)
    used = _match(step, wanted, usable)
    by_vehicle = np.zeros_like(wanted) if used is None else used.sum(axis=1)
    step.flows["reused"] = by_vehicle.sum(axis=0)
    new = _renew(step, wanted - by_vehicle, probability, working, batteries)
    active[:, latest] += new * stays
    taken, freed = np.zeros_like(usable), np.zeros_like(usable)
    if used is not None:
        active += used * stays[:, None]
        taken, freed = used.sum(axis=0), np.einsum("cbs,cs->bs", used, 1.0 - stays)
    freed[latest] += (new * (1.0 - stays)).sum(axis=0)
    return taken, freed, (new + by_vehicle) * (1.0 - stays)


def _match(step: Step, wanted: Array, usable: Array) -> Array | None:
    """Used batteries given to vehicles, (cohort, battery cohort, S)."""
    rules = step.rules
    if rules.asked is None or rules.offered is None or rules.match is None:
        return None
    ages = rules.ages_at(step.index)
    offered = np.zeros_like(usable)
    offered[: step.now + 1] = usable[: step.now + 1] * rules.offered.at(step.interval, ages)
    return rules.match(wanted * rules.asked.at(step.interval, ages), offered)


def _renew(step: Step, wanted: Array, probability: Array, working: Array, batteries: Array) -> Array:
    """New batteries that still work at the end of the step, (cohort, S), after those that fail within it.

    With q the share of new batteries that fails in the step of their own, I = R / (1 - p q) are put in.
    Where the vehicle changes its system, the same sum is taken round by round.
    """
    rules = step.rules
    failing = 1.0 - working[step.now] if rules.born == 0 else np.zeros_like(working[step.now])
    if rules.conversion is None:
        again = probability * failing
        if np.any(again >= 1.0):
            raise InputError(*TOO_SHORT_LIVED)
        put_in = wanted / (1.0 - again)
        step.flows["replaced"] = put_in.sum(axis=0)
        _worn_again(step, put_in * failing, probability, batteries)
        return np.asarray(put_in * (1.0 - failing))
    return _convert(step, wanted, probability, failing, batteries)


def _convert(step: Step, wanted: Array, probability: Array, failing: Array, batteries: Array) -> Array:
    moves = step.rules.conversion
    assert moves is not None
    alive = np.zeros_like(wanted)
    zero = np.zeros(wanted.shape[1])
    replaced, leaving, arriving = zero.copy(), zero.copy(), zero.copy()
    stop = 1e-15 * wanted.sum()
    kept = np.diagonal(moves.shares[min(step.interval, moves.shares.shape[0] - 1)])
    for _ in range(MOST_ROUNDS):
        stay = _kept(wanted, kept, moves)
        put_in = moves.moved(wanted, step.interval)
        leaving += (wanted - stay).sum(axis=0)
        arriving += (put_in - stay).sum(axis=0)
        replaced += put_in.sum(axis=0)
        alive += put_in * (1.0 - failing)
        again = put_in * failing
        if again.sum() <= stop:
            alive += again
            break
        _worn_again(step, again, probability, batteries)
        wanted = probability * again
    else:
        raise InputError(*TOO_SHORT_LIVED)
    step.flows |= {"replaced": replaced, "converted_out": leaving, "converted_in": arriving}
    return alive


def _kept(wanted: Array, kept: Array, moves: Moves) -> Array:
    """What stays in its own system."""
    shape = [1] * (1 + len(moves.systems))
    shape[1 + moves.axis] = kept.size
    return np.asarray((wanted.reshape(-1, *moves.systems) * kept.reshape(shape)).reshape(wanted.shape))


def _worn_again(step: Step, again: Array, probability: Array, batteries: Array) -> None:
    """Batteries that fail in the step in which they were put in."""
    batteries[WORN, step.now] += again.sum(axis=0)
    step.flows["given_up"] = step.flows["given_up"] + ((1.0 - probability) * again).sum(axis=0)
