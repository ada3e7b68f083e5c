from importlib.resources import files

import pytest
import yaml

from kitaran.foundation.errors import InputError
from kitaran.foundation.units import BASE, conversion, unit
from kitaran.reference import TableMeta


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("kWh", "GWh", 1e-6),
        ("t", "kg", 1000),
        ("percent", "fraction", 0.01),
        ("month", "year", 1 / 12),
        ("USD/t", "USD/kg", 1e-3),
        ("kg/kWh", "t/GWh", 1e3),
        ("vehicle/1000 persons", "vehicle/person", 1e-3),
        ("K/decade", "K/year", 0.1),
    ],
)
def test_a_figure_changes_its_unit(source: str, target: str, factor: float) -> None:
    assert conversion(source, target) == pytest.approx(factor, rel=1e-12)


def test_a_kilowatt_hour_is_3_6_megajoules() -> None:  # SI brochure, 9th edition, table 8
    assert conversion("kWh", "MJ") == pytest.approx(3.6, rel=1e-12)
    assert conversion("kWh", "J") == pytest.approx(3.6e6, rel=1e-12)


def test_there_and_back_gives_the_same_figure() -> None:
    for source in BASE.values():
        for target in BASE.values():
            if source.measures == target.measures:
                there_and_back = conversion(source.name, target.name) * conversion(target.name, source.name)
                assert there_and_back == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "target"), [("t", "kWh"), ("USD/t", "CNY/t"), ("degC", "K"), ("kg/kWh", "kg")]
)
def test_one_kind_of_quantity_is_never_taken_for_another(source: str, target: str) -> None:
    with pytest.raises(InputError, match="measures"):
        conversion(source, target)


@pytest.mark.parametrize("name", ["tonnes", "kg/", "kg per kWh", "", "x 1000 kg"])
def test_an_unknown_unit_names_the_known_ones(name: str) -> None:
    with pytest.raises(InputError) as error:
        unit(name, "prices.csv line 3")
    assert error.value.place == "prices.csv line 3"
    assert "Mt" in error.value.remedy


def test_every_unit_of_the_tables_is_known() -> None:
    for sidecar in files("kitaran.reference").joinpath("tables").iterdir():
        if sidecar.name.endswith(".yaml"):
            for name in yaml.safe_load(sidecar.read_text(encoding="utf-8")).get("units", ()):
                unit(name, sidecar.name)


def test_a_table_cannot_be_opened_with_an_unknown_unit() -> None:
    columns = {"item": {"meaning": "What is weighed.", "type": "text"}}
    words = {"title": "Masses", "about": "x", "kind": "facts", "licence": "CC BY 4.0", "keys": ["item"]}
    TableMeta.model_validate({**words, "columns": columns, "units": ["kg/kWh"]})
    with pytest.raises(InputError, match="kilos"):
        TableMeta.model_validate({**words, "columns": columns, "units": ["kilos"]})
