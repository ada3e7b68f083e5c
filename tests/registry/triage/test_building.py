"""Which batteries are built into which storage system."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from kitaran.foundation.errors import InputError
from kitaran.registry.triage import grade
from kitaran.registry.triage.building import Plan, build
from kitaran.registry.triage.columns import SEEN
from kitaran.registry.triage.grading import Grading
from kitaran.registry.triage.grouping import group
from kitaran.registry.triage.plan_words import as_dict
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.routes import route

LOOKED = dict.fromkeys(SEEN, "0")
SIGNS = st.sampled_from(["", "leaked", "crash", "blank"])
healths = st.lists(st.integers(60, 100).map(lambda each: each / 100), min_size=0, max_size=9)


def module(name: str, soh: float, **more: str) -> dict[str, str]:
    """A module of 100 Ah and 25.6 V (2.56 kWh), with the capacity that its health is."""
    plate = {"chemistry": "LFP", "q_nominal_ah": "100", "nominal_v": "25.6"}
    return {"id": name, **plate, "capacity_test_ah": f"{100 * soh:.4f}", **LOOKED, **more}


def planned(rows: list[dict[str, str]], target_kwh: float, economy: str = "") -> tuple[Grading, Plan]:
    graded = grade(pulse_tests_of(rows, "given"))
    return graded, build(graded, route(graded, economy), target_kwh)


def every_system(low: list[float], kwh: float, series: int, target: float, spread: float) -> list[set[int]]:
    """Each set of batteries that meets all conditions and holds no string more than it needs."""
    found = []
    for size in range(series, len(low) + 1, series):
        for members in itertools.combinations(range(len(low)), size):
            health = [low[each] for each in members]
            weakest = min(health)
            reaches = size * kwh * weakest >= target - 1e-9
            spare = (size - series) * kwh * weakest >= target - 1e-9
            if reaches and not spare and max(health) - weakest <= spread + 1e-9:
                found.append(set(members))
    return found


def best_by_search(
    low: list[float], kwh: float, series: int, target: float, spread: float
) -> tuple[int, int]:
    """Most systems and fewest batteries, as a set packing solved by HiGHS."""
    systems = every_system(low, kwh, series, target, spread)
    if not systems:
        return 0, 0
    holds = np.array([[battery in system for system in systems] for battery in range(len(low))], dtype=float)
    sizes = np.array([len(system) for system in systems], dtype=float)
    told = milp(
        sizes / 1000 - 1.0,
        constraints=LinearConstraint(holds, ub=1.0),
        integrality=np.ones(len(systems)),
        bounds=Bounds(0, 1),
    )
    chosen = np.round(told.x) == 1
    return int(chosen.sum()), int(sizes[chosen].sum())


@settings(max_examples=60, deadline=None)
@given(
    healths, st.sampled_from([1, 2, 3]), st.sampled_from([1.4, 2.0, 3.1]), st.sampled_from([0.0, 0.05, 0.2])
)
def test_no_search_finds_more_systems_or_needs_fewer_batteries(
    low: list[float], series: int, target: float, spread: float
) -> None:
    runs = group(np.array(low), 1.0, series, target, spread)
    assert (len(runs), sum(map(len, runs))) == best_by_search(low, 1.0, series, target, spread)


def test_a_case_that_can_be_worked_out_by_hand() -> None:
    # two of 0.95 and two of 0.80 reach 1.6 kWh each; one of 0.95 with one of 0.80 would break the spread
    assert group(np.array([0.95, 0.80, 0.95, 0.80, 0.60]), 1.0, 1, 1.6, 0.05) == [[0, 2], [1, 3]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(50, 100), SIGNS), max_size=30))
def test_nothing_unsafe_or_unknown_is_built_in_nothing_twice_and_the_spread_is_kept(
    batteries: list[tuple[int, str]],
) -> None:
    rows = []
    for number, (per_cent, sign) in enumerate(batteries):
        row = module(f"B{number}", per_cent / 100)
        if sign == "blank":
            row["vented"] = ""
        elif sign:
            row[sign] = "1"
        rows.append(row)
    if not rows:
        return
    graded, plan = planned(rows, 4.0)
    built = [row for system in plan.systems for row in system.rows]
    assert len(built) == len(set(built))
    assert sorted(built + [row for row, _ in plan.left_over]) == list(range(len(rows)))
    for system in plan.systems:
        low = graded.health.low[list(system.rows)]
        assert low.max() - low.min() <= 0.05 + 1e-9
        assert low.min() >= 0.6
        assert system.usable_kwh == pytest.approx(2.56 * len(low) * low.min())
        assert system.usable_kwh >= 4.0 - 1e-9
        assert [len(string) for string in system.strings] == [2] * (len(low) // 2)
        assert all(batteries[row][1] == "" for row in system.rows)


def test_chemistries_and_formats_are_not_mixed() -> None:
    rows = [module("A", 0.9), module("B", 0.9, chemistry="NMC"), module("C", 0.9, q_nominal_ah="110")]
    _, plan = planned(rows, 2.0)
    assert plan.systems == ()
    assert {reason for _, reason in plan.left_over} == {"Too few like it within 5% of health."}


def test_a_battery_tested_twice_counts_once_and_an_unsafe_one_not_at_all() -> None:
    rows = [
        module("A", 0.95),
        module("A", 0.90),
        module("B", 0.92),
        module("C", 0.9),
        module("C", 0.9, leaked="1"),
    ]
    graded, plan = planned(rows, 4.0)
    assert [as_dict(graded, plan)["systems"][0]["batteries"]] == [["B", "A"]]
    assert plan.systems[0].low == pytest.approx(0.90 * 0.97)
    assert {row for row, _ in plan.left_over} == {0, 3, 4}


def test_what_fits_no_string_of_the_voltage_says_so() -> None:
    _, plan = planned([module("A", 0.9, nominal_v="350")], 5.0)
    assert "350 V" in plan.left_over[0][1]


def test_a_system_is_worth_no_more_than_its_batteries_for_the_same_use() -> None:
    graded, plan = planned([module(f"B{n}", 0.9 + n / 200) for n in range(8)], 8.0, "THA")
    told = as_dict(graded, plan)["systems"][0]
    assert told["value_usd"] > 0
    assert told["singly_usd"] >= told["value_usd"]


def test_a_target_that_cannot_be_is_refused() -> None:
    for target in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(InputError):
            planned([module("A", 0.9)], target)
