"""Samples, distributions, quantiles and where a spread comes from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kitaran.foundation.errors import InputError
from kitaran.planning.uncertainty import Draws, Sampler, Scale, explained_shares, quantiles, spread

FACTORS = {"A": 1.03, "B": 1.1, "C": 1.3, "D": 1.7}


def test_each_slice_of_probability_is_drawn_once() -> None:
    draws = Sampler(200, 1).uniform("lifetimes/x")
    assert sorted((draws * 200).astype(int)) == list(range(200))


def test_a_sample_is_latin_as_scipy_makes_it() -> None:
    """Same law as scipy's Latin hypercube: exactly one point a slice, uniform within it."""
    theirs = stats.qmc.LatinHypercube(1, rng=np.random.default_rng(1)).random(500)[:, 0]
    ours = Sampler(500, 1).uniform("x")
    assert sorted((ours * 500).astype(int)) == sorted((theirs * 500).astype(int))
    assert stats.kstest(ours * 500 % 1, "uniform").pvalue > 0.01


def test_the_same_seed_and_name_give_the_same_draws_and_others_do_not() -> None:
    first = Sampler(50, 1).uniform("a")
    assert np.array_equal(first, Sampler(50, 1).uniform("a"))
    assert not np.array_equal(first, Sampler(50, 2).uniform("a"))
    assert not np.array_equal(first, Sampler(50, 1).uniform("b"))


def test_other_inputs_do_not_change_an_inputs_draws() -> None:
    alone, beside = Draws(Sampler(50, 1), FACTORS), Draws(Sampler(50, 1), FACTORS)
    for name in ("a", "b", "c"):
        beside.score(name)
    assert np.array_equal(alone.score("z"), beside.score("z"))


def test_two_economies_correlate_as_far_as_they_share() -> None:
    sampler = Sampler(20_000, 3)
    first, second = (sampler.correlated("shared", own, 0.4) for own in ("x", "y"))
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.4, abs=0.02)
    assert first.std() == pytest.approx(1.0, abs=0.02)


def test_low_and_high_are_the_fifth_and_ninety_fifth_percentile_and_the_value_the_median() -> None:
    draws = Draws(Sampler(20_000, 1), FACTORS)
    for value, low, high, fraction in (
        (10.0, 7.0, 30.0, False),
        (0.2, 0.05, 0.25, True),
        (3.0, 0.0, 5.0, False),
    ):
        drawn = draws.figure(f"x{value}", value, low, high, fraction=fraction)
        assert np.quantile(drawn, (0.05, 0.5, 0.95)) == pytest.approx((low, value, high), rel=0.02, abs=1e-3)


def test_a_fraction_stays_a_fraction_and_a_quantity_above_zero() -> None:
    draws = Draws(Sampler(500, 1), FACTORS)
    share = draws.figure("a", 0.5, 0.001, 0.999, fraction=True)
    assert 0 <= share.min() < share.max() <= 1
    assert draws.figure("b", 1.0, 0.01, 100.0).min() > 0
    assert draws.figure("c", 0.1, 0.0, 3.0).min() >= 0


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_a_fraction_of_nothing_or_all_is_exact(end: float) -> None:
    assert set(Draws(Sampler(50, 1), FACTORS).figure("a", end, end, end, fraction=True)) == {end}


def test_a_figure_without_a_range_gets_one_by_its_grade() -> None:
    draws = Draws(Sampler(20_000, 1), FACTORS)
    assert np.quantile(draws.figure("a", 10.0, grade="C"), 0.95) == pytest.approx(13.0, rel=0.01)
    assert np.quantile(draws.figure("a", 10.0, grade="A"), 0.05) == pytest.approx(10 / 1.03, rel=0.01)


def test_a_range_without_a_value_has_its_middle_as_median() -> None:
    assert spread(None, 2.0, 8.0, False, 1.1).value == pytest.approx(4.0)
    assert spread(None, 0.2, 0.4, True, 1.1).value == pytest.approx(0.3)
    assert spread(None, 2.0, 8.0, False, 1.1).scale is Scale.LOG


def test_a_value_outside_its_range_widens_it() -> None:
    found = spread(9.0, 2.0, 8.0, False, 1.1)
    assert (found.low, found.value, found.high) == (2.0, 9.0, 9.0)


@pytest.mark.parametrize(("value", "low", "high"), [(None, None, None), (5.0, 8.0, 2.0)])
def test_a_figure_that_says_nothing_is_refused(
    value: float | None, low: float | None, high: float | None
) -> None:
    with pytest.raises(InputError):
        spread(value, low, high, False, 1.1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=50))
def test_quantiles_are_in_order(values: list[float]) -> None:
    p10, p50, p90 = quantiles(np.array(values))
    assert p10 <= p50 <= p90


def test_the_spread_is_traced_to_the_inputs_that_cause_it() -> None:
    sampler = Sampler(4000, 1)
    scores = {name: sampler.normal(name) for name in ("big", "small", "none")}
    found = explained_shares(scores, np.exp(3 * scores["big"] + scores["small"]))
    assert list(found) == ["big", "small"]
    assert found["big"] == pytest.approx(0.9, abs=0.03)
    assert found["small"] == pytest.approx(0.1, abs=0.03)


def test_a_result_without_spread_is_explained_by_nothing() -> None:
    assert explained_shares({"a": np.arange(10.0)}, np.ones(10)) == {}


@pytest.mark.parametrize("samples", [10, 11, 200])
def test_quantiles_are_those_of_numpy(samples: int) -> None:
    drawn = np.random.default_rng(1).lognormal(size=(3, 4, samples))
    assert np.array(quantiles(drawn)) == pytest.approx(
        np.quantile(drawn, (0.1, 0.5, 0.9), axis=-1), rel=1e-12
    )
