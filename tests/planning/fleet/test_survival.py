"""Lives of vehicles and batteries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.survival import Family, mean_life_until, survival, weibull_shape

AGES = np.linspace(0, 60, 601)


def _at(family: Family, mean: float, cv: float) -> np.ndarray:
    return survival(family, np.array([mean]), cv, AGES)[:, 0]


@pytest.mark.parametrize("cv", [0.05, 0.25, 0.5, 1.0, 2.0])
def test_a_weibull_life_has_the_mean_and_spread_that_were_asked_for(cv: float) -> None:
    shape = weibull_shape(cv)
    life = stats.weibull_min(shape)
    assert life.std() / life.mean() == pytest.approx(cv, rel=1e-9)
    expected = stats.weibull_min(shape, scale=9.0 / life.mean()).sf(AGES)
    assert _at(Family.WEIBULL, 9.0, cv) == pytest.approx(expected, abs=1e-12)


def test_a_weibull_life_with_spread_one_is_exponential() -> None:
    assert _at(Family.WEIBULL, 4.0, 1.0) == pytest.approx(np.exp(-AGES / 4.0), abs=1e-12)


def test_logistic_and_normal_lives_are_cut_at_age_zero() -> None:
    normal = stats.truncnorm(-1 / 0.4, np.inf, loc=10, scale=4).sf(AGES)
    assert _at(Family.NORMAL, 10.0, 0.4) == pytest.approx(normal, abs=1e-12)
    untouched = stats.logistic(loc=15, scale=4 * np.sqrt(3) / np.pi)
    assert _at(Family.LOGISTIC, 15.0, 4 / 15) == pytest.approx(
        untouched.sf(AGES) / untouched.sf(0), abs=1e-12
    )


def test_a_fixed_life_ends_at_its_mean_and_not_before() -> None:
    assert survival(Family.FIXED, np.array([2.0]), 0.0, np.array([0, 1.999, 2.0]))[:, 0].tolist() == [1, 1, 0]


@pytest.mark.parametrize("family", [Family.WEIBULL, Family.LOGISTIC, Family.NORMAL])
@pytest.mark.parametrize(("mean", "cv"), [(0.6, 0.3), (8.0, 0.5), (17.0, 0.235)])
def test_mean_life_until_is_the_integral_of_survival(family: Family, mean: float, cv: float) -> None:
    one = np.array([mean])
    for end in (0.5, 5.0, 30.0):
        expected, _ = integrate.quad(
            lambda a: survival(family, one, cv, np.array([a]))[0, 0],
            0,
            end,
            limit=200,
            points=[min(mean, end)],
        )
        assert mean_life_until(family, one, cv, np.array([end]))[0, 0] == pytest.approx(expected, rel=1e-8)


@given(
    family=st.sampled_from([Family.WEIBULL, Family.LOGISTIC, Family.NORMAL]),
    mean=st.floats(0.3, 30),
    cv=st.floats(0.05, 1.0),
)
def test_survival_starts_at_one_and_never_rises(family: Family, mean: float, cv: float) -> None:
    alive = _at(family, mean, cv)
    assert alive[0] == pytest.approx(1.0)
    assert np.all(np.diff(alive) <= 1e-12)
    assert np.all(alive >= 0)


@pytest.mark.parametrize(("mean", "cv"), [(0.0, 0.2), (-1.0, 0.2), (5.0, -0.1), (5.0, 0.0)])
def test_a_life_that_cannot_be_is_refused(mean: float, cv: float) -> None:
    with pytest.raises(InputError):
        survival(Family.WEIBULL, np.array([mean]), cv, AGES)
