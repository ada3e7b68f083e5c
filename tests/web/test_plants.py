"""The page of recycling plants: answer, refusal, charts, workbook, own figures."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from kitaran import processes
from kitaran.foundation.workspace import Workspace
from kitaran.web import create_app
from tests.web.page_text import PageText
from tests.web.test_language import LETTERS, own_words

HERE = "/plan/plants"
ONE = "?route=direct&form=cell&t=10000&prices=2022-23&chem1=NMC622&share1=100&chem2=&chem3="
ONE += "&place1=THA&place2=&place3=&place4="


def test_the_page_and_its_twin_give_what_the_model_gives(site: TestClient) -> None:
    facts = site.get(f"{HERE}.json{ONE}").json()
    answer = processes.cost("direct", "NMC622", "eol_cell", 10_000, "THA")
    (place,) = facts["places"]
    assert place["margin_usd"] == pytest.approx(float(answer.margin_usd))
    assert place["margin_p10_usd"] <= place["margin_usd"] <= place["margin_p90_usd"]
    assert place["evaluation"]["cost_usd"] == pytest.approx(float(answer.cost_usd))
    assert place["routes_margin_usd"]["direct"] == place["margin_usd"]
    page = site.get(HERE + ONE).text
    assert "Thailand" in page
    assert "Workbook with live formulas" in page


def test_the_parts_of_the_bar_add_up_to_all_cost(site: TestClient) -> None:
    for place in site.get(f"{HERE}.json").json()["places"]:
        asked = place["evaluation"]
        spent = sum(place["spent_usd"].values())
        assert spent == pytest.approx(asked["cost_usd"] + asked["transport_usd"] + asked["disassembly_usd"])


def test_four_places_stand_side_by_side_in_their_order(site: TestClient) -> None:
    places = "place1=PAK&place2=BGD&place3=LKA&place4=NPL"
    facts = site.get(f"{HERE}.json?{places}").json()
    assert [place["location"] for place in facts["places"]] == ["PAK", "BGD", "LKA", "NPL"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("t=many", "t"),
        ("t=1", "t"),
        ("form=soup", "form"),
        ("share1=120", "share1"),
        ("share1=0&share2=0", "chem1"),
        ("chem1=XYZ", "chem1"),
        ("place1=ATL", "place1"),
        ("place1=&place2=&place3=&place4=", "place1"),
        ("route=magic", "route"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(site: TestClient, query: str, field: str) -> None:
    answer = site.get(f"{HERE}?{query}")
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert site.get(f"{HERE}.json?{query}").status_code == 422


def test_charts_come_as_files(site: TestClient) -> None:
    for name in ("scale", "spent"):
        assert "<svg" in site.get(f"{HERE}/charts/{name}.svg{ONE}").text
        assert site.get(f"{HERE}/charts/{name}.csv{ONE}").text.startswith("place,")
        assert site.get(f"{HERE}/charts/{name}.vega{ONE}").json()["layer"]
    assert site.get(f"{HERE}/charts/nothing.svg{ONE}").status_code == 404


def test_the_workbook_holds_the_chosen_places(site: TestClient) -> None:
    answer = site.get(f"{HERE}/workbook.xlsx?place1=THA&place2=IND&place3=&place4=")
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    book = load_workbook(io.BytesIO(answer.content))
    assert [name.split()[0] for name in book.sheetnames] == ["About", "THA", "IND"]
    formulas = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert sum(str(value).startswith("=") for value in formulas) > 100


def test_a_figure_of_the_workspace_moves_the_answer_and_is_named(tmp_path: Path) -> None:
    workspace = Workspace.make(tmp_path / "work")
    site = TestClient(create_app(workspace))
    wet = ONE.replace("direct", "hydrometallurgical")
    plain = site.get(f"{HERE}.json{wet}").json()["places"][0]
    (workspace.overrides / "plant_places.csv").write_text(
        "region,parameter,value,low,high,unit,source,year,licence,grade,note\n"
        "THA,wage_usd_per_h,9,8,10,USD/hour,own,2026,own,B,\n"
    )
    (workspace.overrides / "sources.csv").write_text(
        "source,title,publisher,kind,url,licence,seen,year,note\n"
        "own,Own survey,We,official,,own,primary,2026,\n"
    )
    moved = site.get(f"{HERE}.json{wet}").json()["places"][0]
    assert moved["margin_usd"] < plain["margin_usd"]
    wage = next(f for f in moved["evaluation"]["place"] if f["parameter"] == "wage_usd_per_h")
    assert (wage["value"], wage["source"]) == (9, "own")


def test_no_word_of_the_page_escapes_the_translator(site: TestClient) -> None:
    page = PageText(site.get(f"{HERE}{ONE}&lang=qps").text)
    left = [own_words(words) for words in page.words]
    assert [words for words in left if LETTERS.search(words)] == []
