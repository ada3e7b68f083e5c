"""The movement pages: five questions, one card, every reason with its article, and what follows from it."""

from __future__ import annotations

import csv
import io
from html import unescape

import pytest
from fastapi.testclient import TestClient

from kitaran.law import packaged_book
from kitaran.law.interview import possible_values
from kitaran.law.tables import packaged_yaml
from kitaran.web.move.words import choices
from tests.web.page_text import PageText

PACK = "/move?kind=ev_pack&chemistry=NMC&mode=sea"
LAO = f"{PACK}&condition=non_functional&purpose=recycling&from=LA&to=KR&over=TH"
JAPAN = f"{PACK}&condition=functional&purpose=direct_reuse&from=JP&to=MN&over=none"
CONSENT = f"{PACK}&condition=non_functional&purpose=recycling&from=NZ&to=JP&over=none"
PROOFS = ("invoice_contract", "test_records", "declaration", "protection", "transport_doc")
PROVEN = JAPAN + "".join(f"&evidence.{name}=true" for name in PROOFS)
ALL = ("/move", LAO, PROVEN, LAO.replace("/move", "/move/letter"), "/move/definitions", "/move/policies")


def twin(path: str) -> str:
    bare, _, query = path.partition("?")
    return f"{bare}.json?{query}"


@pytest.mark.parametrize(
    "path", [*ALL, "/move/definitions/waste", "/move/definitions/repurposing-second-life"]
)
def test_every_movement_page_answers_and_says_what_it_is_not(site: TestClient, path: str) -> None:
    page = site.get(path)
    assert page.status_code == 200
    assert len(PageText(page.text).named("h1")) == 1
    found = PageText(page.text)
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert site.get(twin(path)).json()["note"] == "Not a determination by a competent authority."


def test_five_questions_stand_before_a_first_answer(site: TestClient) -> None:
    page = site.get("/move").text
    assert page.count("<label") + page.count("<legend") >= 5
    for number in range(1, 6):
        assert f"{number}. " in page
    assert site.get("/move.json").json()["decision"] is None


def test_a_question_to_an_authority_names_it_its_address_and_leads_to_a_letter(site: TestClient) -> None:
    page = site.get(LAO).text
    assert "ASK THE AUTHORITY" in page
    assert "Notice 829/PMO" in page
    assert "laotradeportal.gov.la" in page
    assert "/move/letter?" in page
    letter = site.get(LAO.replace("/move", "/move/letter")).text
    assert "Does Notice 829/PMO cover a vehicle battery pack" in letter
    assert "[name, firm, address, date, signature]" in letter


def test_missing_papers_are_asked_for_and_given_answers_change_the_card(site: TestClient) -> None:
    assert site.get(twin(JAPAN)).json()["decision"]["card"] == "PAPERS MISSING"
    assert "evidence.test_records" in site.get(JAPAN).text
    assert site.get(twin(PROVEN)).json()["decision"]["card"] == "MAY MOVE"


def test_each_citation_behind_an_answer_stands_on_its_page_with_how_sure_it_is(site: TestClient) -> None:
    page = unescape(site.get(LAO).text)
    for row in site.get(twin(LAO)).json()["decision"]["reasons"]:
        assert row["cite"] in page
        assert row["source"] in page
        assert f"{row['confidence']} confidence" in page


def test_each_clock_and_paper_leads_to_its_statement(site: TestClient) -> None:
    page = unescape(site.get(CONSENT).text)
    decision = site.get(twin(CONSENT)).json()["decision"]
    assert decision["deadlines"]
    for row in decision["deadlines"]:
        assert row["cite"] in page
        assert f"{row['confidence']} confidence" in page
        assert f'href="/move/rules/{row["id"]}"' in page
        assert site.get(f"/move/rules/{row['id']}").status_code == 200
    for paper in decision["documents"]:
        if paper["cite"]:
            assert site.get(f"/move/rules/{paper['id']}").status_code == 200


QUESTIONS = [
    fact
    for part in ("first", "then")
    for row in packaged_yaml("questions.yaml")[part]
    for fact in row["facts"]
    if fact not in ("route.export", "route.import", "route.transit", "item.soc_pct")
]


