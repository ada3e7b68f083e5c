"""Every row that a figure rests on can be seen, with its source, its flags and whose it is."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kitaran import reference
from kitaran.foundation.workspace import Workspace
from kitaran.web import create_app
from tests.web.page_text import PageText


def test_all_tables_are_listed(site: TestClient) -> None:
    listed = {each["table"] for each in site.get("/data.json").json()["tables"]}
    assert listed == set(reference.names())


def test_a_table_is_read_in_pages(site: TestClient) -> None:
    total = len(reference.read("ev_sales"))
    first = site.get("/data/ev_sales.json").json()
    last = site.get(f"/data/ev_sales.json?page={first['pages']}").json()
    assert first["total"] == total
    assert len(first["rows"]) == 100
    assert len(last["rows"]) == total - 100 * (first["pages"] - 1)
    assert {row["id"] for row in first["rows"]}.isdisjoint(row["id"] for row in last["rows"])


def test_a_page_beyond_the_last_is_the_last(site: TestClient) -> None:
    found = site.get("/data/ev_sales.json?page=99999").json()
    assert found["page"] == found["pages"]


def test_an_economy_is_chosen_and_a_column_sorted(site: TestClient) -> None:
    rows = site.get("/data/ev_sales.json?economy=THA&sort=value&order=desc").json()["rows"]
    assert {row["cells"]["economy"] for row in rows} == {"THA"}
    values = [row["cells"]["value"] for row in rows if row["cells"]["value"] is not None]
    assert values == sorted(values, reverse=True)


def test_flagged_rows_are_marked_and_can_be_chosen(site: TestClient) -> None:
    table = next(name for name in reference.names() if any(row.flags for row in reference.read(name)))
    flagged = [row for row in reference.read(table) if row.flags]
    found = site.get(f"/data/{table}.json?show=flagged").json()
    assert found["total"] == len(flagged)
    assert all(row["flags"] for row in found["rows"])
    page = site.get(f"/data/{flagged[0].id}").text
    assert "This row was flagged" in page


def test_a_row_shows_every_cell_and_its_source(site: TestClient) -> None:
    row = reference.read("ev_sales").where(economy="THA").rows[0]
    page = site.get(f"/data/{row.id}")
    assert page.status_code == 200
    assert f'href="/data/sources/{row.source}"' in page.text
    facts = site.get(f"/data/{row.id}.json").json()
    assert facts["cells"]["value"] == row.value
    assert facts["source_entry"]["source"] == row.source


def test_other_figures_for_the_same_thing_stand_beside_it(site: TestClient) -> None:
    table = reference.read("ev_sales")
    row = next(row for row in table if len(table.same_key(row)) > 1)
    others = site.get(f"/data/{row.id}.json").json()["same_figure_elsewhere"]
    assert {other["id"] for other in others} == {r.id for r in table.same_key(row)} - {row.id}


def test_a_source_says_what_rests_on_it(site: TestClient) -> None:
    source = reference.read("ev_sales").rows[0].source
    cited = site.get(f"/data/sources/{source}.json").json()["cited_by"]
    rows = sum(row.source == source for row in reference.read("ev_sales"))
    assert {"table": "ev_sales", "rows": rows}.items() <= next(
        each for each in cited if each["table"] == "ev_sales"
    ).items()


@pytest.mark.parametrize("path", ["/data/beauty", "/data/ev_sales/none", "/data/sources/none"])
def test_what_is_not_there_is_not_found(site: TestClient, path: str) -> None:
    assert site.get(path).status_code == 404


def test_rows_of_ones_own_are_marked(tmp_path: object) -> None:
    workspace = Workspace.make(tmp_path / "work")  # type: ignore[operator]
    table = reference.read("ev_sales")
    row = dict(table.where(economy="THA").rows[0]) | {"value": 4321, "low": None, "high": None}
    head = ",".join(row)
    cells = ",".join("" if value is None else f'"{value}"' for value in row.values())
    (workspace.overrides / "ev_sales.csv").write_text(f"{head}\n{cells}\n")
    app = create_app(workspace)
    site = TestClient(app)
    found = site.get("/data/ev_sales.json?show=own").json()
    app.state.jobs.engine.dispose()
    assert [each["cells"]["value"] for each in found["rows"]] == [4321]
    assert 'class="row-own"' in site.get("/data/ev_sales?show=own").text


def test_numbers_are_set_right_and_captions_given(site: TestClient) -> None:
    page = PageText(site.get("/data/ev_sales").text)
    assert page.named("caption")
    assert any(head.get("class") == "number" for head in page.named("th"))


def test_inputs_lead_to_their_rows(site: TestClient) -> None:
    facts = site.get("/plan/THA/inputs.json").json()
    rows = [row for group in facts["inputs"] for row in group["rows"]]
    assert rows
    for row in rows:
        assert site.get(f"/data/{row['row_id']}").status_code == 200
        assert row["value"] == reference.read(row["table"]).by_id(row["row_id"]).value  # type: ignore[union-attr]


def test_a_proxy_says_for_whom_it_stands(site: TestClient) -> None:
    rows = [r for g in site.get("/plan/NIU/inputs.json").json()["inputs"] for r in g["rows"]]
    assert {row["proxy_for"] for row in rows} == {"NIU"}
    assert "stands in for Niue" in site.get("/plan/NIU/inputs").text


def test_where_stock_and_sales_do_not_agree_is_told(site: TestClient) -> None:
    (row,) = site.get("/plan/THA.json").json()["fleet_check"]
    assert (row["published_stock"], row["modelled_stock"], row["adjustment"]) == (1200.0, 1150.0, 30.0)
    assert "Where published fleets and sales do not agree" in site.get("/plan/THA").text


def test_a_table_is_found_by_what_it_is_about(site: TestClient) -> None:
    every, some = site.get("/data.json").json(), site.get("/data.json?find=exchange rate").json()
    assert [one["table"] for one in some["tables"]] == ["exchange_rates"]
    assert some["in_all"] == len(every["tables"])
    assert site.get("/data.json?find=no such thing").json()["tables"] == []
