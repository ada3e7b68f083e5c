import pytest

from kitaran.foundation.errors import InputError
from kitaran.foundation.units import UNITS, conversion


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [("kWh", "GWh", 1e-6), ("t", "kg", 1000), ("percent", "fraction", 0.01), ("month", "year", 1 / 12)],
)
def test_a_figure_changes_its_unit(source: str, target: str, factor: float) -> None:
    assert conversion(source, target) == pytest.approx(factor, rel=1e-12)


def test_a_kilowatt_hour_is_3_6_megajoules() -> None:  # SI brochure, 9th edition, table 8
    assert conversion("kWh", "MJ") == pytest.approx(3.6, rel=1e-12)


def test_there_and_back_gives_the_same_figure() -> None:
    for source in UNITS.values():
        for target in UNITS.values():
            if source.measures == target.measures:
                there_and_back = conversion(source.name, target.name) * conversion(target.name, source.name)
                assert there_and_back == pytest.approx(1.0, rel=1e-12)


def test_mass_is_never_taken_for_energy() -> None:
    with pytest.raises(InputError, match="mass"):
        conversion("t", "kWh", "prices.csv line 3")


def test_an_unknown_unit_names_the_known_ones() -> None:
    with pytest.raises(InputError) as error:
        conversion("tonnes", "kg", "prices.csv line 3")
    assert error.value.place == "prices.csv line 3"
    assert "Mt" in error.value.remedy
