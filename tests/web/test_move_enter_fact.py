"""A national authority enters one fact in the pages, sees what it changes, accepts it, and takes it back."""

from __future__ import annotations

from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.web.page_text import PageText
from tests.web.test_move import PACK, PROOFS, twin

HERE = "/move/own-facts"
FREE = {
    "cc": "TH",
    "fact": "import.used",
    "value": "free",
    "text": "Tested packs enter under list 5.3",
    "valid_from": "2026-01-01",
    "cite": "Letter 12/2569",
    "source": "Letter to the importer",
    "seen": "primary",
    "confidence": "high",
    "entered_by": "DIW desk officer",
    "supersedes": "TH-IMP-3",
}
PARTY = {
    **{name: FREE[name] for name in ("cite", "source", "seen", "confidence", "entered_by")},
    "cc": "MM",
    "fact": "used_is_waste",
    "value": "yes",
    "valid_from": "2026-01-01",
}
CASE = (
    f"{PACK}&condition=functional&purpose=direct_reuse&from=JP&to=TH&over=none&leaving=2027-01-10"
    + "".join(f"&evidence.{name}=true" for name in PROOFS)
)


def decision(site: TestClient, case: str = CASE) -> dict[str, object]:
    found: dict[str, object] = site.get(twin(case)).json()["decision"]
    return found


def test_the_form_shows_what_the_tables_say_now_with_article_and_confidence(empty_site: TestClient) -> None:
    page = unescape(empty_site.get(f"{HERE}/enter?cc=TH&fact=import.used").text)
    for row in empty_site.get(f"{HERE}/enter.json?cc=TH&fact=import.used").json()["present"]:
        assert row["cite"] in page
        assert f"{row['confidence']} confidence" in page
        assert f'value="{row["id"]}"' in page


def test_a_preview_names_the_movements_that_change_and_keeps_nothing(empty_site: TestClient) -> None:
    answer = empty_site.post(f"{HERE}/preview", data=FREE)
    assert answer.status_code == 200
    page = PageText(answer.text)
    assert "tested used packs, direct reuse: Japan › Thailand" in unescape(answer.text)
    assert "ASK THE AUTHORITY" in answer.text
    assert "MAY MOVE" in answer.text
    assert {"type": "hidden", "name": "supersedes", "value": "TH-IMP-3"} in page.named("input")
    assert empty_site.get(f"{HERE}.json").json()["rows"] == []


def test_an_accepted_fact_decides_is_named_and_is_taken_back(empty_site: TestClient) -> None:
    assert decision(empty_site)["card"] == "ASK THE AUTHORITY"
    kept = empty_site.post(f"{HERE}/accept", data=FREE, follow_redirects=False)
    assert kept.status_code == 303
    assert "Letter 12/2569" in empty_site.get(kept.headers["location"]).text
    found = decision(empty_site)
    assert found["card"] == "MAY MOVE"
    (used,) = found["own_facts"]  # type: ignore[misc]
    assert used.endswith("by DIW desk officer")  # type: ignore[has-type]
    assert "DIW desk officer" in empty_site.get(CASE).text
    table = empty_site.get(f"{HERE}.json").json()["rows"][0]["table"]
    empty_site.post(f"{HERE}/{table}/remove")
    assert decision(empty_site)["card"] == "ASK THE AUTHORITY"
    assert empty_site.get(f"{HERE}.json").json()["tables"] == []


def test_a_later_fact_replaces_an_earlier_one_and_gives_it_back(empty_site: TestClient) -> None:
    empty_site.post(f"{HERE}/accept", data=FREE)
    barred = {**FREE, "value": "bar", "supersedes": "own/TH.import.used.1"}
    empty_site.post(f"{HERE}/accept", data=barred)
    assert decision(empty_site)["card"] == "MUST NOT"
    newest = empty_site.get(f"{HERE}.json").json()["tables"][-1]
    empty_site.post(f"{HERE}/{newest}/remove")
    assert decision(empty_site)["card"] == "MAY MOVE"


