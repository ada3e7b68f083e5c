"""A chart asks a question, shows its range, names its source, and gives its figures away."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise
from typing import Any

import altair as alt
import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.web.chart_files import router
from kitaran.web.charts import kinds
from kitaran.web.charts.chart import Chart
from kitaran.web.charts.economy import KINDS, economy_chart
from kitaran.web.charts.theme import light_colours
from kitaran.web.choices import Choice
from kitaran.web.results import Results, current
from tests.web.synthetic_run import gwh

THAILAND = Choice("THA", 2035, "retired_energy")


@pytest.fixture(scope="module")
def results(made: Workspace) -> Results:
    found = current(made)
    assert found is not None
    return found


def chart(results: Results, kind: str, choice: Choice = THAILAND) -> Chart:
    made = economy_chart(results, choice, kind)
    assert made is not None
    return made


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [340, 880])
def test_a_specification_is_valid_vega_lite(results: Results, kind: str, width: int) -> None:
    spec = chart(results, kind).spec(width, True)
    alt.Chart.from_dict(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_is_a_token_of_the_stylesheet(results: Results, kind: str) -> None:
    text = json.dumps(chart(results, kind).spec(880, True))
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text)
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= light_colours().keys()


@pytest.mark.parametrize("kind", KINDS)
def test_the_title_is_a_question_and_the_source_is_named(results: Results, kind: str) -> None:
    made = chart(results, kind)
    assert made.title.endswith("?")
    assert made.source.startswith("Source: Kitaran forecast")


def test_the_band_from_p10_to_p90_is_drawn(results: Results) -> None:
    layers = chart(results, "retired").spec(880, False)["layer"]
    area = next(layer for layer in layers if layer["mark"]["type"] == "area")
    assert (area["encoding"]["y"]["field"], area["encoding"]["y2"]["field"]) == ("p10", "p90")


def test_the_inline_picture_is_silent_small_and_without_inline_style(results: Results) -> None:
    picture = str(chart(results, "retired").picture(880))
    assert picture.startswith('<svg aria-hidden="true"')
    assert " style=" not in picture
    assert "var(--chart-band)" in picture
    assert len(picture) < 20_000


def test_ids_inside_two_pictures_of_a_page_do_not_meet(results: Results) -> None:
    ids: list[str] = []
    for kind in KINDS:
        for width in (340, 880):
            ids += re.findall(r'\bid="([^"]+)"', str(chart(results, kind).picture(width)))
    assert len(ids) == len(set(ids))


def test_rounding_of_coordinates_leaves_words_alone(results: Results) -> None:
    small = Choice("NIU", 2035, "contained_li")
    value = gwh("NIU", 2035) * 110.0
    assert f"2035: {value:.3g}" in str(chart(results, "retired", small).picture(880))


def test_the_svg_file_stands_alone(results: Results) -> None:
    file = chart(results, "retired").svg()
    assert "var(--" not in file
    assert "How many EV batteries reach the end of their first life in Thailand?" in file
    assert "Source: Kitaran forecast, run synthetic." in file


def test_the_files_hold_the_unrounded_figures(site: TestClient) -> None:
    answer = site.get("/plan/THA/charts/retired.csv?year=2035&quantity=retired_energy")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = {row["year"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert float(rows["2035"]["p50"]) == pytest.approx(gwh("THA", 2035), rel=1e-12)
    facts = site.get("/plan/THA/charts/retired.json").json()
    assert facts["rows"][25]["p90"] == pytest.approx(1.9 * gwh("THA", 2035), rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "svg", "json", "vega"])
def test_each_form_of_each_chart_is_served(site: TestClient, kind: str, form: str) -> None:
    assert site.get(f"/plan/THA/charts/{kind}.{form}?width=500").status_code == 200


@pytest.mark.parametrize("path", ["retired.exe", "beauty.svg"])
def test_an_unknown_form_or_chart_is_not_found(site: TestClient, path: str) -> None:
    assert router.routes
    assert site.get(f"/plan/THA/charts/{path}").status_code == 404


def rows_of(values: dict[str, float]) -> list[dict[str, Any]]:
    return [{"part": part, "year": year, "value": v} for part, v in values.items() for year in (2049, 2050)]


def test_labels_of_thin_parts_do_not_lie_upon_each_other() -> None:
    values = {"a": 90.0, "b": 2.0, "c": 2.0, "d": 2.0}
    labels = kinds._stack_labels(rows_of(values), [(part, part) for part in values])
    middles = [label["middle"] for label in labels]
    gaps = [later - earlier for earlier, later in pairwise(middles)]
    assert min(gaps) >= 0.055 * 96 - 1e-9


def test_a_part_that_cannot_be_seen_has_no_label() -> None:
    labels = kinds._stack_labels(rows_of({"a": 99.5, "b": 0.5}), [("a", "a"), ("b", "b")])
    assert [label["part"] for label in labels] == ["a"]


def test_a_page_offers_table_and_files_beside_each_chart(site: TestClient) -> None:
    page = site.get("/plan/THA").text
    assert page.count('class="chart"') == len(KINDS)
    assert page.count("<summary>Table</summary>") == len(KINDS)
    for form in ("csv", "svg", "json"):
        assert len(re.findall(rf"charts/\w+\.{form}\?", page)) == len(KINDS)
