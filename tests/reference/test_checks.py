"""The checker: errors that must be mended and figures that cannot be right, each found by its check."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.reference.checks import GENERAL, SPECIFIC, check_library

from .conftest import EV_SALES, SALES_HEADER, Build, named

GOOD = "THA,car,BEV,2024,2025,100,90,110,vehicle,iea-2025,CC BY 4.0,B,\n"


def line(**changes: object) -> str:
    """A sound row with some cells changed."""
    cells = {
        "economy": "THA",
        "vehicle_class": "car",
        "powertrain": "BEV",
        "year": "2024",
        "edition": "2025",
        "value": "100",
        "low": "",
        "high": "",
        "unit": "vehicle",
        "source": "iea-2025",
        "licence": "CC BY 4.0",
        "grade": "B",
        "note": "",
        **{name: str(cell) for name, cell in changes.items()},
    }
    return ",".join(cells[name] for name in SALES_HEADER.strip().split(",")) + "\n"


def test_a_sound_table_has_no_findings(build: Build) -> None:
    assert check_library(build(GOOD)) == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"vehicle_class": "lorry"}, "category"),
        ({"unit": "kilo"}, "category"),
        ({"unit": ""}, "unit"),
        ({"economy": "ZZZ"}, "economy"),
        ({"year": "24"}, "year"),
        ({"year": "20244"}, "year"),
        ({"grade": ""}, "grade"),
        ({"grade": "E"}, "grade"),
        ({"licence": ""}, "licence"),
        ({"powertrain": ""}, "key_open"),
        ({"source": ""}, "source"),
        ({"source": "hearsay"}, "source"),
        ({"value": ""}, "value"),
        ({"value": "", "low": "3"}, "value"),
        ({"low": "120", "high": "80"}, "low_high"),
        ({"value": "-5"}, "range"),
        ({"value": "many"}, "form"),
    ],
)
def test_an_error_is_found_in_its_line(build: Build, changes: dict[str, object], check: str) -> None:
    found = named(check_library(build(GOOD + line(year=2023) + line(**{"year": 2022, **changes}))), check)
    assert [(finding.level, finding.line) for finding in found] == [("error", 4)]
    assert found[0].cause
    assert found[0].remedy


def test_the_same_figure_twice_from_one_source_is_an_error(build: Build) -> None:
    found = named(check_library(build(GOOD + GOOD)), "key")
    assert "line 2" in found[0].cause
    assert found[0].line == 3


def test_the_same_figure_from_two_sources_is_no_error(build: Build) -> None:
    assert check_library(build(GOOD + line(source="ministry"))) == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"value": "100", "low": "10", "high": "20"}, "own_range"),
        ({"source": "guess", "grade": "C"}, "no_publisher"),
        ({"source": "mirror", "grade": "C"}, "no_publisher"),
        ({"source": "nobody", "grade": "B"}, "no_publisher"),
        ({"source": "github", "grade": "A"}, "repository_grade"),
        ({"source": "guess", "grade": "B"}, "unseen_source"),
        ({"value": "100000"}, "jump"),
        ({"value": "100000", "source": "ministry", "year": "2021"}, "conflict"),
    ],
)
def test_what_cannot_be_right_is_flagged_and_kept(
    build: Build, changes: dict[str, object], check: str
) -> None:
    library = build(line(year=2021, value=101) + line(**{"year": 2022, **changes}))
    found = named(check_library(library), check)
    assert [finding.level for finding in found] == ["flag"]
    flagged = library.table("ev_sales").by_id(found[0].row_id)
    assert flagged is not None
    assert found[0].cause in flagged.flags


@pytest.mark.parametrize("source", ["guess", "mirror", "nobody"])
def test_grade_d_may_rest_on_anything(build: Build, source: str) -> None:
    assert check_library(build(line(source=source, grade="D"))) == []


def test_a_market_that_begins_with_a_few_vehicles_is_no_jump(build: Build) -> None:
    assert check_library(build(line(year=2021, value=3) + line(year=2022, value=2000))) == []


def test_an_override_is_checked_and_named_by_its_own_file(build: Build, tmp_path: Path) -> None:
    own = tmp_path / "overrides"
    own.mkdir()
    (own / "ev_sales.csv").write_text(SALES_HEADER + line(grade="Z"), encoding="utf-8")
    found = check_library(build(GOOD, overrides=own))
    assert [finding.place for finding in found] == [
        "overrides/ev_sales.csv line 2 (ev_sales/THA.car.BEV.2024@iea-2025)"
    ]


def test_an_override_named_after_no_table_is_an_error(build: Build, tmp_path: Path) -> None:
    own = tmp_path / "overrides"
    own.mkdir()
    (own / "ev_sails.csv").write_text(SALES_HEADER, encoding="utf-8")
    (finding,) = check_library(build(GOOD, overrides=own))
    assert (finding.level, finding.place) == ("error", "overrides/ev_sails.csv")


def test_a_check_that_does_not_exist_is_an_error_of_the_sidecar(build: Build) -> None:
    found = check_library(build(ev_stock=({**EV_SALES, "checks": ["moonphase"]}, SALES_HEADER)))
    assert [finding.level for finding in found] == ["error"]
    assert "moonphase" in found[0].cause


STOCK = {**EV_SALES, "checks": ["stock_follows_sales", "stock_within_all_vehicles"]}
VEHICLES = {
    **EV_SALES,
    "keys": ["economy", "vehicle_class", "year"],
    "columns": {name: about for name, about in EV_SALES["columns"].items() if name != "powertrain"},
}
VEHICLE_HEADER = "economy,vehicle_class,year,value,unit,source,licence,grade\n"


def test_india_two_and_three_wheelers_of_2017_rise_by_more_than_their_sales(build: Build) -> None:
    """IEA Global EV Outlook 2025: stock up 510,000 in 2017 against sales of 85,000."""
    stock = line(economy="IND", year=2016, value=650000) + line(economy="IND", year=2017, value=1160000)
    library = build(
        line(economy="IND", year=2017, value=85000),
        ev_stock=(STOCK, SALES_HEADER + stock),
        vehicle_stock=(VEHICLES, VEHICLE_HEADER),
    )
    found = named(check_library(library), "stock_follows_sales")
    assert [finding.cause for finding in found] == [
        "The stock rises by 510,000 in 2017, the sales are 85,000."
    ]


def test_a_rise_within_the_rounding_of_the_figures_is_no_flag(build: Build) -> None:
    library = build(
        line(year=2017, value=85000),
        ev_stock=(STOCK, SALES_HEADER + line(year=2016, value=650000) + line(year=2017, value=740000)),
        vehicle_stock=(VEHICLES, VEHICLE_HEADER),
    )
    assert check_library(library) == []


def test_more_electric_vehicles_than_vehicles_is_flagged(build: Build) -> None:
    library = build(
        ev_stock=(STOCK, SALES_HEADER + line(year=2024, value=900)),
        vehicle_stock=(VEHICLES, VEHICLE_HEADER + "THA,car,2024,800,vehicle,ministry,own,B\n"),
    )
    assert [finding.check for finding in check_library(library)] == ["stock_within_all_vehicles"]


SHARE = {
    **VEHICLES,
    "units": ["fraction"],
    "checks": ["share_follows_sales", "share_in_order"],
}
SHARE_ROW = "THA,car,{year},{value},fraction,iea-2025,CC BY 4.0,B\n"


def test_a_sales_share_that_does_not_close_with_the_sales_is_flagged(build: Build) -> None:
    sales = "".join(line(year=year, value=1000) for year in (2020, 2021, 2022))
    shares = "".join(
        SHARE_ROW.format(year=year, value=share) for year, share in ((2020, 0.01), (2021, 0.011), (2022, 0.2))
    )
    library = build(sales, ev_sales_share=(SHARE, VEHICLE_HEADER + shares))
    found = named(check_library(library), "share_follows_sales")
    assert [finding.row_id for finding in found] == ["ev_sales_share/THA.car.2022@iea-2025"]


def test_a_share_in_percent_is_flagged(build: Build) -> None:
    share = VEHICLE_HEADER + SHARE_ROW.format(year=2020, value=12)
    found = named(check_library(build(ev_sales_share=(SHARE, share))), "share_in_order")
    assert len(found) == 1


CHEMISTRY = {
    **EV_SALES,
    "keys": ["region", "vehicle_class", "chemistry", "year"],
    "columns": {
        "region": {"meaning": "Region", "type": "region"},
        "vehicle_class": {"meaning": "Class", "type": "text"},
        "chemistry": {"meaning": "Chemistry", "type": "text"},
        "year": {"meaning": "Year", "type": "year"},
    },
    "units": ["fraction"],
    "checks": ["chemistry_shares_sum"],
}
CHEMISTRY_HEADER = "region,vehicle_class,chemistry,year,value,unit,source,licence,grade\n"


@pytest.mark.parametrize(("nickel", "flags"), [(0.4, 0), (0.41, 0), (0.5, 1), (0.2, 1)])
def test_chemistry_shares_must_sum_to_one(build: Build, nickel: float, flags: int) -> None:
    rows = (
        "SEA,car,LFP,2024,0.6,fraction,iea-2025,CC BY 4.0,B\n"
        f"SEA,car,NMC622,2024,{nickel},fraction,iea-2025,CC BY 4.0,B\n"
    )
    library = build(chemistry_share=(CHEMISTRY, CHEMISTRY_HEADER + rows))
    assert len(named(check_library(library), "chemistry_shares_sum")) == flags


CASES = {
    **EV_SALES,
    "keys": ["economy", "year", "path"],
    "columns": {
        "economy": {"meaning": "Economy", "type": "economy"},
        "year": {"meaning": "Year", "type": "year"},
        "path": {"meaning": "Case", "type": "text"},
    },
    "units": ["kWh"],
    "checks": ["cases_in_order"],
}


def test_a_low_case_above_the_baseline_is_flagged(build: Build) -> None:
    """The pack-size forecast of India for 2050 has such a pair."""
    rows = (
        "economy,year,path,value,unit,source,licence,grade\n"
        "IND,2050,Low,60,kWh,github,MIT,C\nIND,2050,Baseline,50,kWh,github,MIT,C\n"
        "IND,2040,Low,40,kWh,github,MIT,C\nIND,2040,Baseline,50,kWh,github,MIT,C\n"
    )
    found = named(check_library(build(pack_size=(CASES, rows))), "cases_in_order")
    assert [finding.cause for finding in found] == ["Low (60) lies above Baseline (50)."]


CLIMATE = {
    **EV_SALES,
    "keys": ["economy", "place", "month", "parameter"],
    "columns": {
        "economy": {"meaning": "Economy", "type": "economy"},
        "place": {"meaning": "Place", "type": "text"},
        "lat": {"meaning": "Latitude", "type": "number"},
        "lon": {"meaning": "Longitude", "type": "number"},
        "elevation_m": {"meaning": "Height", "type": "number"},
        "month": {"meaning": "Month", "type": "month"},
        "parameter": {"meaning": "Parameter", "type": "text"},
    },
    "units": ["degC"],
    "range": {"minimum": -60, "maximum": 60},
    "checks": ["climate_order", "climate_neighbours"],
}
CLIMATE_HEADER = "economy,place,lat,lon,elevation_m,month,parameter,value,unit,source,licence,grade\n"
KATHMANDU_JULY = "IND,Kathmandu,27.7,85.37,1338.1,7,tmean,23.6,degC,ministry,CC BY-SA 4.0,B\n"
THIMPHU = "BTN,Thimphu,27.4,89.4,2234.8,{month},tmean,{value},degC,ministry,CC BY-SA 4.0,D\n"


def test_a_july_mean_in_thimphu_nine_kelvin_too_cold_is_flagged(build: Build) -> None:
    """10.9 degC stood in one published table, about 20 degC in another."""
    library = build(
        climate_normals=(CLIMATE, CLIMATE_HEADER + KATHMANDU_JULY + THIMPHU.format(month=7, value=10.9))
    )
    found = named(check_library(library), "climate_neighbours")
    assert any("Thimphu is 6.9 K colder in month 7" in finding.cause for finding in found)


@pytest.mark.parametrize("value", [17.5, 19.9])
def test_a_july_mean_in_thimphu_that_fits_kathmandu_is_no_flag(build: Build, value: float) -> None:
    library = build(
        climate_normals=(CLIMATE, CLIMATE_HEADER + KATHMANDU_JULY + THIMPHU.format(month=7, value=value))
    )
    assert check_library(library) == []


def test_a_minimum_above_the_mean_is_flagged(build: Build) -> None:
    rows = THIMPHU.format(month=7, value=17.5) + THIMPHU.format(month=7, value=18.0).replace(
        "tmean", "tmin_mean"
    )
    found = check_library(build(climate_normals=(CLIMATE, CLIMATE_HEADER + rows)))
    assert [finding.check for finding in found] == ["climate_order"]


def test_every_check_says_what_it_looks_for() -> None:
    for registry in (GENERAL, SPECIFIC):
        for name, (_, check) in registry.items():
            assert check.__doc__, name
