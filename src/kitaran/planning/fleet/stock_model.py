"""The stock model: vehicles and their batteries in use, replaced, traded and retired, from plain arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.planning.fleet import convolution
from kitaran.planning.fleet.given import ByAge, array_of, by_age, numbers
from kitaran.planning.fleet.grid import grid_of
from kitaran.planning.fleet.joint_state import CAUSES, WITH_VEHICLE, WORN, Ends
from kitaran.planning.fleet.kernels import Replacement
from kitaran.planning.fleet.lives import LivesGiven, lives_of
from kitaran.planning.fleet.plan import (
    Plan,
    batteries_of,
    ends_of,
    replaced_of,
    reuse_of,
    shape_of,
    timing_of,
)
from kitaran.planning.fleet.projection import Projection, assert_balanced, residual
from kitaran.planning.fleet.reuse import Reuse
from kitaran.planning.fleet.trade import Conversion, SecondHand, moves_of, second_hand_of
from kitaran.planning.fleet.walk import walk

Array = NDArray[np.float64]
Flows = dict[str, Array]


def project(
    sales: ArrayLike | None,
    vehicle_survival: LivesGiven,
    battery_survival: LivesGiven | None = None,
    *,
    replacement: str | ArrayLike | Replacement = "always",
    reuse_share: ArrayLike | Reuse | None = None,
    initial_stock: ArrayLike | None = None,
    trade: ArrayLike | SecondHand | None = None,
    early_retirement: ArrayLike | None = None,
    accident: ArrayLike | None = None,
    battery_calendar: ArrayLike | None = None,
    conversion: Conversion | None = None,
    packs_per_vehicle: ArrayLike | None = None,
    adjustment: ArrayLike | None = None,
    published_stock: ArrayLike | None = None,
    stock: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    ages: ArrayLike | None = None,
    timing: str = "even",
    ends: str = "in_turn",
    step: float | None = None,
    retired_by_age: bool = False,
) -> Projection:
    """Vehicles and their batteries in use, replaced, traded and retired.

    *systems is any number of dimensions of what stands side by side: economy, class, chemistry, sample. An
    axis of systems of length one holds for all. Ages are completed years since sale. A figure by age is a
    number, (age,), (age, *systems) or (interval, age, *systems); its last value holds for all older.

    sales             : (interval, *systems) sold new in each interval; None with `stock`        [vehicle]
    vehicle_survival  : share alive by age, (age,), (age, *systems) or (cohort, age, *systems), never rising,
                        linear between `ages`, zero after the last; or `Life`; or `Tabulated`; a lifetime pdf
                        comes through `alive_from_pdf`. A cohort is the interval of sale         [fraction]
    battery_survival  : the same, a cohort being the interval in which the battery was made; None for a
                        battery that never fails before its vehicle                              [fraction]
    replacement       : of a failed battery: "always", "none" (the vehicle is given up), a probability by
                        vehicle age, or `Replacement` (worth_share and probability, numbers or (*systems))
    reuse_share       : share of replacements that take a working battery of a vehicle scrapped in the same
                        step, if there is one, by vehicle age; or `Reuse`                        [fraction]
    initial_stock     : (age, *systems) in use at the first edge, index k sold k to k + 1 years before it,
                        each with its first battery; or (vehicle age, battery age, *systems)     [vehicle]
    trade             : `SecondHand`; or counts (interval, age, *systems), above zero what arrives from
                        outside, below zero what leaves                                          [vehicle]
    early_retirement  : hazard by vehicle age; the battery still works                           [1/year]
    accident          : hazard by vehicle age; the battery is lost with the vehicle              [1/year]
    battery_calendar  : share of batteries that calendar ageing alone leaves, shaped as battery_survival,
                        which it multiplies                                                      [fraction]
    conversion        : `Conversion` of vehicles to another chemistry when their battery is replaced
    packs_per_vehicle : (interval, *systems) or (interval,) or a number, at least 1; kept by a pool
    adjustment        : (interval, *systems) vehicles that published stock shows and sales do not; they enter
                        as new; below zero they are taken from all ages alike                    [vehicle]
    published_stock   : (interval, *systems), NaN where none; compared in `gap`, never followed  [vehicle]
    stock             : (interval, *systems) path of vehicles in use that sales must keep; sales below zero
                        are reported and not made                                                [vehicle]
    edges             : (interval + 1,) increasing times; None for intervals of one year         [year]
    ages              : (age,) of the survival curves; None for 0, 1, 2, ...                     [year]
    timing            : when in its interval a vehicle is sold: "even" over it, "start", "middle", "end"; in
                        its step where rules need steps
    ends              : of vehicles and batteries in one step: "in_turn", half of the vehicles scrapped in it
                        go before its battery failures and half after them; "at_once", both are drawn at once
                        and a battery that fails with its vehicle is worn and not replaced;
                        "battery_first", both are drawn at once and a vehicle whose battery fails is not
                        scrapped in that step
    step              : step of the rules; None for the longest that divides every interval and the year
    retired_by_age    : also give retired batteries by their age
    returns           : `Projection`

    Without a rule that needs the joint state the result is a convolution of cohorts with what one vehicle
    brings; vehicles are then exact at the edges for any intervals. Otherwise vehicle age by battery age is
    walked through by steps.
    Raises InputError with cause, place and remedy; KitaranError if a balance is open by more than 1e-9.
    """
    intervals, systems = shape_of(sales, stock)
    grid = grid_of(edges, intervals, step)

    def by_interval(name: str, value: ArrayLike | None, lowest: float = 0.0) -> Array | None:
        return None if value is None else array_of(name, value, (intervals,), systems, lowest)

    def aged(name: str, value: ArrayLike | None, highest: float = np.inf) -> ByAge | None:
        return None if value is None else by_age(name, value, intervals, systems, grid.step, highest)

    lives = lives_of("vehicle_survival", vehicle_survival, intervals, systems, ages)
    batteries = batteries_of(battery_survival, battery_calendar, intervals, systems, ages)
    used = second_hand_of(trade)
    plan = Plan(
        grid=grid,
        systems=systems,
        timing=timing_of(timing),
        ends=ends_of(ends),
        sold=_whole(by_interval("sales", sales), intervals, systems),
        adjusted=_whole(by_interval("adjustment", adjustment, -np.inf), intervals, systems),
        stock=None if stock is None else _whole(by_interval("stock", stock), intervals, systems),
        packs=by_interval("packs_per_vehicle", packs_per_vehicle, 1.0),
        vehicle=lives,
        battery=batteries,
        replaced=replaced_of(replacement, intervals, systems, grid, lives, batteries),
        early=aged("early_retirement", early_retirement),
        accident=aged("accident", accident),
        reuse=reuse_of(reuse_share),
        trade=used,
        routing=None
        if used is None or used.routing is None
        else moves_of("trade.routing", used.routing, used.axis, intervals, systems, False),
        conversion=None
        if conversion is None
        else moves_of("conversion", conversion.shares, conversion.axis, intervals, systems, True),
        initial=None if initial_stock is None else numbers("initial_stock", initial_stock),
        by_age=retired_by_age,
    )
    flows = _flows(plan)
    published = None if published_stock is None else _published(published_stock, plan)
    return _projection(plan, flows, plan.stock if published is None else published)


def _whole(given: Array | None, intervals: int, systems: tuple[int, ...]) -> Array:
    count = int(np.prod(systems, dtype=np.int64))
    return np.broadcast_to(np.zeros((1, 1)) if given is None else given, (intervals, count))


def _published(value: ArrayLike, plan: Plan) -> Array:
    given = np.asarray(value, dtype=np.float64)
    known = array_of("published_stock", np.nan_to_num(given), (plan.grid.intervals,), plan.systems)
    missing = array_of("published_stock", np.isnan(given), (plan.grid.intervals,), plan.systems)
    return np.broadcast_to(np.where(missing > 0, np.nan, known), plan.shape)


def _flows(plan: Plan) -> Flows:
    """Flows and stocks by interval, (interval, S); what is not in it is zero."""
    if plan.needs_joint_state:
        found = walk(plan)
        found["retired"] = np.moveaxis(found["retired"], 0, 1)
        return found
    return _vehicles(plan) if plan.battery is None else _with_batteries(plan)


def _vehicles(plan: Plan) -> Flows:
    """Vehicles by convolution; each has one battery that goes with it."""
    start = None
    if plan.initial is not None:
        start = array_of("initial_stock", plan.initial, plan.initial.shape[:1], plan.systems)
    entering = plan.sold + plan.adjusted if plan.adjusted.any() else plan.sold
    found = convolution.vehicles(entering, plan.alive(plan.vehicle, False), plan.stock, start)
    retired = np.zeros((len(CAUSES), *plan.shape))
    retired[WITH_VEHICLE] = found["scrapped"]
    if start is not None:
        at_start = start.sum(axis=0) + np.zeros(plan.count)
        found |= {"vehicles_at_start": at_start, "batteries_at_start": at_start}
    return {"sold": plan.sold} | found | {"retired": retired, "adjusted": plan.adjusted}


def _with_batteries(plan: Plan) -> Flows:
    """Vehicles and batteries by convolution, in steps."""
    assert plan.battery is not None
    assert isinstance(plan.replaced, ByAge)
    battery = plan.alive(plan.battery, True).of(0)
    replaced = plan.replaced.at(0, np.arange(plan.grid.steps))
    kernel = convolution.renewals(battery, replaced, plan.born, plan.ends is Ends.AT_ONCE)
    entering = plan.grid.spread(plan.sold + plan.adjusted)
    found = convolution.with_batteries(entering, plan.alive(plan.vehicle, True), kernel)
    stock = {"in_use": plan.grid.at_ends(found.pop("in_use"))}
    by_interval = {name: plan.grid.summed(flow) for name, flow in found.items()}
    retired = np.zeros((len(CAUSES), *plan.shape))
    retired[WORN], retired[WITH_VEHICLE] = by_interval.pop("worn"), by_interval.pop("with_vehicle")
    return by_interval | stock | {"retired": retired, "adjusted": plan.adjusted, "sold": plan.sold}


def _projection(plan: Plan, flows: Flows, published: Array | None) -> Projection:
    """Results with their systems apart, and the proof of their balance."""
    none = np.zeros(plan.shape)

    def flow(name: str) -> Array:
        return flows.get(name, none)

    def total(*names: str) -> Array:
        there = [flows[name] for name in names if name in flows]
        return sum(there[1:], there[0]) if there else none

    retired = flows["retired"].sum(axis=2) if plan.by_age else flows["retired"]
    at_start = flows.get("vehicles_at_start", none[0]), flows.get("batteries_at_start", none[0])
    adjusted = flow("adjusted")
    entered, gone = total("sold", "imported"), flows.get("exported")
    if adjusted.any():
        entered, gone = entered + np.maximum(adjusted, 0.0), flow("exported") + np.maximum(-adjusted, 0.0)
    left = total("scrapped", "given_up", "early", "accident", "converted_out")
    came = entered if "converted_in" not in flows else entered + flow("converted_in")
    left = left if gone is None else left + gone
    vehicle_residual = residual(at_start[0], came, left, flow("in_use"))
    assert_balanced("vehicles", vehicle_residual, plan.systems)
    batteries, battery_residual = flow("in_use"), vehicle_residual
    if plan.battery is not None or plan.needs_joint_state:
        batteries = total("in_use", "spare")
        new = entered + total("replaced", "spare_new")
        battery_residual = residual(
            at_start[1], new, retired.sum(axis=0) + (none if gone is None else gone), batteries
        )
        assert_balanced("batteries", battery_residual, plan.systems)

    def apart(figure: Array) -> Array:
        return figure.reshape((*figure.shape[:-1], *plan.systems))

    ages = flows["retired"].shape[2] if plan.by_age else 0
    return Projection(
        edges=plan.grid.edges,
        sales=apart(flow("sold")),
        vehicles_at_start=apart(at_start[0]),
        vehicles_in_use=apart(flow("in_use")),
        vehicles_scrapped=apart(flow("scrapped")),
        vehicles_given_up=apart(flow("given_up")),
        vehicles_early=apart(flow("early")),
        vehicles_accident=apart(flow("accident")),
        vehicles_exported=apart(flow("exported")),
        vehicles_imported=apart(flow("imported")),
        vehicles_converted_in=apart(flow("converted_in")),
        vehicles_converted_out=apart(flow("converted_out")),
        vehicles_adjusted=apart(adjusted),
        batteries_at_start=apart(at_start[1]),
        batteries_in_use=apart(batteries),
        batteries_spare=apart(flow("spare")),
        batteries_placed=apart(flow("sold")),
        batteries_replaced_new=apart(flow("replaced")),
        batteries_replaced_reused=apart(flow("reused")),
        batteries_spare_new=apart(flow("spare_new")),
        batteries_exported=apart(flow("exported")),
        batteries_imported=apart(flow("imported")),
        batteries_adjusted=apart(adjusted),
        batteries_retired=apart(retired),
        retired_by_age=apart(flows["retired"]) if plan.by_age else None,
        battery_age=plan.grid.step * np.arange(ages, dtype=np.float64),
        negative_sales=apart(flow("negative")),
        gap=None if published is None else apart(published - flow("in_use")),
        unmet_exports=apart(flow("unmet")),
        unmet_adjustment=apart(flow("unmet_adjustment")),
        vehicle_residual=apart(vehicle_residual),
        battery_residual=apart(battery_residual),
    )