@pytest.mark.parametrize("fact", QUESTIONS)
def test_the_form_offers_every_answer_of_the_vocabulary(fact: str) -> None:
    offered = {value for value, _words in choices().get(fact.rpartition(".")[2], choices()["yes_no"])}
    assert offered == {
        str(value).lower() if value in (True, False) else value for value in possible_values(fact)
    }


def test_the_card_says_what_was_asked_of(site: TestClient) -> None:
    card = site.get(LAO).text.partition('<section class="card')[2].partition("</section>")[0]
    for told in ("Battery pack", "Does not work", "Recycled", "Sea", "Lao PDR", "Republic of Korea"):
        assert told in card


def test_what_forbids_loading_is_told_in_words(site: TestClient) -> None:
    page = site.get(JAPAN.replace("mode=sea", "mode=air") + "&item.soc_pct=80").text
    assert "DO NOT LOAD" in page
    assert "at most 30 % state of charge" in page
    assert "AIR_SOC_OVER_30" not in page


@pytest.mark.parametrize(
    ("asked", "field"), [("kind=battery", "kind"), ("from=XX", "from"), ("leaving=soon", "leaving")]
)
def test_a_wrong_answer_stands_at_its_question_with_what_to_do(
    site: TestClient, asked: str, field: str
) -> None:
    page = site.get(f"/move?{asked}")
    assert page.status_code == 422
    assert f'id="{field}-fault"' in page.text
    faults = site.get(f"/move.json?{asked}").json()["faults"]
    assert [fault["field"] for fault in faults] == [field]
    assert all(fault["cause"] and fault["remedy"] for fault in faults)


def test_what_is_left_out_is_asked_for_and_what_was_given_stays(site: TestClient) -> None:
    page = site.get("/move?kind=module&from=TH")
    assert page.status_code == 200
    faults = site.get("/move.json?kind=module&from=TH").json()["faults"]
    assert [fault["field"] for fault in faults] == [
        *("chemistry", "condition", "purpose", "to", "mode", "over-1"),
    ]
    assert '<option value="module" selected>' in page.text


GARBLED = (
    *("?%00=%00", "?kind=%F0%28%8C", "?a.b.c.d=1", "?=", "?item=1", "?item.kind.x=1", "?permits.=true"),
    *(
        "?route.transit=TH",
        "?leaving=2026-13-45",
        "?leaving=9999-99-99",
        "?item.soc_pct=nan",
        "?over=none&over=TH",
    ),
    *(
        "?item.soc_pct=1e400",
        "?positions.TH=maybe",
        "?consents=true",
        "?kind=cell&kind=module",
        "?permits.x.y=true",
    ),
)


@pytest.mark.parametrize("page", ["", "/letter", "/papers"])
@pytest.mark.parametrize("query", GARBLED)
def test_a_garbled_address_is_answered_with_cause_place_and_remedy(
    site: TestClient, page: str, query: str
) -> None:
    for path in (f"/move{page}{query}", f"/move{page}.json{query}"):
        answer = site.get(path)
        assert answer.status_code in (200, 422), path
        assert "Kitaran made a mistake" not in answer.text


def test_the_day_of_the_rules_is_in_view(site: TestClient) -> None:
    day = packaged_book().rules_version.partition("+")[0]
    assert day in site.get("/move").text
    assert day in site.get(LAO).text


def test_a_permit_in_order_is_taken_for_the_day_of_departure(site: TestClient) -> None:
    held = LAO + "&permits.TH_transit_licence=true&permits.LA_export_authorisation=true&leaving=2026-06-01"
    consents = "".join(f"&consents.{cc}=true" for cc in ("LA", "KR", "TH"))
    assert site.get(twin(held + consents)).json()["decision"]["card"] == "MAY MOVE"


@pytest.mark.parametrize("wrong", ["&kind=battery", "&from=XX", "&weather=fine", "&leaving=soon"])
def test_a_wrong_answer_in_the_address_is_told(site: TestClient, wrong: str) -> None:
    assert site.get(f"/move?{wrong[1:]}").status_code == 422


def test_terms_and_policies_come_as_csv(site: TestClient) -> None:
    for path, column in (("/move/definitions/waste.csv", "jurisdiction"), ("/move/policies.csv", "policy")):
        answer = site.get(path)
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows
        assert all(row[column] and row["confidence"] for row in rows)


def test_an_unknown_term_is_not_found(site: TestClient) -> None:
    assert site.get("/move/definitions/battery-soup").status_code == 404
