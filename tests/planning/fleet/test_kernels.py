"""What one vehicle brings over its life, against closed forms and a simulation of single vehicles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gamma

from kitaran.planning.fleet.kernels import (
    Kernel,
    Life,
    Replacement,
    alive_after,
    deaths,
    lived_by,
    monthly_kernel,
    replaced_at,
    vehicle_kernel,
    yearly_kernel,
)
from kitaran.planning.fleet.survival import Family, survival, weibull_shape

ALWAYS = Replacement(np.array([0.0]), np.array([1.0]))
NEVER = Replacement(np.array([0.0]), np.array([0.0]))


def _life(family: Family, mean: float, cv: float = 0.0) -> Life:
    return Life(family, np.array([mean]), cv)


ENDLESS = _life(Family.FIXED, 1e6)


def _give_up_age(vehicle: Life, battery: Life, worth_share: float) -> float:
    lived = lived_by(vehicle, 480, 1 / 12)
    rule = Replacement(np.array([worth_share]), np.array([1.0]))
    replaced = replaced_at(vehicle, lived, alive_after(lived, 1 / 12), battery, rule)[:, 0]
    return float(np.argmin(replaced)) / 12


def _balance(kernel: Kernel) -> float:
    entered = kernel.installed.copy()
    entered[0] += 1.0
    return float(np.abs(np.cumsum(entered - kernel.retired, axis=0) - kernel.in_use).max())


def test_failures_keep_the_mean_life_whatever_the_step() -> None:
    for step in (1 / 12, 0.25, 1.0):
        steps = int(60 / step)
        failures = deaths(alive_after(lived_by(_life(Family.WEIBULL, 2.6, 0.4), steps, step), step))[:, 0]
        assert failures.sum() == pytest.approx(1.0, abs=1e-12)
        assert failures @ (step * np.arange(steps + 1)) == pytest.approx(2.6, rel=1e-9)


def test_exponential_batteries_in_a_lasting_vehicle_retire_at_a_constant_rate() -> None:
    kernel = vehicle_kernel(ENDLESS, _life(Family.WEIBULL, 0.8, 1.0), ALWAYS, 20)
    assert kernel.retired[1:, 0] == pytest.approx(np.full(19, 1 / 0.8), rel=1e-9)
    assert kernel.in_use[:, 0] == pytest.approx(np.ones(20))


def test_fixed_lives_retire_exactly_on_time() -> None:
    kernel = monthly_kernel(ENDLESS, _life(Family.FIXED, 2.5), ALWAYS, 10)
    expected = np.zeros(121)
    expected[[30, 60, 90, 120]] = 1.0
    assert kernel.retired[:, 0] == pytest.approx(expected, abs=1e-9)


def test_a_vehicle_that_dies_first_takes_its_battery_along() -> None:
    kernel = vehicle_kernel(_life(Family.FIXED, 5.0), _life(Family.FIXED, 50.0), ALWAYS, 12)
    expected = np.zeros(12)
    # Sales are spread over the year of sale: a life of five years ends in the fifth year after it.
    expected[5] = 1.0
    assert kernel.retired[:, 0] == pytest.approx(expected, abs=1e-12)


def test_lead_acid_batteries_retired_a_vehicle_are_vehicle_life_over_battery_life() -> None:
    vehicle, battery = _life(Family.WEIBULL, 5.0, 0.35), _life(Family.WEIBULL, 0.6, 0.3)
    retired = vehicle_kernel(vehicle, battery, ALWAYS, 30).retired.sum()
    # Renewals until an independent age V: E V / mu + (1 + cv^2)/2 in the long run, the last with it.
    assert retired == pytest.approx(5.0 / 0.6 + (1 + 0.3**2) / 2, rel=2e-3)


def test_without_replacement_the_first_of_two_deaths_ends_both() -> None:
    vehicle, battery = _life(Family.WEIBULL, 12.0, 0.3), _life(Family.LOGISTIC, 9.0, 0.3)
    kernel = monthly_kernel(vehicle, battery, NEVER, 60)
    ages = (np.arange(721) + 0.5) / 12
    both = survival(vehicle.family, vehicle.mean, vehicle.cv, ages) * survival(
        battery.family, battery.mean, battery.cv, ages
    )
    assert kernel.in_use[:, 0] == pytest.approx(both[:, 0], abs=1e-4)
    assert kernel.retired.sum() == pytest.approx(1.0, abs=1e-6)
    assert kernel.installed.sum() == 0.0


def test_a_battery_is_not_replaced_when_the_vehicle_has_too_little_life_left() -> None:
    assert _give_up_age(_life(Family.FIXED, 15.0), _life(Family.FIXED, 8.0), 0.5) == pytest.approx(
        11 + 1 / 12
    )
    kernel = monthly_kernel(
        _life(Family.FIXED, 15.0), _life(Family.FIXED, 8.0), Replacement(np.array([0.5]), np.array([1.0])), 40
    )
    assert kernel.installed.sum() == pytest.approx(1.0)
    kernel = monthly_kernel(
        _life(Family.FIXED, 15.0),
        _life(Family.FIXED, 12.0),
        Replacement(np.array([0.5]), np.array([1.0])),
        40,
    )
    assert kernel.installed.sum() == pytest.approx(0.0)
    assert kernel.retired[144, 0] == pytest.approx(1.0)


def test_a_kernel_agrees_with_single_vehicles_drawn_by_chance() -> None:
    random = np.random.default_rng(3)
    draws, years = 100_000, 25
    vehicle, battery = _life(Family.WEIBULL, 9.0, 0.4), _life(Family.WEIBULL, 3.5, 0.35)
    rule = Replacement(np.array([0.4]), np.array([0.8]))

    def draw(life: Life, size: int) -> np.ndarray:
        shape = weibull_shape(life.cv)
        return life.mean[0] / gamma(1 + 1 / shape) * random.weibull(shape, size)

    give_up = _give_up_age(vehicle, battery, 0.4)
    sale, death = random.random(draws), draw(vehicle, draws)
    retired, end, installed_at = np.zeros(years), death.copy(), np.zeros(draws)
    running = np.arange(draws)
    while running.size:
        failure = installed_at[running] + draw(battery, running.size)
        scrapped = failure >= death[running]
        leaves = np.where(scrapped, death[running], failure)
        np.add.at(retired, np.minimum((sale[running] + leaves).astype(int), years - 1), 1)
        renewed = ~scrapped & (failure < give_up) & (random.random(running.size) < 0.8)
        end[running[~renewed]] = leaves[~renewed]
        installed_at[running[renewed]] = failure[renewed]
        running = running[renewed]
    in_use = np.array([(sale + end > year + 1).mean() for year in range(years)])
    kernel = vehicle_kernel(vehicle, battery, rule, years)
    assert kernel.retired[: years - 1, 0] == pytest.approx(retired[:-1] / draws, abs=6e-3)
    assert kernel.in_use[:, 0] == pytest.approx(in_use, abs=6e-3)


@settings(max_examples=40, deadline=None)
@given(
    vehicle=st.tuples(st.sampled_from(list(Family)), st.floats(0.5, 25), st.floats(0.05, 0.9)),
    battery=st.tuples(st.sampled_from(list(Family)), st.floats(0.3, 20), st.floats(0.05, 0.9)),
    worth=st.floats(0, 1),
    probability=st.floats(0, 1),
)
def test_every_battery_that_enters_leaves_or_is_in_use(vehicle, battery, worth, probability) -> None:  # type: ignore[no-untyped-def]
    kernel = monthly_kernel(
        _life(*vehicle), _life(*battery), Replacement(np.array([worth]), np.array([probability])), 15
    )
    for grid in (kernel, yearly_kernel(kernel)):
        assert _balance(grid) < 1e-11
        assert min(grid.retired.min(), grid.installed.min(), grid.in_use.min()) > -1e-12


def test_samples_do_not_mix() -> None:
    means = np.array([0.6, 3.0, 11.0])
    rule = Replacement(np.array([0.2, 0.5, 0.5]), np.array([1.0, 0.9, 0.8]))
    together = vehicle_kernel(
        Life(Family.WEIBULL, 2 * means, 0.4), Life(Family.LOGISTIC, means, 0.3), rule, 20
    )
    for n, mean in enumerate(means):
        alone = vehicle_kernel(
            _life(Family.WEIBULL, 2 * mean, 0.4),
            _life(Family.LOGISTIC, mean, 0.3),
            Replacement(rule.worth_share[n : n + 1], rule.probability[n : n + 1]),
            20,
        )
        assert together.retired[:, n] == pytest.approx(alone.retired[:, 0], abs=1e-12)
