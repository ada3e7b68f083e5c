"""How the electric share spreads."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from kitaran.planning.fleet.diffusion import Prior, draw_towards, fit, on_logit, project, share_of

PRIOR = Prior(steepness=0.3, steepness_sd=0.1, noise_sd=0.3, memory_years=3.0, reversion_years=2.0)


def _logistic(years: np.ndarray, level: float, steepness: float, ceiling: float) -> np.ndarray:
    return ceiling * special.expit(level + steepness * (years - years[-1]))


def test_a_logistic_history_is_found_again_when_the_prior_says_little() -> None:
    years = np.arange(2005.0, 2025)
    loose = Prior(0.3, 100.0, 0.3, 50.0, 2.0)
    curve = fit(years, _logistic(years, -0.4, 0.45, 0.9), 0.9, loose)
    assert curve.steepness == pytest.approx(0.45, abs=1e-4)
    assert curve.level == pytest.approx(-0.4, abs=1e-3)


def test_one_observation_goes_on_at_the_steepness_of_the_prior() -> None:
    curve = fit(np.array([2024.0]), np.array([0.05]), 0.9, PRIOR)
    assert curve.steepness == pytest.approx(0.3)
    assert curve.level == pytest.approx(float(on_logit(np.array(0.05), 0.9)))


def test_a_steepness_taken_as_certain_is_kept() -> None:
    certain = Prior(0.25, 0.0, 0.3, 3.0, 2.0)
    curve = fit(np.array([2022.0, 2023, 2024]), np.array([0.001, 0.01, 0.09]), 0.9, certain)
    assert curve.steepness == pytest.approx(0.25, abs=1e-4)


def test_a_short_steep_history_is_held_back_by_the_prior() -> None:
    curve = fit(np.array([2022.0, 2023, 2024]), np.array([0.001, 0.01, 0.09]), 0.9, PRIOR)
    assert 0.3 < curve.steepness < 1.0


def test_the_share_rises_towards_its_ceiling_and_never_passes_it() -> None:
    curve = fit(np.array([2023.0, 2024]), np.array([0.03, 0.05]), 0.8, PRIOR)
    years = np.arange(2025.0, 2101)
    share = share_of(project(curve, np.array([curve.level]), np.zeros(1), years, PRIOR), np.array([0.8]))[
        :, 0
    ]
    assert np.all(np.diff(share) > 0)
    assert share[-1] < 0.8
    assert share[-1] == pytest.approx(0.8, rel=1e-6)


def test_the_spread_widens_with_the_horizon() -> None:
    curve = fit(np.array([2023.0, 2024]), np.array([0.03, 0.05]), 0.8, PRIOR)
    scores = special.ndtri((np.arange(400) + 0.5) / 400)
    x = project(curve, np.full(400, curve.level), scores, np.arange(2025.0, 2051), PRIOR)
    assert np.all(np.diff(x.std(axis=1)) > 0)


def test_a_fitted_steepness_returns_to_the_prior() -> None:
    curve = fit(np.arange(2010.0, 2025), _logistic(np.arange(2010.0, 2025), -1.0, 0.8, 0.9), 0.9, PRIOR)
    x = project(curve, np.array([curve.level]), np.zeros(1), np.arange(2025.0, 2061), PRIOR)[:, 0]
    assert x[1] - x[0] > 0.35
    assert x[-1] - x[-2] == pytest.approx(0.3, abs=1e-6)


def test_a_published_view_is_followed_by_its_weight() -> None:
    years = np.arange(2025.0, 2041)
    own, view_years = np.zeros((16, 3)), np.array([2030.0, 2035.0])
    view = np.array([[2.0, 2, 2], [4, 4, 4]])
    drawn = draw_towards(own, years, 2024, view_years, view, np.array([0.0, 0.5, 1.0]))
    assert drawn[5].tolist() == [0.0, 1.0, 2.0]
    assert drawn[10].tolist() == [0.0, 2.0, 4.0]
    assert drawn[15].tolist() == [0.0, 2.0, 4.0]
    assert drawn[0, 2] == pytest.approx(2.0 / 6)


def test_without_a_view_nothing_is_drawn() -> None:
    own = np.arange(6.0).reshape(3, 2)
    assert draw_towards(own, np.arange(3.0), 0, np.zeros(0), np.zeros((0, 2)), np.ones(2)) is own
