"""Vehicle age by battery age: the joint state, one step of it, and what each step brings.

The state holds vehicles by cohort of the vehicle, cohort of the battery and system. A cohort is the step of
entry; cohorts from before the first step come first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.given import ByAge
from kitaran.planning.fleet.reuse import Match
from kitaran.planning.fleet.trade import Moves

Array = NDArray[np.float64]
Flows = dict[str, Array]

CAUSES = ("worn", "with_vehicle", "early", "accident", "surplus")
WORN, WITH_VEHICLE, EARLY, ACCIDENT, SURPLUS = range(len(CAUSES))
MOST_ROUNDS = 400


class Ends(StrEnum):
    """How vehicles and batteries end in one step.

    in_turn       : half of the vehicles scrapped in it go before its battery failures and half after them
    at_once       : both are drawn at once; a battery that fails with its vehicle is worn and not replaced
    battery_first : both are drawn at once; a vehicle whose battery fails is not scrapped in that step
    """

    IN_TURN = "in_turn"
    AT_ONCE = "at_once"
    BATTERY_FIRST = "battery_first"


_MET = {Ends.IN_TURN: 0.5, Ends.AT_ONCE: 0.0, Ends.BATTERY_FIRST: 1.0}
TOO_SHORT_LIVED = ("Batteries do not outlive one step.", "battery_survival", "Give a shorter step.")


@dataclass(frozen=True)
class Rules:
    """What happens in a step; S = 1 where all systems share a figure.

    vehicle, battery : (step, cohort, S) share of what is there before a step that survives it
    born        : steps after its own step in which a replacement begins to age: 0, or 1 where units enter at
                  the start of a step
    ends        : how vehicles and batteries end in one step
    replaced    : probability of replacement by vehicle age, or (cohort, age in steps, S)
    early, accident : hazards by vehicle age                                        [1/year]
    entry_part  : part of its first step that a vehicle lives through
    """

    earlier: int
    step: float
    of_step: NDArray[np.intp]
    share_of_interval: Array
    vehicle: Array
    battery: Array
    born: int
    ends: Ends
    entry_part: float
    replaced: ByAge | Array
    early: ByAge | None = None
    accident: ByAge | None = None
    asked: ByAge | None = None
    offered: ByAge | None = None
    match: Match | None = None
    export_share: ByAge | None = None
    export_count: ByAge | None = None
    import_count: ByAge | None = None
    routing: Moves | None = None
    conversion: Moves | None = None
    packs: Array | None = None
    ages: bool = False

    @property
    def met(self) -> float:
        """Part of the vehicles scrapped in a step that meets the failures of its battery first."""
        return _MET[self.ends]

    @property
    def drawn_together(self) -> bool:
        """Whether a battery can fail in the step in which its vehicle would be scrapped."""
        return self.ends is not Ends.IN_TURN

    @property
    def cohorts(self) -> int:
        return self.earlier + self.of_step.size

    def ages_at(self, step: int) -> NDArray[np.intp]:
        """Age in steps of each cohort that has entered by a step."""
        return np.arange(self.earlier + step, -1, -1)

    def replaced_at(self, step: int) -> Array:
        if isinstance(self.replaced, ByAge):
            return self.replaced.at(self.of_step[step], self.ages_at(step))
        cohort = np.arange(self.earlier + step + 1)
        chosen = np.minimum(np.maximum(cohort - self.earlier, 0), self.replaced.shape[0] - 1)
        return np.asarray(self.replaced[chosen, self.ages_at(step)])


@dataclass
class State:
    """Vehicles by (vehicle cohort, battery cohort, S), and batteries of swapping pools by (battery cohort,
    S)."""

    vehicles: Array
    spares: Array

    def copy(self) -> State:
        return State(self.vehicles.copy(), self.spares.copy())


@dataclass
class Step:
    """One step under way: what is active of the state, and the flows so far, each (S,) or by age."""

    rules: Rules
    index: int
    active: Array
    flows: Flows = field(default_factory=dict)

    @property
    def now(self) -> int:
        """Position of the cohort that enters in this step."""
        return self.rules.earlier + self.index

    @property
    def interval(self) -> int:
        return int(self.rules.of_step[self.index])


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
    _trade(step)
    _withdraw(step, adjusted)
    in_use = step.active.sum(axis=(0, 1))
    _pool(step, state, in_use, batteries)
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


def _trade(step: Step) -> None:
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


def _withdraw(step: Step, adjusted: Array) -> None:
    """Take out the vehicles that published stock does not show, of all ages alike; never more than there
    are."""
    there = step.active.sum(axis=(0, 1))
    asked = np.maximum(-adjusted, 0.0)
    taken = np.minimum(asked, there)
    step.flows["adjusted"] = np.maximum(adjusted, 0.0) - taken
    step.flows["unmet_adjustment"] = asked - taken
    if taken.any():
        step.active[...] *= 1.0 - np.divide(taken, there, out=np.zeros_like(there), where=there > 0)


def _pool(step: Step, state: State, in_use: Array, batteries: Array) -> None:
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
