"""The page of a battery's life: its answer, its doubts, other places, and what it says to a wrong choice."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise
from urllib.parse import quote

import altair as alt
import pytest
from fastapi.testclient import TestClient

from kitaran.planning import lifetime
from kitaran.web.charts.theme import light_colours
from kitaran.web.lifetime.places import limits_of, step_of
from kitaran.web.lifetime.words import life_answer
from tests.web.page_text import PageText
from tests.web.test_language import LETTERS, own_words

PAGE = "/plan/lifetime"
SHORT = "battery=LFP&city=THA&duty=private_two_wheeler&years=5"
KINDS = [
    PAGE,
    f"{PAGE}?{SHORT}",
    f"{PAGE}?battery=nmc_lto_10ah&duty=city_bus&city=IND&years=5",
    f"{PAGE}?battery=lead_acid&duty=e_rickshaw&city=IND",
    f"{PAGE}?battery=LTO&duty=city_bus",
    f"{PAGE}?battery=sodium_ion&duty=home_solar",
    f"{PAGE}?battery=foo&city=Atlantis&years=x&threshold=0.7",
]


def test_the_answer_is_that_of_the_library(site: TestClient) -> None:
    told = site.get(f"{PAGE}.json?battery=NMC622&city=IND&duty=e_rickshaw&threshold=80&second=none").json()
    asked = lifetime.Question("NMC622", "IND/New Delhi", "e_rickshaw", threshold=0.8)
    here = lifetime.outlook(asked)
    assert told["years_to_threshold"]["median"] == pytest.approx(here.years_to_threshold.median)
    assert told["outside_tested_range"] == here.outside
    assert told["grade"] == here.grade == "D"
    rows = told["charts"]["capacity"]["rows"]
    assert [row["p50"] for row in rows] == pytest.approx(100 * here.p50)
    assert told["second_life"] is None


def test_page_and_twin_tell_the_same_sentence(site: TestClient) -> None:
    told = re.sub(r"\s+", " ", site.get(f"{PAGE}.json?{SHORT}").json()["sentence"])
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", site.get(f"{PAGE}?{SHORT}").text))
    assert told in words


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ((5.7, 12.8, 18.2), "after about 13 years; 8 times in 10 between 5.7 and 18 years."),
        ((5.7, 12.8, float("inf")), "between 5.7 and more than 20 years."),
        ((9.1, float("inf"), float("inf")), "1 time in 10 it falls there within 9.1 years."),
        ((float("inf"),) * 3, "more than 20 years, at least 9 times in 10."),
    ],
)
def test_a_life_is_told_in_words_also_beyond_the_horizon(span: tuple[float, float, float], said: str) -> None:
    assert said in str(life_answer(lifetime.Span(*span), 0.8, 20))


def test_range_warnings_stand_in_view(site: TestClient) -> None:
    cold = site.get(f"{PAGE}?battery=NMC622&city=MNG&years=5").text
    assert re.search(r"Outside the tested range: \d\d\u202f% of the time", cold)
    assert "colder than tested" in cold
    assert "The band is wider for it" in cold


def test_a_suspect_model_is_marked_and_not_recommended(site: TestClient) -> None:
    text = site.get(f"{PAGE}?battery=nmc_lto_10ah&duty=city_bus&city=IND&years=5").text
    assert "This model is suspect" in text
    assert "Do not plan with it" in text
    assert site.get(f"{PAGE}.json?battery=nmc_lto_10ah&years=5").json()["model"]["suspect"]


def test_a_stand_in_for_another_chemistry_is_marked(site: TestClient) -> None:
    text = site.get(f"{PAGE}?battery=NMC811&years=5").text
    assert "model of another chemistry" in text


def test_a_chemistry_without_a_model_shows_the_table_of_lifetimes(site: TestClient) -> None:
    told = site.get(f"{PAGE}.json?battery=lead_acid&duty=e_rickshaw&city=IND").json()
    assert told["model"] is None
    assert {row["region"] for row in told["lifetimes"]} == {"IND"}
    text = site.get(f"{PAGE}?battery=lead_acid&duty=e_rickshaw&city=IND").text
    assert "No ageing model is fit for this chemistry" in text
    for row in told["lifetimes"]:
        assert site.get("/data/lifetimes/" + quote(row["id"].partition("/")[2])).status_code == 200


def test_a_chemistry_whose_model_is_suspect_leads_to_it_by_name(site: TestClient) -> None:
    page = PageText(site.get(f"{PAGE}?battery=LTO&duty=city_bus").text)
    assert any("battery=nmc_lto_10ah" in link["href"] for link in page.named("a"))


@pytest.mark.parametrize(
    ("query", "field", "cause"),
    [
        ("city=Atlantis", "city", "no climate of"),
        ("battery=unobtainium", "battery", "no ageing model"),
        ("duty=racing", "duty", "There is no duty"),
        ("second=racing", "second", "There is no duty"),
        ("years=many", "years", "not a whole number"),
        ("years=900", "years", "cannot be looked at"),
        ("threshold=0.7", "threshold", "not a whole number"),
        ("threshold=7", "threshold", "cannot end"),
        ("threshold=nan", "threshold", "not a whole number"),
        ("cooling=liquid", "cooling", "has no cooling"),
        ("cooling=ice&duty=private_car", "cooling", "has no cooling"),
    ],
)
def test_a_wrong_choice_is_told_beside_its_field(
    site: TestClient, query: str, field: str, cause: str
) -> None:
    answer = site.get(f"{PAGE}?{query}")
    assert answer.status_code == 422
    page = PageText(answer.text)
    assert {"href": f"#{field}"} in page.named("a")
    assert cause in answer.text
    (wrong,) = (tag for tag in page.named("select") if tag.get("aria-invalid"))
    assert wrong["name"] == field
    problem = site.get(f"{PAGE}.json?{query}")
    assert problem.status_code == 422
    assert problem.json()["faults"][0]["remedy"]


def test_every_fault_of_a_choice_is_told_at_once(site: TestClient) -> None:
    faults = site.get(f"{PAGE}.json?battery=foo&city=Atlantis&years=x").json()["faults"]
    assert {fault["place"] for fault in faults} == {"battery", "city", "years"}


def test_every_capital_is_compared_and_can_be_taken_away(site: TestClient) -> None:
    told = site.get(f"{PAGE}.json?{SHORT}").json()["places"]
    assert {row["economy"] for row in told} == set(lifetime.capitals())
    file = site.get(f"{PAGE}/places.csv?{SHORT}")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [float(row["soh"]) for row in rows] == [row["soh"] for row in told]
    assert "attachment" in file.headers["content-disposition"]


def test_a_place_of_the_map_leads_to_its_own_outlook(site: TestClient) -> None:
    page = PageText(site.get(f"{PAGE}?{SHORT}").text)
    links = {link["href"] for link in page.named("a") if "city=FJI" in link["href"]}
    assert links
    assert all(
        site.get(link.replace(PAGE, f"{PAGE}.json")).json()["question"]["place"] == "FJI/Suva"
        for link in links
    )


@pytest.mark.parametrize("name", ["capacity", "days"])
@pytest.mark.parametrize("width", [340, 880])
def test_a_chart_is_valid_and_in_the_colours_of_the_site(site: TestClient, name: str, width: int) -> None:
    spec = site.get(f"{PAGE}/charts/{name}.vega?{SHORT}&city=IND&width={width}").json()
    alt.Chart.from_dict(spec)
    text = json.dumps(spec)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text)
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= light_colours().keys()


def test_the_curve_can_be_taken_away(site: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get(f"{PAGE}/charts/capacity.csv?{SHORT}").text)))
    assert [int(row["year"]) for row in rows] == list(range(6))
    assert all(float(row["p10"]) <= float(row["p50"]) <= float(row["p90"]) for row in rows)
    assert site.get(f"{PAGE}/charts/capacity.svg?{SHORT}").text.startswith("<svg")
    assert site.get(f"{PAGE}/charts/nothing.csv?{SHORT}").status_code == 404
    assert site.get(f"{PAGE}/charts/capacity.csv?city=Atlantis").status_code == 422


def test_shades_are_round_and_every_value_has_one() -> None:
    limits = limits_of([0.619, 0.7, 0.754])
    assert all(high > low for high, low in pairwise(limits))
    assert [step_of(value, limits) for value in (0.76, 0.59)] == [1, 5]
    assert limits_of([0.9, 0.9]) == [0.9, 0.89, 0.88, 0.87]


def test_the_room_stands_behind_its_door_and_only_it_is_here(site: TestClient) -> None:
    main = PageText(site.get(PAGE).text.partition("<main")[0])
    here = {link["href"]: link["aria-current"] for link in main.named("a") if "aria-current" in link}
    assert here == {"/plan": "true", PAGE: "page"}


@pytest.mark.parametrize("path", KINDS)
def test_no_word_of_the_page_escapes_the_translator(site: TestClient, path: str) -> None:
    page = PageText(site.get(f"{path}{'&' if '?' in path else '?'}lang=qps").text)
    left = [own_words(words) for words in page.words]
    assert [words for words in left if LETTERS.search(words)] == []


@pytest.mark.parametrize("path", KINDS)
def test_the_page_brings_nothing_inline_and_ids_do_not_meet(site: TestClient, path: str) -> None:
    page = PageText(site.get(path).text)
    assert not page.named("style")
    assert all("style" not in attributes for _, attributes in page.tags)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert len(page.named("h1")) == 1
