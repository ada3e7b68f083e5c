"""How heavy packs are by year of sale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.materials import mass_factor, pack_mass
from kitaran.planning.materials.packs import FAMILIES

CLASSES = ("e_bike", "two_wheeler", "three_wheeler", "car", "van", "bus", "truck")


def test_a_pack_of_2014_is_half_as_heavy_again_as_one_of_2022() -> None:
    then, now = pack_mass("NMC622", "car", [2014, 2022]).value
    assert 1.4 < then / now < 1.8


def test_a_leaf_of_2011_weighs_twelve_kilograms_a_kilowatt_hour() -> None:
    """294 kg for 24 kWh: the maker's figures."""
    assert pack_mass("LMO", "car", [2011]).value[0] == pytest.approx(294 / 24, rel=0.03)


def test_a_byd_e6_of_2016_weighs_what_its_maker_said() -> None:
    assert pack_mass("LFP", "car", [2016]).value[0] == pytest.approx(700 / 82, rel=0.01)


def test_packs_of_motorcycles_are_heavier_than_those_of_cars() -> None:
    for chemistry in ("LFP", "NMC532"):
        assert (
            pack_mass(chemistry, "two_wheeler", [2024]).value > pack_mass(chemistry, "car", [2024]).value
        ).all()


def test_a_class_keeps_its_ratio_to_cars_in_every_year() -> None:
    years = [2012, 2018, 2026]
    ratio = pack_mass("LFP", "bus", years).value / pack_mass("LFP", "car", years).value
    assert ratio == pytest.approx(ratio[0])
    assert pack_mass("LFP", "bus", [2024]).value[0] == pytest.approx(6.9, rel=0.01)


def test_lead_acid_weighs_the_same_in_every_year() -> None:
    assert np.ptp(pack_mass("lead_acid", "three_wheeler", range(2010, 2051)).value) == 0


@given(st.sampled_from(sorted(FAMILIES)), st.sampled_from(CLASSES))
def test_packs_never_grow_heavier_and_their_range_holds_them(chemistry: str, vehicle_class: str) -> None:
    mass = pack_mass(chemistry, vehicle_class, np.arange(2005, 2056))
    assert (np.diff(mass.value) <= 1e-12).all()
    assert ((mass.low <= mass.value) & (mass.value <= mass.high)).all()
    assert (mass.value > 3).all()
    assert (mass.value < 20).all()
    assert mass.rows


def test_the_factor_turns_the_mass_of_the_composition_into_that_of_a_year() -> None:
    assert mass_factor("NMC811", "car", [2011])[0] > 2
    assert mass_factor("NMC811", "car", [2040])[0] == pytest.approx(1.0, rel=0.05)


def test_a_chemistry_without_a_mass_is_refused() -> None:
    with pytest.raises(NotFoundError, match="No mass of packs is known for unobtainium"):
        pack_mass("unobtainium", "car", [2020])
