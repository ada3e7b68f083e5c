"""The page of what a battery is worth: answer, refusal, own prices, words, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kitaran import valuation
from kitaran.foundation.workspace import Workspace
from kitaran.web import create_app
from tests.web.page_text import PageText
from tests.web.test_language import LETTERS, own_words

HERE = "/plan/value"
TESTED = "?chem=NMC622&kwh=60&soh=80&within=3&age=8&place=THA"
KINDS = (
    "",
    TESTED,
    "?chem=LFP&condition=damaged&soh=70",
    "?form=vehicle&chem=NMC622&kwh=60&soh=85&age=5",
    "?form=vehicle&vehicle=three_wheeler&chem=lead_acid&kwh=6&place=BGD",
    "?form=black_mass&chem=NMC622&kg=1000&place=KOR",
    "?form=cells&chem=NCA&kwh=5&place=FSM&use=telecom_backup&condition=unknown",
)


def test_the_page_and_its_twin_give_what_the_library_gives(site: TestClient) -> None:
    facts = site.get(f"{HERE}.json{TESTED}").json()
    worth = valuation.value("NMC622", 60, "THA", soh=0.8, soh_low=0.77, soh_high=0.83, age=8)
    assert facts["value_usd"] == pytest.approx(worth.value_usd[0])
    assert facts["p10_usd"] == pytest.approx(worth.p10_usd[0])
    page = site.get(HERE + TESTED).text
    assert f"{facts['value_usd'] * facts['local']['per_usd']:.2g}"[:2] in page
    assert "THB" in page


@pytest.mark.parametrize("query", KINDS)
def test_every_kind_of_battery_is_answered(site: TestClient, query: str) -> None:
    facts = site.get(f"{HERE}.json{query}").json()
    assert sum(facts["terms_usd"].values()) == pytest.approx(facts["value_usd"])
    assert site.get(HERE + query).status_code == 200


def test_what_costs_money_is_said_to_cost(site: TestClient) -> None:
    page = " ".join(PageText(site.get(f"{HERE}?chem=LFP&condition=damaged").text).words)
    assert "It costs about" in page
    assert "to hand over" in page
    assert "gate fee" in page


def test_an_untested_battery_is_told_what_a_test_would_be_worth(site: TestClient) -> None:
    assert "knowing its health is worth about" in site.get(f"{HERE}?chem=NMC622&kwh=60").text
    assert "knowing its health is worth about" not in site.get(HERE + TESTED).text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kwh=many", "kwh"),
        ("kwh=0", "kwh"),
        ("soh=300", "soh"),
        ("soh=80&within=99", "within"),
        ("soh=eighty", "soh"),
        ("chem=XYZ", "chem"),
        ("place=ATL", "place"),
        ("form=soup", "form"),
        ("condition=fine", "condition"),
        ("use=rocket", "use"),
        ("form=vehicle&vehicle=tank", "vehicle"),
        ("age=-3", "age"),
        ("age=inf", "age"),
        ("as_of=yesterday", "as_of"),
        ("as_of=1900", "as_of"),
        ("new=-5", "new"),
        ("trust=140", "trust"),
        ("kwh=many&trust=140", "trust"),
        ("kwh=many&place=ATL", "place"),
        ("cobalt=dear", "cobalt"),
        ("form=black_mass&kg=0", "kg"),
        ("form=black_mass&chem=LTO", "chem"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(site: TestClient, query: str, field: str) -> None:
    answer = site.get(f"{HERE}?{query}")
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    refused = site.get(f"{HERE}.json?{query}")
    assert refused.status_code == 422
    assert refused.json()["faults"]


def test_own_prices_move_the_value_stay_in_the_address_and_are_named(site: TestClient) -> None:
    plain = site.get(f"{HERE}.json{TESTED}").json()
    moved = site.get(f"{HERE}.json{TESTED}&new=150&trust=10").json()
    assert moved["value_usd"] > plain["value_usd"]
    assert moved["asked"]["own"] == {"new_pack_usd_per_kwh": 150, "trust_discount": 0.1}
    page = site.get(f"{HERE}{TESTED}&new=150&trust=10").text
    assert 'value="150"' in page
    assert "your own entry" in page


def test_a_day_in_the_past_takes_the_prices_of_that_day(site: TestClient) -> None:
    then = site.get(f"{HERE}.json{TESTED}&as_of=2022-06").json()
    dates = {each["name"]: each["date"] for each in then["figures"]}
    assert dates["cobalt"] == "2022-23"
    assert dates["new_pack/pack_price_stationary"] == "2022"
    assert then["local"]["row"].startswith("exchange_rates/THA.2022")


@pytest.mark.parametrize("query", KINDS)
def test_every_figure_leads_to_its_row(site: TestClient, query: str) -> None:
    links = set(re.findall(r'href="(/data/[^"]+)"', site.get(HERE + query).text))
    assert len(links) > 3
    for link in links:
        assert site.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_row_of_the_workspace_moves_the_value(tmp_path: Path) -> None:
    workspace = Workspace.make(tmp_path / "work")
    site = TestClient(create_app(workspace))
    plain = site.get(f"{HERE}.json{TESTED}").json()
    (workspace.overrides / "value_assumptions.csv").write_text(
        "name,value,low,high,unit,source,year,licence,grade,note\n"
        "trust_discount,0.6,0.5,0.7,fraction,own,2026,own,B,\n"
    )
    (workspace.overrides / "sources.csv").write_text(
        "source,title,publisher,kind,url,licence,seen,year,note\n"
        "own,Own survey,We,official,,own,primary,2026,\n"
    )
    moved = site.get(f"{HERE}.json{TESTED}").json()
    assert moved["value_usd"] < plain["value_usd"]
    assert "own" in [each["source"] for each in moved["sources"]]


@pytest.mark.parametrize("query", KINDS)
def test_no_word_of_the_page_escapes_the_translator(site: TestClient, query: str) -> None:
    mark = "&" if query else "?"
    page = PageText(site.get(f"{HERE}{query}{mark}lang=qps").text)
    left = [own_words(words) for words in page.words]
    assert [words for words in left if LETTERS.search(words)] == []
