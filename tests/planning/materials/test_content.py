"""What batteries hold by part, chemistry and year of sale, against published figures."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.planning.materials import (
    CHEMISTRIES,
    ITEMS,
    battery_parts,
    cathode_factor,
    cathode_mass,
    composition_by_year,
    contained,
    contained_in_all,
    content_of_cohorts,
    losses,
    primary_avoided,
    secondary_share,
    share_reaching,
)
from kitaran.planning.materials.dimensions import Named, summed
from kitaran.planning.materials.parts import CELL, COMPONENTS

COMPOSITION = reference.read("composition").resolve()
PARTS = battery_parts()
OF_EVERBATT = ("NMC111", "NMC532", "NMC622", "NMC811", "NCA", "LFP")


def per_kwh(chemistry: str, item: str) -> reference.Row:
    (row,) = COMPOSITION.where(chemistry=chemistry, item=item).rows
    return row


def in_parts(chemistry: str, material: str) -> float:
    found = PARTS.ordered("chemistry", (chemistry,)).ordered("material", (material,))
    return float(found.values.sum())


@pytest.mark.parametrize("chemistry", OF_EVERBATT)
def test_parts_add_up_to_the_pack(chemistry: str) -> None:
    mass = summed(PARTS, ("component", "material")).ordered("chemistry", (chemistry,)).values[0]
    assert mass == pytest.approx(per_kwh(chemistry, "pack_mass").central, rel=1e-4)


@pytest.mark.parametrize("chemistry", OF_EVERBATT)
def test_parts_of_the_cell_add_up_to_the_cell(chemistry: str) -> None:
    rows = PARTS.ordered("chemistry", (chemistry,)).ordered("component", CELL)
    assert rows.values.sum() == pytest.approx(per_kwh(chemistry, "cell_mass").central, rel=1e-4)


@pytest.mark.parametrize("chemistry", PARTS.labels["chemistry"])
@pytest.mark.parametrize("element", ["Li", "Co", "Ni", "Mn", "Pb"])
def test_elements_of_the_parts_are_those_of_the_pack(chemistry: str, element: str) -> None:
    assert in_parts(chemistry, element) == pytest.approx(per_kwh(chemistry, element).central, abs=5e-4)


@pytest.mark.parametrize("chemistry", PARTS.labels["chemistry"])
def test_the_mass_of_the_parts_lies_in_the_range_of_the_pack(chemistry: str) -> None:
    pack = per_kwh(chemistry, "pack_mass")
    mass = PARTS.ordered("chemistry", (chemistry,)).values.sum()
    assert pack.low is not None
    assert pack.high is not None
    assert pack.low <= mass <= pack.high


@pytest.mark.parametrize(
    ("chemistry", "element", "atomic_mass", "atoms"),
    [("NMC811", "Ni", 58.69, 0.8), ("NMC111", "Co", 58.93, 1 / 3), ("LFP", "P", 30.97, 1.0)],
)
def test_the_cathode_holds_its_elements_as_its_formula_says(
    chemistry: str, element: str, atomic_mass: float, atoms: float
) -> None:
    """Molar masses: LiNi0.8Mn0.1Co0.1O2 97.3, LiNi1/3Mn1/3Co1/3O2 96.5, LiFePO4 157.8 g/mol."""
    molar = {"NMC811": 97.28, "NMC111": 96.46, "LFP": 157.76}[chemistry]
    cathode = PARTS.ordered("chemistry", (chemistry,)).ordered("component", ("cathode_active_material",))
    share = cathode.ordered("material", (element,)).values.sum() / cathode.values.sum()
    assert share == pytest.approx(atoms * atomic_mass / molar, rel=0.01)


def test_a_gigawatt_hour_of_nmc811_needs_between_1200_and_1700_tonnes_of_cathode() -> None:
    """Published: 1.28 kg/kWh (EverBatt 2023), about 1.6 (LiNi0.8 with 0.75 kg of nickel, Olivetti 2017)."""
    energy = np.zeros((1, len(CHEMISTRIES), 1))
    energy[0, CHEMISTRIES.index("NMC811")] = 1.0
    assert 1200 < cathode_mass(energy, CHEMISTRIES).sum() < 1700


def test_a_kilowatt_hour_of_nmc811_holds_six_to_seven_and_a_half_hundred_grams_of_nickel() -> None:
    """0.616 (EverBatt 2023), 0.608 (BatPaC 5.2), 0.75 (Olivetti 2017)."""
    today = per_kwh("NMC811", "Ni").central
    assert today == pytest.approx(0.612, rel=0.02)
    assert today * cathode_factor("NMC811", [2017])[0] == pytest.approx(0.75, rel=0.02)


def test_lead_acid_has_no_cathode_of_its_own() -> None:
    energy = np.zeros((1, len(CHEMISTRIES), 1))
    energy[0, CHEMISTRIES.index("lead_acid")] = 1.0
    assert cathode_mass(energy, CHEMISTRIES).sum() == 0


def test_titanate_cells_hold_no_graphite_and_iron_phosphate_no_nickel() -> None:
    assert in_parts("LTO", "graphite") == 0
    assert in_parts("LFP", "Ni") == in_parts("LFP", "Co") == 0


def test_every_part_stands_in_some_battery() -> None:
    used = summed(PARTS, ("chemistry", "material")).values
    assert dict(zip(COMPONENTS, used > 0, strict=True)) == dict.fromkeys(COMPONENTS, True)


def a_content() -> np.ndarray:
    content = np.zeros((len(CHEMISTRIES), len(ITEMS), 2))
    for chemistry in CHEMISTRIES:
        for item in ITEMS:
            rows = COMPOSITION.where(chemistry=chemistry, item=item).rows
            content[CHEMISTRIES.index(chemistry), ITEMS.index(item)] = rows[0].central if rows else 0.0
    return content


def test_cohorts_of_one_content_hold_what_all_together_hold() -> None:
    rng = np.random.default_rng(3)
    energy = rng.uniform(size=(3, 4, len(CHEMISTRIES), 2))
    content = a_content()
    by_cohort = content_of_cohorts(energy, np.broadcast_to(content, (3, *content.shape)))
    assert by_cohort == pytest.approx(contained(energy.sum(axis=0), content))
    assert by_cohort.sum(axis=1).transpose(1, 0, 2) == pytest.approx(
        contained_in_all(energy.sum(axis=0), content)
    )


def test_mass_by_cohort_is_heavier_the_older_what_retires() -> None:
    content = composition_by_year(a_content(), "car", [2014, 2024])
    energy = np.zeros((2, 1, len(CHEMISTRIES), 2))
    energy[:, 0, CHEMISTRIES.index("LFP")] = 1.0
    old, new = (
        content_of_cohorts(energy[[cohort]], content[[cohort]])[0, :, ITEMS.index("pack_mass")].sum(axis=0)
        for cohort in (0, 1)
    )
    assert (old > 1.15 * new).all()


def test_lead_is_the_same_in_every_year() -> None:
    content = composition_by_year(a_content(), "three_wheeler", range(2010, 2030))
    assert np.ptp(content[:, CHEMISTRIES.index("lead_acid")], axis=0).max() == 0


def test_a_content_over_other_axes_is_refused() -> None:
    with pytest.raises(InputError, match="not over chemistries and items"):
        composition_by_year(np.ones((3, 4, 2)), "car", [2020])


def test_recovery_spares_no_more_than_is_needed() -> None:
    assert primary_avoided(np.array([10.0, 2.0]), np.array([3.0, 5.0])).tolist() == [3.0, 2.0]


def test_more_lead_may_come_back_than_is_needed() -> None:
    assert secondary_share(np.array([2.0, 0.0]), np.array([5.0, 5.0])).tolist() == [2.5, 0.0]


def test_demand_and_recovery_over_other_years_are_refused() -> None:
    with pytest.raises(InputError, match="does not fit recovery"):
        secondary_share(np.ones((3, 1)), np.ones((3, 4)))


def test_a_target_is_reached_in_the_samples_that_reach_it() -> None:
    assert share_reaching(np.array([[0.04, 0.06, 0.08, 0.1]]), 0.06).tolist() == [0.75]


def test_losses_and_what_is_left_are_what_was_there() -> None:
    stages = ("retired", "collected", "treated", "recovered")
    amounts = Named(("stage", "year"), np.array([[9.0, 8], [6, 8], [6, 7], [5, 1]]), {"stage": stages})
    lost = losses(amounts)
    assert lost.labels["stage"] == stages[1:]
    assert lost.values.sum(axis=0) + amounts.values[-1] == pytest.approx(amounts.values[0])


def test_a_stage_that_holds_more_than_the_one_before_is_refused() -> None:
    with pytest.raises(InputError, match="more than the one before"):
        losses(Named(("stage",), np.array([1.0, 2.0]), {"stage": ("collected", "treated")}))
