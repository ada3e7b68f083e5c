"""Who can make what new batteries need, and what its making rejects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.manufacturing import (
    STAGES,
    able_to_make,
    cell_energy,
    import_dependence,
    mean_scrap_rate,
    output,
    over_years,
    own_supply,
    plants_of,
    requirements,
    scrap_energy,
    scrap_rate,
    share_of_world,
    world_need,
)
from kitaran.planning.manufacturing.plants import assumed
from kitaran.planning.materials import CHEMISTRIES, ITEMS
from kitaran.reference import Row

YEARS = np.arange(2010.0, 2051.0)
AGES = np.arange(41.0)[:, None]
USED = np.array([0.85])
energies = arrays(np.float64, (8, 2), elements=st.floats(0, 1e4, allow_subnormal=False))


def central(row: Row) -> np.ndarray:
    return np.array([row.central])


def dependence(economy: str, stage: str, need_gwh: float, year: int) -> float:
    need = np.full((len(YEARS), 1), need_gwh)
    able = able_to_make(plants_of(economy, stage), need, YEARS, world_need(YEARS, need), USED, central)
    return float(import_dependence(need, able)[year - 2010, 0])


def rate(age: float) -> float:
    start, mature, learning = (central(assumed(f"scrap_{part}")) for part in ("start", "mature", "learning"))
    return float(scrap_rate(np.array([[age]]), start, mature, learning)[0, 0])


def test_scrap_falls_as_plants_learn_from_a_quarter_to_a_tenth_in_five_years() -> None:
    """15 to 30 percent in early life, about ten after five years: Fraunhofer FFB 2024."""
    assert rate(0) == pytest.approx(0.25)
    assert rate(5) == pytest.approx(0.10, abs=0.005)
    assert 0.04 <= rate(30) <= 0.10


@given(st.floats(0.1, 0.9), st.floats(0.01, 0.09), st.floats(0.5, 10))
def test_scrap_never_rises_with_age(start: float, mature: float, learning: float) -> None:
    by_age = scrap_rate(AGES, np.array([start]), np.array([mature]), np.array([learning]))
    assert (np.diff(by_age, axis=0) <= 0).all()
    assert (by_age >= mature).all()


@pytest.mark.parametrize(
    ("start", "mature", "learning"), [(0.05, 0.1, 3.0), (1.2, 0.1, 3.0), (0.3, 0.1, 0.0)]
)
def test_scrap_that_cannot_be_is_refused(start: float, mature: float, learning: float) -> None:
    with pytest.raises(InputError):
        scrap_rate(AGES, np.array([start]), np.array([mature]), np.array([learning]))


@given(energies)
def test_the_mean_rate_lies_between_that_of_the_oldest_and_of_the_newest_plant(made: np.ndarray) -> None:
    by_age = scrap_rate(AGES[:8], np.full(2, 0.25), np.full(2, 0.06), np.full(2, 3.0))
    mean = mean_scrap_rate(made, by_age)
    assert (mean <= by_age[0] + 1e-12).all()
    assert (mean >= by_age[-1] - 1e-12).all()


def test_plants_that_are_not_added_to_reject_less_every_year() -> None:
    by_age = scrap_rate(AGES[:6], np.array([0.25]), np.array([0.06]), np.array([3.0]))
    mean = mean_scrap_rate(np.array([[5.0], [5], [5], [3], [3], [5]]), by_age)
    assert mean[:, 0] == pytest.approx(by_age[:, 0])


def test_a_growing_industry_rejects_more_than_a_settled_one() -> None:
    by_age = scrap_rate(AGES[:6], np.array([0.25]), np.array([0.06]), np.array([3.0]))
    growing = mean_scrap_rate(2.0 ** np.arange(6)[:, None], by_age)
    settled = mean_scrap_rate(np.full((6, 1), 32.0), by_age)
    assert growing[-1, 0] > settled[-1, 0]


def test_ages_must_cover_the_years() -> None:
    with pytest.raises(InputError, match="3 ages do not cover 4 years"):
        mean_scrap_rate(np.ones((4, 1)), np.ones((3, 1)))


def test_a_tenth_of_a_thousand_started_leaves_nine_hundred_good_and_a_hundred_rejected() -> None:
    assert scrap_energy(np.array([[900.0]]), np.array([[0.1]]))[0, 0] == pytest.approx(100.0)


@given(energies, energies)
def test_what_is_made_at_home_and_what_is_imported_are_the_need(need: np.ndarray, able: np.ndarray) -> None:
    share = import_dependence(need, able)
    assert own_supply(need, able) + share * need == pytest.approx(need)
    assert ((share >= 0) & (share <= 1)).all()


@given(energies, energies)
def test_plants_never_make_imports_larger(need: np.ndarray, able: np.ndarray) -> None:
    assert (import_dependence(need, able + 1.0) <= import_dependence(need, able)).all()


def test_a_need_and_an_ability_over_other_samples_are_refused() -> None:
    with pytest.raises(InputError, match="does not fit an ability"):
        own_supply(np.ones((3, 1)), np.ones((3, 4)))


def test_exports_are_made_where_the_plants_stand() -> None:
    made = output(np.array([[60.0]]), np.array([[300.0]]), np.array([[0.05]]), np.array([[2000.0]]))
    assert made[0, 0] == pytest.approx(100.0)


def test_figures_are_straight_between_years_and_level_outside() -> None:
    path = over_years(np.array([2019.0, 2021, 2024]), np.array([2020.0, 2022]), np.array([[2.0], [4.0]]))
    assert path[:, 0].tolist() == [2.0, 3.0, 4.0]
    with pytest.raises(InputError, match="do not ascend"):
        over_years(YEARS, np.array([2022.0, 2020]), np.ones((2, 1)))


def test_china_makes_its_cells_and_tuvalu_none() -> None:
    assert dependence("CHN", "cell", 600.0, 2025) == 0.0
    assert dependence("TUV", "cell", 0.01, 2030) == 1.0


def test_india_imports_nearly_all_cells_today_and_about_half_in_2030_if_its_plants_come() -> None:
    """Plants announced meet 49 percent of the demand of vehicles in 2030: ICCT. Used to 85 percent."""
    assert dependence("IND", "cell", 11.0, 2024) == 1.0
    assert dependence("IND", "cell", 89.6, 2030) == pytest.approx(1 - 0.49 * 0.85, abs=0.01)


def test_korea_makes_cathodes_for_itself_and_lacks_precursor_of_its_own_for_the_world() -> None:
    assert dependence("KOR", "cathode", 20.0, 2024) == 0.0
    assert share_of_world(plants_of("KOR", "precursor"), YEARS, central)[14, 0] < 0.1


def test_indonesia_refines_nickel_and_imports_lithium() -> None:
    assert dependence("IDN", "refined_Ni", 20.0, 2030) == 0.0
    assert dependence("IDN", "refined_Li", 20.0, 2030) == 1.0


def test_shares_of_a_stage_never_pass_the_whole_world() -> None:
    members = ("CHN", "KOR", "JPN", "IDN", "RUS", "IND")
    for stage in STAGES:
        total = sum(share_of_world(plants_of(code, stage), YEARS, central) for code in members)
        assert (np.asarray(total) <= 1.0).all(), stage


def test_the_world_needed_about_950_gigawatt_hours_in_2024() -> None:
    """More than 950 GWh in 2024, IEA in electrive, June 2025."""
    assert world_need(YEARS, np.ones((len(YEARS), 1)))[14, 0] == pytest.approx(953, rel=0.01)


def test_after_the_last_projection_the_world_grows_as_the_economy_does_and_never_shrinks() -> None:
    need = np.stack([np.full(41, 10.0), np.full(41, 10.0)], axis=1)
    need[30:, 0], need[30:, 1] = 20.0, 5.0
    world = world_need(YEARS, need)
    assert world[30] == pytest.approx(world[20] * [2.0, 1.0])
    assert world_need(YEARS[25:], need[25:])[0, 0] == world[20, 0]


def test_a_stage_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no stage of manufacturing"):
        plants_of("CHN", "wheels")
    with pytest.raises(NotFoundError, match="There is no assumption 'hope'"):
        assumed("hope")


def test_lead_acid_needs_no_cells() -> None:
    energy = np.ones((2, len(CHEMISTRIES), 1))
    assert cell_energy(energy)[:, 0].tolist() == [len(CHEMISTRIES) - 1] * 2


def test_requirements_follow_each_other_from_pack_to_element() -> None:
    energy = np.zeros((1, len(CHEMISTRIES), 1))
    energy[0, CHEMISTRIES.index("NMC811")] = 1.0
    content = np.zeros((len(CHEMISTRIES), len(ITEMS), 1))
    content[CHEMISTRIES.index("NMC811"), :, 0] = [4.887, 0.0934, 0.0773, 0.616, 0.0721, 0.352, 0.866, 0.0]
    needed = requirements(energy, content)
    assert needed.cell_gwh[0, 0] == 1.0
    assert needed.pack_t[0, 0] == pytest.approx(4887)
    assert needed.pack_t[0, 0] > needed.cathode_t[0, 0] > needed.precursor_t[0, 0]
    assert needed.precursor_t[0, 0] > needed.refined_t[ITEMS.index("Ni") - 1, 0, 0]
    assert needed.refined_t[:, 0, 0].sum() == pytest.approx(content[:, 1:].sum() * 1e3)
