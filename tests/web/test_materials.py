"""The page of materials: need against recovery, targets of law, imports by stage; a run without them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.reference import economies
from kitaran.web import create_app
from kitaran.web.materials import words as materials_words
from tests.web.page_text import PageText
from tests.web.synthetic_run import REGION, YEARS, gwh, write_synthetic_run

HERE = "/plan/materials"
THIN_SPACES = str.maketrans("\u00a0\u202f", "  ")
NEED_T = {"li": 100.0, "co": 80.0, "ni": 500.0, "mn": 150.0, "cu": 500.0, "graphite": 900.0, "pb": 10.0}
COVERED = {"li": 0.05, "co": 0.2, "ni": 0.062, "mn": 0.02, "cu": 0.1, "graphite": 0.01, "pb": 2.5}
SAMPLES = 10
SPREAD = [0.55 + 0.1 * number for number in range(SAMPLES)]  # around one


def rows_of(code: str, year: int, need_gwh: float) -> Iterator[tuple[str, str, list[float]]]:
    """Quantity, unit and samples of one economy and year."""
    yield "cell_demand", "GWh", [need_gwh] * SAMPLES
    scrap = need_gwh * 100.0 if code in ("CHN", "IND", REGION) else 0.0
    yield "production_scrap_mass", "t", [scrap] * SAMPLES
    for element, per_gwh in NEED_T.items():
        demand = need_gwh * per_gwh
        yield f"demand_{element}", "t", [demand] * SAMPLES
        yield f"recovered_{element}", "t", [demand * COVERED[element] * each for each in SPREAD]
        share = [COVERED[element] * each if demand else 0.0 for each in SPREAD]
        yield f"secondary_share_{element}", "fraction", share


def add_needs(folder: Path) -> None:
    """Quantities of materials for a made-up run."""
    codes = [each.code for each in economies()]
    inside = [each.code for each in economies() if each.in_region]
    headline: list[tuple[Any, ...]] = []
    drawn: list[tuple[Any, ...]] = []
    for year in YEARS:
        needs = {code: 4 * gwh(code, year) if code != "NRU" else 0.0 for code in codes}
        needs[REGION] = sum(needs[code] for code in inside)
        for code, need in needs.items():
            for quantity, unit, samples in rows_of(code, year, need):
                low, middle, high = min(samples), sum(samples) / SAMPLES, max(samples)
                headline.append((code, year, quantity, unit, low, middle, high, "C"))
                drawn.append((code, year, quantity, *samples))
    _append(folder, headline, "economy, year, quantity, unit, p10, p50, p90, grade")
    with duckdb.connect() as connection:
        names = ", ".join(f"s{number:04d} DOUBLE" for number in range(SAMPLES))
        connection.execute(f"CREATE TABLE t (economy VARCHAR, year INTEGER, quantity VARCHAR, {names})")
        _insert(connection, drawn)
        connection.execute(f"COPY t TO '{folder}/headline_samples.parquet'")


def _append(folder: Path, rows: list[tuple[Any, ...]], columns: str) -> None:
    with duckdb.connect() as connection:
        path = folder / "headline.parquet"
        connection.execute(f"CREATE TABLE t AS SELECT {columns} FROM '{path}'")
        _insert(connection, rows)
        connection.execute(f"COPY t TO '{path}'")


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    import numpy as np

    frame = {f"c{place}": np.array(column) for place, column in enumerate(columns)}
    connection.register("more", frame)
    connection.execute("INSERT INTO t SELECT * FROM more")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace.make(tmp_path_factory.mktemp("materials") / "kitaran-data")
    add_needs(write_synthetic_run(made.runs / "with-needs"))
    return made


@pytest.fixture(scope="module")
def new_site(workspace: Workspace) -> Iterator[TestClient]:
    app = create_app(workspace)
    yield TestClient(app, raise_server_exceptions=False)
    app.state.jobs.engine.dispose()


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).translate(THIN_SPACES).split())


def test_the_page_says_first_what_share_of_the_need_comes_back(new_site: TestClient) -> None:
    page = words(new_site.get(f"{HERE}?economy=THA&year=2035&element=ni").text)
    assert "By 2035 Thailand could cover 6.2 % of the nickel of its new EV batteries from its own" in page
    assert "8 times in 10 between 3.4 % and 9.0 %." in page


def test_scrap_is_named_where_cells_are_made(new_site: TestClient) -> None:
    with_plants = words(new_site.get(f"{HERE}?economy=CHN&year=2035&element=li").text)
    assert "from its own old ones and production scrap;" in with_plants
    assert "production scrap;" not in words(new_site.get(f"{HERE}?economy=LAO&year=2035&element=li").text)


def test_what_no_plant_makes_is_listed_and_not_told_line_by_line(new_site: TestClient) -> None:
    page = words(new_site.get(f"{HERE}?economy=TUV").text)
    assert "No plants are known here for these; all of it is imported: Packs, or vehicles with them" in page
    assert "Refined lithium" in page
    whole = words(new_site.get(f"{HERE}?economy=CHN").text)
    assert "No plants are known here" not in whole


def test_more_lead_than_is_needed_is_told_as_more(new_site: TestClient) -> None:
    page = words(new_site.get(f"{HERE}?economy=IND&year=2035&element=pb").text)
    assert "old EV batteries and production scrap of India give back 2.5 times as much of the lead" in page
    assert "more than enough" in page


def test_a_place_that_needs_nothing_is_told_so(new_site: TestClient) -> None:
    page = words(new_site.get(f"{HERE}?economy=NRU&element=ni").text)
    assert "new EV batteries in Nauru need hardly any nickel." in page


def test_the_twin_has_every_element_and_stage(new_site: TestClient) -> None:
    facts = new_site.get(f"{HERE}.json?economy=THA&year=2035").json()
    assert [row["element"] for row in facts["materials"]] == list(materials_words.ELEMENTS)
    stages = {row["stage"]: row for row in facts["imports"]}
    assert stages["cell"]["imported"] > 0.9
    assert stages["pack"]["imported"] < 0.5
    assert all(
        row["if_more_is_built"] <= row["imported"] <= row["if_less_is_built"] for row in facts["imports"]
    )
    assert len(facts["chart"]["rows"]) == len(YEARS)
    assert facts["sentence"].startswith("By 2035 Thailand could cover 6.2")


def test_the_page_says_what_mining_is_spared(new_site: TestClient) -> None:
    facts = new_site.get(f"{HERE}.json?economy=IND&year=2035").json()
    spared = {row["element"]: row["primary_avoided_t"] for row in facts["materials"]}
    need = 4 * gwh("IND", 2035)
    assert spared["ni"] == pytest.approx(need * NEED_T["ni"] * COVERED["ni"])
    assert spared["pb"] == pytest.approx(need * NEED_T["pb"])
    page = words(new_site.get(f"{HERE}?economy=IND&year=2035&element=pb").text)
    assert "tonnes of newly mined lead in the year." in page


def test_targets_of_the_union_stand_beside_what_is_reachable(new_site: TestClient) -> None:
    """Regulation (EU) 2023/1542 Art 8: nickel 6 % from August 2031 and 15 % from August 2036."""
    facts = new_site.get(f"{HERE}.json?economy=THA").json()
    nickel = {row["from_year"]: row for row in facts["targets"] if row["element"] == "ni"}
    assert {year: row["asked"] for year, row in nickel.items()} == {2031: 0.06, 2036: 0.15}
    assert nickel[2031]["reachable"]["p50"] == pytest.approx(COVERED["ni"])
    assert nickel[2031]["reached_in_share_of_samples"] == pytest.approx(0.5)
    assert nickel[2036]["reached_in_share_of_samples"] == 0
    page = words(new_site.get(f"{HERE}?economy=THA").text)
    assert "5 times in 10" in page
    assert "in no result" in page


def test_india_is_asked_by_mass_from_2027(new_site: TestClient) -> None:
    """Battery Waste Management Rules 2022: 5, 10, 15 and 20 percent from 2027-28 on."""
    facts = new_site.get(f"{HERE}.json?economy=IND").json()
    own = [row for row in facts["targets"] if row["jurisdiction"] == "IN"]
    assert [row["asked"] for row in own] == [0.05, 0.1, 0.15, 0.2]
    assert {row["element"] for row in own} == {"all"}
    light = [code for code in NEED_T if code != "pb"]
    whole = sum(NEED_T[code] * COVERED[code] for code in light) / sum(NEED_T[code] for code in light)
    assert own[0]["reachable"]["p50"] == pytest.approx(whole, rel=0.06)


def test_the_region_imports_less_than_an_economy_without_plants(new_site: TestClient) -> None:
    whole = {row["stage"]: row for row in new_site.get(f"{HERE}.json?economy={REGION}").json()["imports"]}
    tiny = {row["stage"]: row for row in new_site.get(f"{HERE}.json?economy=TUV").json()["imports"]}
    assert whole["cell"]["imported"] < 0.5 < tiny["cell"]["imported"] == 1.0
    assert not tiny["cell"]["plants_known"]
    assert (
        "Trade between economies of the region counts as import"
        in new_site.get(f"{HERE}?economy={REGION}").text
    )


@pytest.mark.parametrize("form", ["csv", "json", "svg", "vega"])
def test_the_chart_comes_as_files(new_site: TestClient, form: str) -> None:
    answer = new_site.get(f"{HERE}/charts/needed.{form}?economy=THA&element=li")
    assert answer.status_code == 200
    assert len(answer.content) > 500


def test_a_run_of_an_older_version_says_so_and_how_to_run_again(site: TestClient) -> None:
    answer = site.get(HERE)
    assert answer.status_code == 200
    page = words(answer.text)
    assert "made by an older version" in page
    assert "kitaran scenario run" in page
    assert site.get(f"{HERE}.json").json()["materials"] is None
    assert site.get(f"{HERE}/charts/needed.csv").status_code == 404


def test_before_any_run_the_page_says_how_to_make_one(empty_site: TestClient) -> None:
    assert "There is no forecast in this workspace yet" in empty_site.get(HERE).text


@pytest.mark.parametrize(
    ("query", "status"),
    [("economy=XXX", 404), ("year=1900", 422), ("element=gold", 422)],
)
def test_a_wrong_choice_says_what_can_be_chosen(new_site: TestClient, query: str, status: int) -> None:
    assert new_site.get(f"{HERE}?{query}").status_code == status
    assert new_site.get(f"{HERE}.json?{query}").status_code == status


def test_the_page_has_one_heading_and_nothing_inline(new_site: TestClient) -> None:
    page = PageText(new_site.get(HERE).text)
    assert len(page.named("h1")) == 1
    assert not page.named("style")
    assert not [tag for tag, attributes in page.tags if "style" in attributes]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_run_without_samples_does_not_guess_how_often_a_target_is_reached(
    workspace: Workspace, tmp_path: Path
) -> None:
    made = Workspace.make(tmp_path / "kitaran-data")
    shutil.copytree(workspace.runs / "with-needs", made.runs / "with-needs")
    (made.runs / "with-needs" / "headline_samples.parquet").unlink()
    app = create_app(made)
    facts = TestClient(app).get(f"{HERE}.json?economy=THA").json()
    app.state.jobs.engine.dispose()
    assert {row["reached_in_share_of_samples"] for row in facts["targets"]} == {None}


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0 %"), (0.0004, "under 0.1 %"), (0.0617, "6.2 %"), (1.5, "150 %"), (2.3, "2.3 times as much")],
)
def test_shares_are_told_in_percent_and_beyond_twice_in_times(value: float, told: str) -> None:
    assert materials_words.share(value).translate(THIN_SPACES) == told
