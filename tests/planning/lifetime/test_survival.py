"""Survival of batteries: a share between nought and one that never rises, and that heat does not lengthen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran.planning.lifetime import ageing_model, annual_rates, pack, setting, simulate_fleet
from kitaran.planning.lifetime import survival as lives
from kitaran.planning.lifetime.wear import Wear, wear
from kitaran.planning.lifetime.yearly import soh_by_year

USES = np.array([0.25, 0.5, 1.0, 2.0, 4.0])
AGES = np.arange(31.0)
COLD_TO_HOT = ("JPN/Sapporo", "JPN/Tokyo", "THA/Bangkok")


def scatter(
    samples: int = 3, threshold: float = 0.7, use: float = 1.0, log_loss: float = 0.0, places: int = 1
) -> lives.Scatter:
    return lives.Scatter(
        threshold=np.full(samples, threshold),
        use=np.full(samples, use),
        use_spread=0.3,
        log_loss=np.full((places, samples), log_loss),
        own_spread=np.full(samples, 0.1),
    )


def straight_loss(yearly: float = 0.02) -> np.ndarray:
    """Loss that grows in proportion to age and to the root of use, (1 place, level, age)."""
    return yearly * AGES * np.sqrt(USES)[None, :, None]


@pytest.fixture(scope="module")
def worn() -> dict[str, Wear]:
    duty = setting(COLD_TO_HOT, "private_two_wheeler").windows
    # Of the models that stand for a chemistry, those whose every rate grows with temperature; the others lose
    # by cycling in the cold too.
    names = ("lfp_gr_sony_3ah", "nca_gr_panasonic", "nmc_gr_50ah_b1", "nmc_gr_50ah_b2")
    return {name: wear(ageing_model(name), [duty], USES.tolist(), 30) for name in names}


@settings(max_examples=60, deadline=None)
@given(
    yearly=st.floats(1e-4, 0.2),
    threshold=st.floats(0.4, 0.95),
    use=st.floats(0.1, 8),
    log_loss=st.floats(-1.5, 1.5),
)
def test_survival_begins_at_one_stays_within_bounds_and_never_rises(
    yearly: float, threshold: float, use: float, log_loss: float
) -> None:
    found = lives.unworn(straight_loss(yearly), USES, scatter(1, threshold, use, log_loss))
    assert found[:, 0] == pytest.approx(1.0)
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-12
    assert np.all(np.diff(found, axis=1) <= 1e-12)


def test_half_of_the_batteries_are_worn_when_the_middle_one_has_lost_what_it_may() -> None:
    found = lives.unworn(straight_loss(), USES, scatter())
    # 2 % a year reach a loss of 30 % after 15 years.
    assert lives.age_at(0.5, AGES, found[0]) == pytest.approx(np.full(3, 15.0), abs=0.1)


def test_more_use_a_higher_threshold_and_a_weaker_cell_end_life_sooner() -> None:
    plain = lives.unworn(straight_loss(), USES, scatter())
    for harder in (scatter(use=1.5), scatter(threshold=0.8), scatter(log_loss=0.2)):
        assert np.all(lives.unworn(straight_loss(), USES, harder) <= plain + 1e-12)


def test_a_hotter_place_never_retires_later_where_the_model_ages_by_heat(worn: dict[str, Wear]) -> None:
    for name, each in worn.items():
        found = lives.unworn(each.loss[0], each.uses, scatter(places=3))
        assert np.all(np.diff(found, axis=0) <= 1e-9), name


def test_loss_never_falls_with_age(worn: dict[str, Wear]) -> None:
    for each in worn.values():
        assert np.all(np.diff(each.loss, axis=-1) >= 0)
        assert each.loss[..., 0] == pytest.approx(0)
        assert np.all((each.outside >= 0) & (each.outside <= 1))


@pytest.mark.parametrize(
    "name",
    [
        *("lfp_gr_250ah", "lfp_gr_sony_3ah", "nmc622_gr_denso_50ah", "nmc111_gr_kokam_75ah"),
        *("nca_gr_panasonic", "nca_grsi_sony_2p5ah", "nmc_gr_50ah_b1", "nmc_gr_50ah_b2", "nmc_gr_75ah_a"),
    ],
)
def test_ageing_by_the_year_is_that_of_the_fleet_method(name: str) -> None:
    here = setting(("JPN/Tokyo", "IND/New Delhi"), "taxi").windows
    model = ageing_model(name)
    fine = simulate_fleet(annual_rates(model, here, 15), np.arange(2))
    coarse = soh_by_year(model, here, np.array([1.0]), 15)[..., 0]
    assert coarse == pytest.approx(fine, abs=4e-3)


def test_the_weakest_cell_is_the_one_that_a_pack_is_judged_by() -> None:
    factor = lives.weakest_cell(100, np.array([0.1]))
    assert 1 - 0.2 * factor[0] == pytest.approx(float(pack.pack_soh(0.8, 100, spread=0.1)))
    assert lives.weakest_cell(1, np.array([0.1])) == pytest.approx([1.0])


def test_low_and_high_of_a_calendar_life_hold_eight_in_ten() -> None:
    middle, low, high = 14.0, 9.0, 14.0**2 / 9.0
    spread = np.log(high / low) / (2 * lives.Z_OF_80_PERCENT)
    left = lives.by_calendar(np.array([0.0, low, middle, high]), np.array([middle]), float(spread))
    assert left[:, 0] == pytest.approx([1.0, 0.9, 0.5, 0.1])


def test_what_competing_causes_end_adds_up_to_what_is_gone() -> None:
    parts = {
        "wear": lives.unworn(straight_loss(), USES, scatter())[0],
        "fault": lives.without_event(AGES, np.full(3, 0.02)),
        "age": lives.by_calendar(AGES, np.full(3, 15.0), 0.3),
    }
    found = lives.ended_by(parts)
    left = np.prod([alive[-1] for alive in parts.values()], axis=0)
    assert sum(found.values()) + left == pytest.approx(np.ones(3))
    assert all(np.all(part > 0) for part in found.values())


def test_a_constant_hazard_alone_ends_all_that_ends() -> None:
    gone = lives.ended_by({"fault": lives.without_event(AGES, np.array([0.1])), "wear": np.ones((31, 1))})
    assert gone["fault"] == pytest.approx([1 - np.exp(-3.0)])
    assert gone["wear"] == pytest.approx([0.0])
