"""The first page tells one figure in plain words, and how it compares."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from kitaran.web.quantities import answer
from tests.web.page_text import PageText
from tests.web.synthetic_run import gwh


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", "", found.group(1)).split())


def test_it_opens_with_thailand_in_2035(site: TestClient) -> None:
    value = gwh("THA", 2035)
    assert heading(site.get("/").text) == (
        f"In 2035 about {value:.3g} GWh of EV batteries reach the end of their first life in Thailand; "
        f"8 times in 10 between {0.4 * value:.3g} and {1.9 * value:.3g} GWh."
    )


def test_it_says_how_sure_that_is_and_where_it_comes_from(site: TestClient) -> None:
    page = site.get("/").text
    assert "rests on official or peer-reviewed figures" in page
    assert "/plan/THA/inputs?year=2035&amp;quantity=retired_energy" in page


def test_it_answers_for_another_economy_year_and_measure(site: TestClient) -> None:
    page = heading(site.get("/?economy=CHN&year=2050&quantity=retired_batteries").text)
    assert page.startswith("In 2050 about 77.7 million EV batteries")
    assert "in China" in page


def test_it_answers_for_the_region_as_a_whole(site: TestClient) -> None:
    page = site.get("/?economy=ASIA_PACIFIC").text
    assert "in Asia and the Pacific" in heading(page)
    assert "/plan/ASIA_PACIFIC/inputs" not in page


def test_where_hardly_any_retire_no_false_figure_is_given() -> None:
    row = {"quantity": "retired_energy", "year": 2012, "p10": 0.0, "p50": 0.0, "p90": 1e-5}
    said = str(answer(row, "Nauru"))
    assert said == "In 2012 hardly any EV batteries reach the end of their first life in Nauru."


def test_it_answers_for_a_material_in_the_batteries(site: TestClient) -> None:
    page = site.get("/?quantity=contained_li").text
    assert heading(page).startswith(
        "In 2035 the EV batteries that reach the end of their first life in Thailand hold about "
        f"{gwh('THA', 2035) * 110:.3g} tonnes of lithium; 8 times in 10 between"
    )
    assert "How many tonnes of lithium are in the EV batteries that retire in 2035?" in page


def test_every_economy_stands_in_the_table_largest_first(site: TestClient) -> None:
    entries = site.get("/index.json").json()["economies"]
    assert [entry["economy"] for entry in entries[:3]] == ["CHN", "IND", "JPN"]
    assert [entry["rank"] for entry in entries] == list(range(1, len(entries) + 1))
    assert sum(entry["in_region"] for entry in entries) == 58
    values = [entry["p50"] for entry in entries]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(("sort", "order"), [("name", "asc"), ("name", "desc"), ("grade", "asc")])
def test_the_table_is_sorted_by_the_server(site: TestClient, sort: str, order: str) -> None:
    entries = site.get(f"/index.json?sort={sort}&order={order}").json()["economies"]
    values = [entry[sort] for entry in entries]
    assert values == sorted(values, reverse=order == "desc")


def test_the_sorted_column_says_so(site: TestClient) -> None:
    heads = PageText(site.get("/?sort=name&order=asc").text).named("th")
    assert [head["aria-sort"] for head in heads if "aria-sort" in head] == ["ascending"]


def test_an_empty_workspace_says_what_to_do(empty_site: TestClient) -> None:
    for path in ("/", "/plan", "/plan/THA", "/plan/THA/inputs"):
        page = empty_site.get(path)
        assert page.status_code == 200
        assert "There is no forecast in this workspace yet" in page.text
        assert 'action="/plan/runs"' in page.text
    assert empty_site.get("/index.json").json() == {"run": None}


def test_a_run_can_be_asked_for_and_followed(empty_site: TestClient) -> None:
    answer = empty_site.post("/plan/runs", follow_redirects=False)
    assert answer.status_code == 303
    page = empty_site.get(answer.headers["location"])
    assert "Waiting to start" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    job = empty_site.get(answer.headers["location"] + ".json").json()
    assert job["state"] == "queued"
    stopped = empty_site.post(answer.headers["location"] + "/cancel")
    assert stopped.status_code == 200
    assert "Stopped on request" in stopped.text
