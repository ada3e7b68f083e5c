"""What new batteries need, against recovery and plants: from arrays, without a run."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.planning.materials import CHEMISTRIES, ITEMS
from kitaran.planning.scenario.needs import ELEMENTS, cells, needs
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.uncertainty.draws import Draws
from kitaran.planning.uncertainty.sampling import Sampler

SAMPLES, YEARS = 20, 41
DRAWS = Draws(Sampler(SAMPLES, 1), {"A": 1.05, "B": 1.1, "C": 1.3, "D": 1.6})
COMPOSITION = reference.read("composition").resolve()


def content() -> np.ndarray:
    found = np.zeros((len(CHEMISTRIES), len(ITEMS), SAMPLES))
    for row in COMPOSITION:
        if row.text("chemistry") in CHEMISTRIES and row.text("item") in ITEMS:
            found[CHEMISTRIES.index(row.text("chemistry")), ITEMS.index(row.text("item"))] = row.central
    return found


CONTENT = content()


def placed(gwh_a_year: float, chemistry: str = "NMC811") -> np.ndarray:
    energy = np.zeros((2, YEARS, len(CHEMISTRIES), SAMPLES))
    energy[:, :, CHEMISTRIES.index(chemistry)] = gwh_a_year / 2
    return energy


def in_year(measure: np.ndarray, year: int) -> float:
    return float(np.median(measure[year - 2010]))


def test_a_gigawatt_hour_of_nmc811_a_year_needs_about_six_hundred_tonnes_of_nickel() -> None:
    found = needs(Trail("LAO"), DRAWS, placed(1.0), CONTENT, {})
    assert in_year(found["demand_ni"].value, 2030) == pytest.approx(616, rel=0.01)
    assert in_year(found["cell_demand"].value, 2030) == pytest.approx(1.0)
    assert in_year(found["demand_pb"].value, 2030) == 0


def test_every_element_has_a_demand_and_a_secondary_share() -> None:
    found = needs(Trail("THA"), DRAWS, placed(1.0), CONTENT, {})
    assert {name for name in found if name.startswith("demand_")} == {f"demand_{e}" for e in ELEMENTS}
    assert {name for name in found if name.startswith("secondary")} == {
        f"secondary_share_{e}" for e in ELEMENTS
    }
    assert {"cell_demand", "import_dependence", "production_scrap_mass"} <= set(found)
    assert all(measure.value.shape == (YEARS, SAMPLES) for measure in found.values())


def test_half_of_the_nickel_recovered_covers_half_of_the_need_sample_by_sample() -> None:
    whole = needs(Trail("THA"), DRAWS, placed(1.0), CONTENT, {})["demand_ni"].value
    half = needs(Trail("THA"), DRAWS, placed(1.0), CONTENT, {"ni": whole / 2})
    assert half["secondary_share_ni"].value == pytest.approx(np.full((YEARS, SAMPLES), 0.5))
    assert half["secondary_share_co"].value.sum() == 0


def test_shares_of_two_economies_are_added_from_their_masses_and_not_averaged() -> None:
    small = needs(Trail("LAO"), DRAWS, placed(1.0), CONTENT, {"ni": np.full((YEARS, SAMPLES), 616.0)})
    large = needs(Trail("BGD"), DRAWS, placed(9.0), CONTENT, {})
    both = small["secondary_share_ni"] + large["secondary_share_ni"]
    assert in_year(both.value, 2030) == pytest.approx(0.1, rel=0.01)


def test_lead_acid_needs_lead_and_no_cells() -> None:
    found = needs(Trail("BGD"), DRAWS, placed(1.0, "lead_acid"), CONTENT, {})
    assert in_year(found["demand_pb"].value, 2030) > 10_000
    assert found["cell_demand"].value.sum() == 0
    assert found["import_dependence"].value.sum() == 0
    assert found["production_scrap_mass"].value.sum() == 0


def test_an_economy_without_plants_imports_all_its_cells_and_has_no_scrap() -> None:
    trail = Trail("TUV")
    found = needs(trail, DRAWS, placed(0.01), CONTENT, {})
    assert (found["import_dependence"].value == 1).all()
    assert found["production_scrap_mass"].value.sum() == 0
    assert (found["import_dependence"].rests_on or {})["plants"] == "D"


def test_china_rejects_a_few_percent_of_what_it_makes_for_the_world() -> None:
    """World: 0.91 million t in 2030 (Circular Energy Storage 2022), nearly all of it in China."""
    scrap = needs(Trail("CHN"), DRAWS, placed(1200.0, "LFP"), CONTENT, {})["production_scrap_mass"].value
    assert 300_000 < in_year(scrap, 2030) < 1_500_000
    assert in_year(scrap, 2045) < in_year(scrap, 2030)


def test_cells_made_for_others_need_what_their_making_rejects() -> None:
    """Without it the scrap that comes back would stand against no need of its own."""
    placed_here = placed(1000.0)
    made = cells(Trail("CHN"), DRAWS, placed_here)
    found = needs(Trail("CHN"), DRAWS, placed_here, CONTENT, {}, made)
    rejected = made.scrap_energy.sum(axis=1) * 616.26
    assert found["demand_ni"].value == pytest.approx(1000 * 616.26 + rejected, rel=1e-4)
    all_scrap_back = needs(Trail("CHN"), DRAWS, placed_here, CONTENT, {"ni": rejected}, made)
    share = all_scrap_back["secondary_share_ni"].value
    assert (share < 0.25).all()


def test_scrap_has_the_chemistries_of_the_cells_used() -> None:
    trail = Trail("CHN")
    made = cells(trail, DRAWS, placed(1000.0, "LFP"))
    lfp = CHEMISTRIES.index("LFP")
    assert made.scrap_energy.sum() == pytest.approx(made.scrap_energy[:, lfp].sum())
    per_kwh = made.scrap_mass[20, lfp] / made.scrap_energy[20, lfp] / 1e3
    assert 3.0 < float(np.median(per_kwh)) < 5.5


def test_cells_that_are_known_already_are_not_worked_out_again() -> None:
    trail = Trail("KOR")
    made = cells(trail, DRAWS, placed(20.0))
    found = needs(trail, DRAWS, placed(20.0), CONTENT, {}, made)
    assert found["cell_demand"].amount is made.need


def test_the_rows_of_the_plants_stand_among_the_inputs() -> None:
    trail = Trail("IDN")
    needs(trail, DRAWS, placed(5.0), CONTENT, {})
    used = {entry.table for entry in trail.inputs if entry.role == "manufacturing"}
    assert {"manufacturing_capacity", "manufacturing_assumptions", "composition"} <= used


@pytest.mark.parametrize(
    "shape", [(YEARS, len(CHEMISTRIES), SAMPLES), (2, YEARS, 3, SAMPLES), (2, YEARS, len(CHEMISTRIES), 3)]
)
def test_batteries_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError):
        needs(Trail("THA"), DRAWS, np.ones(shape), CONTENT, {})