def test_a_fact_that_is_sent_twice_is_kept_once(empty_site: TestClient) -> None:
    for _ in range(2):
        assert empty_site.post(f"{HERE}/accept", data=FREE, follow_redirects=False).status_code == 303
    assert len(empty_site.get(f"{HERE}.json").json()["tables"]) == 1


def test_a_fact_of_a_state_is_named_where_the_route_touches_it(empty_site: TestClient) -> None:
    case = CASE.replace("to=TH", "to=MM")
    assert decision(empty_site, case)["own_facts"] == []
    empty_site.post(f"{HERE}/accept", data=PARTY)
    found = decision(empty_site, case)
    assert found["own_facts"]
    assert str(found["status"]).startswith("waste")
    assert decision(empty_site)["own_facts"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cc": "XX"}, "cc"),
        ({"fact": "weather"}, "fact"),
        ({"value": ""}, "value"),
        ({"value": "perhaps"}, "value"),
        ({"text": " "}, "text"),
        ({"kinds": "brick"}, "kinds"),
        ({"groups": "gold"}, "groups"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "31/01/2027"}, "valid_from"),
        ({"valid_to": "2025-01-01"}, "valid_to"),
        ({"cite": ""}, "cite"),
        ({"source": ""}, "source"),
        ({"source": "one; two"}, "source"),
        ({"seen": "perhaps"}, "seen"),
        ({"confidence": ""}, "confidence"),
        ({"entered_by": ""}, "entered_by"),
        ({"text": "x" * 2000}, "text"),
        ({"supersedes": "JP.basel_party"}, "supersedes"),
        ({"confidence": "low"}, "confidence"),
        ({"seen": "not_seen"}, "confidence"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_kept(
    empty_site: TestClient, change: dict[str, str], field: str
) -> None:
    for step in ("preview", "accept"):
        answer = empty_site.post(f"{HERE}/{step}", data={**FREE, **change})
        assert answer.status_code == 422
        assert f'id="{field}-fault"' in answer.text
        assert f'href="#{field}"' in answer.text
    assert empty_site.get(f"{HERE}.json").json()["tables"] == []


def test_what_was_filled_in_stays_when_something_is_wrong(empty_site: TestClient) -> None:
    page = PageText(empty_site.post(f"{HERE}/preview", data={**FREE, "cite": ""}).text)
    filled = {tag["name"]: tag for tag in page.named("input") if "name" in tag and tag["type"] != "radio"}
    assert filled["text"]["value"] == FREE["text"]
    assert filled["entered_by"]["value"] == FREE["entered_by"]
    assert "checked" in filled["supersedes"]


def test_line_breaks_and_quotes_cannot_make_a_second_row(empty_site: TestClient) -> None:
    odd = {**FREE, "text": 'a "b",c\r\nX,TH,import,\u2028used\x00'}
    empty_site.post(f"{HERE}/accept", data=odd)
    (row,) = empty_site.get(f"{HERE}.json").json()["rows"]
    assert row["text"] == 'a "b",c X,TH,import, used'


def test_a_table_that_someone_broke_can_still_be_taken_out(empty_site: TestClient) -> None:
    empty_site.post(f"{HERE}/accept", data=FREE)
    workspace = empty_site.app.state.workspace  # type: ignore[attr-defined]
    (workspace.overrides / "law" / "broken.csv").write_text("id,cc\nx,ZZ\n", encoding="utf-8")
    page = empty_site.get(HERE)
    assert page.status_code == 200
    assert "broken.csv, line 2" in page.text
    assert empty_site.get("/move?kind=cell").status_code == 422
    empty_site.post(f"{HERE}/broken.csv/remove")
    assert decision(empty_site)["card"] == "MAY MOVE"


def test_a_choice_that_is_no_fact_leads_back_to_the_choice(empty_site: TestClient) -> None:
    for path in (f"{HERE}/enter", f"{HERE}/enter?cc=XX&fact=import.used", f"{HERE}/enter?cc=TH&fact=x"):
        assert empty_site.get(path).status_code == 422
        assert empty_site.get(twin(path)).json()["faults"]
