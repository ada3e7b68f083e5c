"""The page of flows: where retired batteries go, as picture and table; a run that does not know it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.web import create_app
from kitaran.web.flows.answer import Flow, drawn, share_of
from kitaran.web.flows.picture import HEIGHT, KIND, WIDTH, picture
from tests.web.synthetic_run import REGION, YEARS, write_synthetic_run

HERE = "/plan/flows"
ROUTES = (
    ("retired", "formal_collection", "lithium", 600.0),
    ("retired", "informal_collection", "lithium", 300.0),
    ("retired", "hoard", "lithium", 100.0),
    ("hoard_again", "formal_collection", "lithium", 50.0),
    ("formal_collection", "stationary_storage", "lithium", 100.0),
    ("formal_collection", "forklifts", "lithium", 20.0),
    ("formal_collection", "recycling", "lithium", 530.0),
    ("informal_collection", "informal_processing", "lithium", 300.0),
    ("recycling", "hydrometallurgical", "lithium", 530.0),
    ("hydrometallurgical", "recovered", "lithium", 150.0),
    ("hydrometallurgical", "residues", "lithium", 380.0),
    ("informal_processing", "residues", "lithium", 290.0),
    ("informal_processing", "recovered", "lithium", 10.0),
    ("retired", "informal_collection", "lead_acid", 700.0),
)


def add_routes(folder: Path) -> None:
    """Flows of a made-up run, the same in every place and year; one place has none."""
    with duckdb.connect() as connection:
        connection.execute(
            'CREATE TABLE t (economy VARCHAR, year INTEGER, "from" VARCHAR, "to" VARCHAR,'
            " chemistry_group VARCHAR, unit VARCHAR, p10 DOUBLE, p50 DOUBLE, p90 DOUBLE)"
        )
        rows = [
            (place, year, start, to, group, "t", mass / 2, mass, mass * 2)
            for place in ("THA", REGION)
            for year in YEARS
            for start, to, group, mass in ROUTES
        ]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{folder}/routes.parquet'")
        connection.execute(
            "CREATE TABLE s (economy VARCHAR, year INTEGER, place VARCHAR, chemistry_group VARCHAR,"
            " unit VARCHAR, p10 DOUBLE, p50 DOUBLE, p90 DOUBLE)"
        )
        connection.execute("INSERT INTO s VALUES ('THA', 2035, 'hoard', 'lithium', 'GWh', 1, 2, 3)")
        connection.execute(f"COPY s TO '{folder}/stores.parquet'")
        path = folder / "headline.parquet"
        connection.execute(f"CREATE TABLE h AS SELECT * FROM '{path}'")
        connection.execute(
            "INSERT INTO h (economy, year, quantity, unit, p10, p50, p90, grade)"
            f" SELECT DISTINCT economy, year, 'collected_mass', 't', 1, 2, 3, 'D' FROM '{path}'"
        )
        connection.execute(f"COPY h TO '{path}'")


@pytest.fixture(scope="module")
def flowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    made = Workspace.make(tmp_path_factory.mktemp("flows") / "kitaran-data")
    add_routes(write_synthetic_run(made.runs / "with-flows"))
    app = create_app(made)
    yield TestClient(app, raise_server_exceptions=False)
    app.state.jobs.engine.dispose()


def test_the_page_says_first_who_collects(flowing: TestClient) -> None:
    said = flowing.get(f"{HERE}.json?economy=THA&year=2035&group=lithium").json()
    assert "60\u00a0% reach licensed collectors and 30\u00a0% informal ones; 10\u00a0%" in said["sentence"]
    assert "tonnes of lithium batteries that retire" in said["sentence"]
    assert said["grade"] == "D"
    assert {"from": "retired", "to": "hoard", "p10": 50.0, "p50": 100.0, "p90": 200.0} in said["flows"]
    assert said["stores_gwh"] == {"hoard": 2.0}


def test_all_batteries_together_have_no_band(flowing: TestClient) -> None:
    said = flowing.get(f"{HERE}.json?economy=THA&year=2035&group=all").json()
    informal = next(flow for flow in said["flows"] if flow["to"] == "informal_collection")
    assert informal == {
        "from": "retired",
        "to": "informal_collection",
        "p10": None,
        "p50": 1000.0,
        "p90": None,
    }


def test_every_ribbon_is_named_and_stands_in_the_table_too(flowing: TestClient) -> None:
    page = flowing.get(f"{HERE}?economy=THA&year=2035&group=lithium").text
    assert page.count('class="ribbon') == len({(s, t) for s, t, g, _ in ROUTES if g == "lithium"}) - 1
    assert "<title>Retired from vehicles → Licensed collection: 600 t</title>" in page
    assert re.search(r"Stationary storage", page)


def test_a_place_without_flows_says_so_without_a_picture(flowing: TestClient) -> None:
    page = flowing.get(f"{HERE}?economy=NRU&year=2035").text
    assert "No lithium batteries retire in Nauru in 2035." in page
    assert '<svg class="flows"' not in page


def test_a_wrong_group_is_answered_with_the_right_ones(flowing: TestClient) -> None:
    answer = flowing.get(f"{HERE}.json?economy=THA&group=tin")
    assert answer.status_code == 422
    assert "lead_acid" in answer.text


def test_second_uses_are_one_place_in_the_picture_and_stores_one_beginning() -> None:
    found = [
        Flow("formal_collection", "stationary_storage", 10.0),
        Flow("formal_collection", "forklifts", 5.0),
        Flow("hoard_again", "formal_collection", 3.0),
        Flow("forklifts_again", "formal_collection", 4.0),
    ]
    assert {(f.start, f.to): f.p50 for f in drawn(found)} == {
        ("formal_collection", "second_use"): 15.0,
        ("again", "formal_collection"): 7.0,
    }
    assert share_of(found, ["retired"], ["lost"]) is None


def test_bars_are_as_high_as_their_mass_and_nothing_leaves_the_frame() -> None:
    shown = picture(drawn([Flow(start, to, mass) for start, to, group, mass in ROUTES if group == "lithium"]))
    per_tonne = {round(bar.height / bar.mass, 3) for bar in shown.bars if bar.mass >= 100}
    assert max(per_tonne) - min(per_tonne) < 2e-3
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT and bar.x < WIDTH for bar in shown.bars)
    assert all(KIND.get(ribbon.flow.to, "way") == ribbon.kind for ribbon in shown.ribbons)


def test_what_is_too_thin_to_see_is_counted_as_left_out() -> None:
    shown = picture([Flow("retired", "formal_collection", 1e6), Flow("retired", "lost", 1.0)])
    assert [ribbon.flow.to for ribbon in shown.ribbons] == ["formal_collection"]
    assert shown.left_out == pytest.approx(1.0)
    assert picture([]).bars == ()
