"""Stock by cohort as a register counts it, in the place of the modelled one: by hand on four cohorts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kitaran.planning.fleet.observed_stock import Counts, Stock, as_counted

Array = NDArray[np.float64]
ANY, BEV, PHEV, EV = -1, 0, 1, 2
ENTERED = np.array([[100.0, 90.0], [200.0, 210.0], [400.0, 400.0], [0.0, 0.0]])
MIX = np.broadcast_to(np.array([0.75, 0.25, 0.0])[None, :, None], (4, 3, 2)).copy()
HYBRID = np.full((4, 2), 0.2)
ALIVE = np.zeros((4, 3, 2))
ALIVE[:3, :2] = np.array([0.5, 0.8, 1.0])[:, None, None]


def counts(
    rows: dict[tuple[int, int, int], float], least: dict[tuple[int, int], float] | None = None
) -> Counts:
    counted = np.full((4, 3, 4, 1), np.nan)
    known = np.zeros((4, 4, 1))
    for at, value in rows.items():
        counted[at] = value
    for place, value in (least or {}).items():
        known[place] = value
    return Counts(counted, known)


def made(rows: dict[tuple[int, int, int], float], least: dict[tuple[int, int], float] | None = None) -> Stock:
    return as_counted(ENTERED, MIX, HYBRID, ALIVE, counts(rows, least))


def left(stock: Stock) -> Array:
    """Vehicles in use that the entries leave, (cohort, chemistry, sample)."""
    return np.asarray(stock.entered[:, None] * stock.mix * ALIVE)


def test_of_the_entries_exactly_the_counted_vehicles_are_left() -> None:
    stock = made({(0, EV, ANY): 60.0, (1, EV, ANY): 120.0})
    np.testing.assert_allclose(left(stock).sum(axis=1)[:2], [[60, 60], [120, 120]])
    np.testing.assert_allclose(stock.entered[:2], [[120, 120], [150, 150]])


def test_a_cohort_that_is_not_counted_stays_as_it_is_to_the_byte() -> None:
    stock = made({(0, EV, ANY): 60.0})
    assert stock.entered[1:].tobytes() == ENTERED[1:].tobytes()
    assert stock.mix[1:].tobytes() == MIX[1:].tobytes()


def test_a_count_of_zero_is_not_the_same_as_no_count() -> None:
    stock = made({(0, EV, ANY): 0.0})
    assert not left(stock)[0].any()
    assert left(stock)[1].any()


def test_chemistries_that_are_known_are_taken_and_the_rest_divides_as_modelled() -> None:
    stock = made({(1, EV, 1): 80.0, (1, EV, ANY): 40.0})
    np.testing.assert_allclose(left(stock)[1, :, 0], [30, 90, 0])


def test_a_chemistry_without_a_life_counts_as_not_known() -> None:
    stock = made({(1, EV, 2): 40.0})
    np.testing.assert_allclose(left(stock)[1, :, 0], [30, 10, 0])


def test_a_register_of_battery_electric_vehicles_leaves_plug_in_hybrids_as_modelled() -> None:
    stock = made({(1, BEV, ANY): 200.0})
    np.testing.assert_allclose(left(stock).sum(axis=1)[1], [200 + 0.2 * 160, 200 + 0.2 * 168])
    np.testing.assert_allclose(stock.hybrid[1], [32 / 232, 33.6 / 233.6])


def test_both_powertrains_counted_tell_the_part_of_plug_in_hybrids() -> None:
    stock = made({(1, BEV, ANY): 150.0, (1, PHEV, ANY): 50.0})
    np.testing.assert_allclose(stock.hybrid[1], 0.25)
    np.testing.assert_allclose(left(stock).sum(axis=1)[1], 200.0)


def test_what_is_known_to_be_in_use_raises_a_stock_and_never_lowers_it() -> None:
    stock = made({}, {(0, 0): 10.0, (1, 1): 100.0, (2, 3): 500.0})
    np.testing.assert_allclose(left(stock)[0], ENTERED[0] * MIX[0] * ALIVE[0])
    np.testing.assert_allclose(left(stock)[1, :, 0], [120, 100, 0])
    np.testing.assert_allclose(left(stock)[2].sum(axis=0), 500.0)


def test_vehicles_older_than_any_that_the_model_keeps_count_with_the_oldest_that_it_does() -> None:
    alive = ALIVE.copy()
    alive[0] = 1e-9
    stock = as_counted(ENTERED, MIX, HYBRID, alive, counts({(0, EV, ANY): 60.0, (1, EV, ANY): 120.0}))
    whole = (stock.entered[:, None] * stock.mix * alive).sum(axis=1)
    np.testing.assert_allclose(whole[1], 180.0)
    assert whole[0].max() < 1e-6
    assert np.isfinite(stock.entered).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    counted=st.lists(st.floats(0, 1e6), min_size=3, max_size=3),
    known=st.lists(st.floats(0, 1e6), min_size=3, max_size=3),
    factor=st.floats(0.1, 10),
)
def test_whatever_is_counted_is_in_use_and_scales(
    counted: list[float], known: list[float], factor: float
) -> None:
    rows = {(c, EV, ANY): n for c, n in enumerate(counted)} | {(c, EV, 1): n for c, n in enumerate(known)}
    stock, more = made(rows), made({at: n * factor for at, n in rows.items()})
    whole = np.array(counted) + np.array(known)
    np.testing.assert_allclose(left(stock).sum(axis=1)[:3, 0], whole, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(left(more), left(stock) * factor, rtol=1e-9, atol=1e-9)
    assert stock.mix.sum(axis=1) == pytest.approx(1.0)
