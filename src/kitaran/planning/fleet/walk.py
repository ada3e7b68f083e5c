"""Walking through a projection with the joint state: systems in blocks, intervals, steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.alive_after import ratios
from kitaran.planning.fleet.given import ByAge, array_of, block, by_age
from kitaran.planning.fleet.joint import advance
from kitaran.planning.fleet.joint_state import Rules, State
from kitaran.planning.fleet.plan import Plan

Array = NDArray[np.float64]
Flows = dict[str, Array]

BLOCK_BYTES = 4e6  # of state, so that a step stays in the processor's cache
STOCKS = ("in_use", "spare")
_ROUNDS = 60
_CLOSE = 1e-13


def walk(plan: Plan) -> Flows:
    """Flows and stocks by interval, (interval, S); `retired` (interval, cause, S), or (interval, cause, age,
    S).

    Systems that do not exchange vehicles go in blocks. Adds vehicles_at_start, batteries_at_start (S,), sold
    and negative (interval, S).
    """
    earlier = _earlier(plan)
    width = plan.count
    if plan.conversion is None and (plan.trade is None or plan.trade.routing is None):
        cohorts = earlier + plan.grid.steps
        width = max(1, min(width, int(BLOCK_BYTES / (8 * cohorts * cohorts))))
    parts = [
        _walk_block(plan, earlier, slice(first, min(first + width, plan.count)))
        for first in range(0, plan.count, width)
    ]
    return {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}


def _earlier(plan: Plan) -> int:
    """Cohorts from before the first step that may be needed, one a step."""
    years = 0
    if plan.initial is not None:
        years = plan.initial.shape[0]
    if plan.trade is not None and plan.trade.import_count is not None:
        counts = np.asarray(plan.trade.import_count)
        years = max(years, counts.shape[1] if counts.ndim > 1 else 0)
    return years * plan.per_year if years else 0


def _walk_block(plan: Plan, earlier: int, systems: slice) -> Flows:
    rules = _rules(plan, earlier, systems)
    state = _start(plan, earlier, systems)
    first = {
        "vehicles_at_start": state.vehicles.sum(axis=(0, 1)),
        "batteries_at_start": state.vehicles.sum(axis=(0, 1)) + state.spares.sum(axis=0),
    }
    sold, adjusted = plan.sold[:, systems], plan.adjusted[:, systems]
    done: list[Flows] = []
    for interval in range(plan.grid.intervals):
        own, negative = sold[interval], np.zeros(sold.shape[1])
        if plan.stock is not None:
            own, negative = _sales_for(
                plan.stock[interval, systems], state, rules, interval, adjusted[interval]
            )
        flows = _interval(state, rules, interval, own, adjusted[interval])
        done.append(flows | {"sold": own, "negative": negative})
    return first | {name: np.stack([flows[name] for flows in done]) for name in done[0]}


def _interval(state: State, rules: Rules, interval: int, sold: Array, adjusted: Array) -> Flows:
    """Flows summed over the steps of an interval, and stocks at its end."""
    total: Flows = {}
    for index in np.flatnonzero(rules.of_step == interval):
        share = rules.share_of_interval[index]
        for name, flow in advance(state, rules, int(index), sold * share, adjusted * share).items():
            total[name] = _added(total.get(name), flow) if name not in STOCKS else flow
    if rules.ages:
        total["retired"] = _to_length(total["retired"], rules.cohorts)
    return total


def _added(so_far: Array | None, flow: Array) -> Array:
    if so_far is None:
        return flow
    if flow.ndim == 3:
        return _to_length(so_far, flow.shape[1]) + flow
    return np.asarray(so_far + flow)


def _to_length(by_age: Array, ages: int) -> Array:
    return np.pad(by_age, ((0, 0), (0, ages - by_age.shape[1]), (0, 0)))


def _sales_for(
    target: Array, state: State, rules: Rules, interval: int, adjusted: Array
) -> tuple[Array, Array]:
    """Sales that bring vehicles in use to a target at the end of an interval, and what is below zero of them.

    Vehicles in use are close to linear in sales: a secant per system, repeated because used batteries and
    trade between systems bend it.
    """

    def reached(sold: Array) -> Array:
        return _interval(state.copy(), rules, interval, sold, adjusted)["in_use"]

    without = reached(np.zeros_like(target))
    guess = np.maximum(target - without, 1.0)
    slope = (reached(guess) - without) / guess
    needed = (target - without) / np.maximum(slope, 1e-12)
    for _ in range(_ROUNDS):
        short = target - reached(np.maximum(needed, 0.0))
        short = np.where(needed < 0, np.minimum(short, 0.0) * 0.0, short)
        if np.all(np.abs(short) <= _CLOSE * np.maximum(target, 1.0)):
            break
        needed = needed + short / np.maximum(slope, 1e-12)
    return np.maximum(needed, 0.0), np.minimum(needed, 0.0)


def _rules(plan: Plan, earlier: int, systems: slice) -> Rules:
    grid = plan.grid
    vehicle = ratios(plan.alive(plan.vehicle.of(systems), True), earlier, grid.step, grid.steps)
    battery = np.ones((grid.steps, earlier + grid.steps, 1))
    if plan.battery is not None:
        battery = ratios(plan.alive(plan.battery.of(systems), True), earlier, grid.step, grid.steps)
    rules = Rules(
        earlier=earlier,
        step=grid.step,
        of_step=grid.of_step,
        share_of_interval=grid.share_of_interval,
        vehicle=vehicle,
        battery=battery,
        born=plan.born,
        ends=plan.ends,
        entry_part=plan.entry_part,
        replaced=_of(plan.replaced, systems),
        early=_maybe(plan.early, systems),
        accident=_maybe(plan.accident, systems),
        conversion=plan.conversion,
        packs=None if plan.packs is None else block(plan.packs, systems),
        ages=plan.by_age,
    )
    return _with_trade(plan, _with_reuse(plan, rules, systems), systems)


def _with_reuse(plan: Plan, rules: Rules, systems: slice) -> Rules:
    if plan.reuse is None:
        return rules
    intervals, shape, step = plan.grid.intervals, plan.systems, plan.grid.step
    asked = by_age("reuse_share", plan.reuse.asked, intervals, shape, step, 1.0)
    offered = by_age("reuse_share.offered", plan.reuse.offered, intervals, shape, step, 1.0)
    return replace(rules, asked=asked.of(systems), offered=offered.of(systems), match=plan.reuse.match)


def _with_trade(plan: Plan, rules: Rules, systems: slice) -> Rules:
    trade = plan.trade
    if trade is None:
        return rules
    intervals, shape, step = plan.grid.intervals, plan.systems, plan.grid.step
    share = by_age("trade.export_share", trade.export_share, intervals, shape, step, 1.0).of(systems)
    routing = plan.routing
    return replace(
        rules,
        export_share=share if share.values.any() else None,
        export_count=_counts(plan, "trade.export_count", trade.export_count, systems),
        import_count=_counts(plan, "trade.import_count", trade.import_count, systems),
        routing=routing,
    )


def _counts(plan: Plan, name: str, value: object, systems: slice) -> ByAge | None:
    if value is None:
        return None
    given = np.asarray(value, dtype=np.float64)
    if given.ndim != 2 + len(plan.systems):
        raise InputError(
            f"{name} has the shape {given.shape}.", name, "Give vehicles by (interval, age, *systems)."
        )
    plan.per_year  # noqa: B018  counts are by year of age, which the step must divide
    figure = by_age(name, given, plan.grid.intervals, plan.systems, plan.grid.step)
    whole = np.broadcast_to(figure.values, (*figure.values.shape[:2], plan.count))
    return ByAge(block(whole, systems), plan.grid.step)


def _of(figure: ByAge | Array, systems: slice) -> ByAge | Array:
    return figure.of(systems) if isinstance(figure, ByAge) else block(figure, systems)


def _maybe(figure: ByAge | None, systems: slice) -> ByAge | None:
    return None if figure is None else figure.of(systems)


def _start(plan: Plan, earlier: int, systems: slice) -> State:
    """Initial stock by year of age, spread evenly over the steps of each year."""
    cohorts = earlier + plan.grid.steps
    count = len(range(*systems.indices(plan.count)))
    state = State(np.zeros((cohorts, cohorts + plan.born, count)), np.zeros((cohorts + plan.born, count)))
    if plan.initial is None:
        return state
    parts = plan.per_year
    lead = plan.initial.shape[: 2 if plan.initial_by_battery else 1]
    given = block(array_of("initial_stock", plan.initial, lead, plan.systems), systems)
    own = earlier - 1 - np.arange(lead[0] * parts)
    if not plan.initial_by_battery:
        state.vehicles[own, own] = np.repeat(given, parts, axis=0) / parts
    else:
        other = earlier - 1 - np.arange(lead[1] * parts)
        apart = np.repeat(np.repeat(given, parts, axis=0), parts, axis=1) / parts**2
        state.vehicles[np.ix_(own, other)] = apart
    if plan.packs is not None:
        state.spares[:] = (block(plan.packs, systems)[0] - 1.0) * state.vehicles.sum(axis=0)
    return state
