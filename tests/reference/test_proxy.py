"""A figure that an economy lacks is taken from the region around it, and says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kitaran import reference
from kitaran.foundation.errors import NotFoundError
from kitaran.reference import find, lower_grade, region

from .conftest import EV_SALES, Build

TABLE = {
    **EV_SALES,
    "keys": ["region", "vehicle_class"],
    "columns": {
        "region": {"meaning": "Region", "type": "region"},
        "vehicle_class": {"meaning": "Class", "type": "text"},
    },
    "units": ["kWh"],
}
ROWS = """region,vehicle_class,value,unit,source,licence,grade
THA,car,55,kWh,ministry,own,B
SEA,bus,200,kWh,ministry,own,B
ALL,two_wheeler,2.5,kWh,ministry,own,D
"""


@pytest.fixture(autouse=True)
def _small_region(build: Build, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    library = build()
    monkeypatch.setattr(region, "packaged", lambda: library)
    _forget()
    yield
    _forget()


def _forget() -> None:
    region.economies.cache_clear()
    region._by_code.cache_clear()


def test_the_own_figure_is_found_first(build: Build) -> None:
    found = find(build(capacity=(TABLE, ROWS)).table("capacity"), "THA", vehicle_class="car")
    assert (found.region, found.proxy_for, found.grade(found.table.rows[0])) == ("THA", "", "B")


def test_the_subregion_stands_in_one_grade_lower(build: Build) -> None:
    found = find(build(capacity=(TABLE, ROWS)).table("capacity"), "THA", vehicle_class="bus")
    assert (found.region, found.proxy_for, found.grade(found.table.rows[0])) == ("SEA", "THA", "C")


def test_the_whole_region_stands_in_last_and_no_grade_falls_below_d(build: Build) -> None:
    found = find(build(capacity=(TABLE, ROWS)).table("capacity"), "BTN", vehicle_class="two_wheeler")
    assert (found.region, found.grade(found.table.rows[0])) == ("ALL", "D")


def test_a_figure_that_nobody_has_is_not_invented(build: Build) -> None:
    with pytest.raises(NotFoundError, match="No figure for BTN"):
        find(build(capacity=(TABLE, ROWS)).table("capacity"), "BTN", vehicle_class="bus")


def test_a_region_chain_goes_from_the_economy_outwards() -> None:
    assert reference.region_chain("THA") == ("THA", "SEA", "ALL")


def test_an_economy_that_does_not_exist_has_no_chain() -> None:
    with pytest.raises(NotFoundError, match="ZZZ"):
        reference.region_chain("ZZZ")


@pytest.mark.parametrize(("grade", "lowered"), [("A", "B"), ("B", "C"), ("C", "D"), ("D", "D"), ("", "D")])
def test_a_proxy_costs_one_grade(grade: str, lowered: str) -> None:
    assert lower_grade(grade) == lowered
