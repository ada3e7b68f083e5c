"""Laws of the stock model on grids, lives, trade and adjustments drawn at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran import fleet

SYSTEMS = (3, 2)
AGES = 12
WIDTHS = st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 5.0]), min_size=2, max_size=5)
SEEDS = st.integers(0, 2**32 - 1)


def survival(random: np.random.Generator, *shape: int) -> np.ndarray:
    """A share that falls from 1 in random steps."""
    falling = np.exp(-np.cumsum(random.exponential(0.25, (AGES, *shape)), axis=0))
    falling[0] = 1.0
    return falling


def drawn(seed: int, widths: list[float]) -> tuple[np.ndarray, dict[str, Any]]:
    """Sales and every rule at once, between edges as far apart as the widths."""
    random = np.random.default_rng(seed)
    intervals = len(widths)
    routing = random.uniform(0, 0.33, (SYSTEMS[0], SYSTEMS[0]))
    conversion = random.dirichlet([1.0, 1.0], SYSTEMS[1])
    return random.uniform(0, 1e5, (intervals, *SYSTEMS)), {
        "vehicle_survival": survival(random, *SYSTEMS),
        "battery_survival": survival(random, 1, SYSTEMS[1]),
        "edges": 2010 + np.concatenate([[0.0], np.cumsum(widths)]),
        "timing": random.choice(["even", "start", "middle", "end"]),
        "ends": random.choice(["in_turn", "at_once", "battery_first"]),
        "replacement": random.uniform(0, 0.9, AGES),
        "reuse_share": random.uniform(0, 1, AGES),
        "early_retirement": random.uniform(0, 0.1, (AGES, *SYSTEMS)),
        "accident": 0.02,
        "initial_stock": random.uniform(0, 1e4, (4, 3, *SYSTEMS)),
        "adjustment": random.normal(0, 3e4, (intervals, *SYSTEMS)),
        "packs_per_vehicle": 1 + random.uniform(0, 1, (intervals, *SYSTEMS)),
        "conversion": fleet.Conversion(conversion, axis=1),
        "trade": fleet.SecondHand(
            export_share=random.uniform(0, 0.3, AGES),
            export_count=random.uniform(0, 3e3, (intervals, 5, *SYSTEMS)),
            import_count=random.uniform(0, 3e3, (intervals, 6, *SYSTEMS)),
            routing=routing,
        ),
    }


def before(stock: np.ndarray, at_start: np.ndarray) -> np.ndarray:
    return np.concatenate([at_start[None], stock[:-1]])


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, widths=WIDTHS)
def test_vehicles_and_batteries_balance_in_every_system_and_interval(seed: int, widths: list[float]) -> None:
    sales, rules = drawn(seed, widths)
    found = fleet.project(sales, **rules)
    vehicles = (
        before(found.vehicles_in_use, found.vehicles_at_start)
        + sales + found.vehicles_adjusted + found.vehicles_imported + found.vehicles_converted_in
        - found.vehicles_scrapped - found.vehicles_given_up - found.vehicles_early - found.vehicles_accident
        - found.vehicles_exported - found.vehicles_converted_out
    )  # fmt: skip
    assert vehicles == pytest.approx(found.vehicles_in_use, rel=1e-9, abs=1e-6)
    batteries = (
        before(found.batteries_in_use, found.batteries_at_start)
        + found.batteries_placed + found.batteries_replaced_new + found.batteries_spare_new
        + found.batteries_adjusted + found.batteries_imported - found.batteries_exported - found.retired()
    )  # fmt: skip
    assert batteries == pytest.approx(found.batteries_in_use, rel=1e-9, abs=1e-6)
    assert found.batteries_in_use == pytest.approx(found.vehicles_in_use + found.batteries_spare, rel=1e-9)
    assert np.abs(found.vehicle_residual).max() <= 1e-9
    assert np.abs(found.battery_residual).max() <= 1e-9


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, widths=WIDTHS)
def test_no_flow_and_no_stock_is_negative(seed: int, widths: list[float]) -> None:
    sales, rules = drawn(seed, widths)
    found = fleet.project(sales, **rules)
    signed = {"vehicles_adjusted", "batteries_adjusted", "vehicle_residual", "battery_residual", "gap"}
    for name, flow in vars(found).items():
        if name not in signed and flow is not None:
            assert np.asarray(flow).min(initial=0.0) >= -1e-9, name


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, widths=WIDTHS)
def test_without_counts_and_adjustments_flows_are_linear_in_what_enters(
    seed: int, widths: list[float]
) -> None:
    sales, rules = drawn(seed, widths)
    rules |= {"adjustment": None, "reuse_share": None, "packs_per_vehicle": None}
    rules["trade"] = fleet.SecondHand(
        export_share=rules["trade"].export_share, routing=rules["trade"].routing
    )
    more = np.random.default_rng(seed + 1).uniform(0, 1e5, sales.shape)
    nothing = rules | {"initial_stock": None}
    found, other = fleet.project(sales, **rules), fleet.project(more, **nothing)
    both = fleet.project(sales + 2 * more, **rules)
    for name in ("vehicles_in_use", "vehicles_exported", "batteries_replaced_new"):
        expected = getattr(found, name) + 2 * getattr(other, name)
        assert getattr(both, name) == pytest.approx(expected, rel=1e-9, abs=1e-6), name
    assert both.retired() == pytest.approx(found.retired() + 2 * other.retired(), rel=1e-9, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, widths=WIDTHS, part=st.floats(0.05, 0.95))
def test_a_system_split_in_two_gives_the_same_sum(seed: int, widths: list[float], part: float) -> None:
    sales, rules = drawn(seed, widths)
    own = {
        name: rules[name] for name in ("edges", "timing", "ends", "replacement", "reuse_share", "accident")
    }
    own |= {
        "vehicle_survival": rules["vehicle_survival"][:, :1, :1],
        "battery_survival": rules["battery_survival"][:, :, :1],
        "packs_per_vehicle": rules["packs_per_vehicle"][:, :1, :1],
    }
    share = np.array([part, 1 - part])
    one = sales[:, :1, :1]
    initial, adjusted = rules["initial_stock"][..., :1, :1], rules["adjustment"][:, :1, :1]
    whole = fleet.project(one, initial_stock=initial, adjustment=adjusted, **own)
    split = fleet.project(one * share, initial_stock=initial * share, adjustment=adjusted * share, **own)
    for name in ("vehicles_in_use", "vehicles_given_up", "batteries_replaced_reused", "batteries_spare_new"):
        apart = getattr(split, name).sum(axis=2, keepdims=True)
        assert apart == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-6), name
    apart = split.batteries_retired.sum(axis=3, keepdims=True)
    assert apart == pytest.approx(whole.batteries_retired, rel=1e-9, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, widths=st.lists(st.integers(1, 6), min_size=2, max_size=5), batteries=st.booleans())
def test_a_finer_grid_gives_the_same_at_the_edges_that_it_shares(
    seed: int, widths: list[int], batteries: bool
) -> None:
    """Sales and adjustments even within intervals; with and without the rules of batteries and trade."""
    sales, rules = drawn(seed, [float(width) for width in widths])
    parts = np.array(widths)
    rules = {name: rules[name] for name in ("vehicle_survival", "timing", "edges")} | (
        {
            name: rules[name]
            for name in (
                "battery_survival",
                "replacement",
                "reuse_share",
                "ends",
                "accident",
                "initial_stock",
            )
        }
        | {"adjustment": np.abs(rules["adjustment"]), "step": 0.5}
        | {"trade": fleet.SecondHand(export_share=0.1, routing=rules["trade"].routing)}
        if batteries
        else {"timing": "even"}
    )
    fine_rules = rules | {"edges": rules["edges"][0] + np.arange(parts.sum() + 1)}

    def spread(total: np.ndarray) -> np.ndarray:
        return np.repeat(total / parts[:, None, None], parts, axis=0)

    if batteries:
        fine_rules["adjustment"] = spread(rules["adjustment"])
    coarse, fine = fleet.project(sales, **rules), fleet.project(spread(sales), **fine_rules)
    at = np.cumsum(parts) - 1
    assert coarse.vehicles_in_use == pytest.approx(fine.vehicles_in_use[at], rel=1e-9, abs=1e-6)
    summed = np.add.reduceat(fine.batteries_retired, at - parts + 1, axis=1)
    assert coarse.batteries_retired == pytest.approx(summed, rel=1e-9, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_trade_between_systems_loses_nothing(seed: int) -> None:
    """Rows of the routing sum to one: what some export is what others import."""
    sales, rules = drawn(seed, [1.0] * 6)
    routing = np.random.default_rng(seed).dirichlet(np.ones(SYSTEMS[0]), SYSTEMS[0])
    trade = fleet.SecondHand(export_share=0.2, routing=routing)
    found = fleet.project(sales, **(rules | {"trade": trade}))
    exported, imported = found.vehicles_exported.sum(axis=1), found.vehicles_imported.sum(axis=1)
    assert exported.min() > 0
    assert imported == pytest.approx(exported, rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, widths=WIDTHS)
def test_sales_found_for_a_stock_path_keep_it(seed: int, widths: list[float]) -> None:
    """The stock that known sales made is given back; only there are the sales known again."""
    sales, rules = drawn(seed, widths)
    for name in ("conversion", "trade", "adjustment"):
        del rules[name]
    rules["timing"] = "even"
    known = fleet.project(sales, **rules)
    found = fleet.project(None, stock=known.vehicles_in_use, **rules)
    assert found.negative_sales.min() >= -1e-6
    assert found.gap == pytest.approx(np.zeros_like(sales), abs=1e-5)
    assert found.sales == pytest.approx(sales, rel=1e-6, abs=1e-3)
