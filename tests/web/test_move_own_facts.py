"""An authority enters its own facts in the browser; answers that use them say so."""

from __future__ import annotations

from fastapi.testclient import TestClient

from kitaran.law.own_facts import COLUMNS
from tests.web.test_move import PACK, PROOFS, twin

ANSWER = {
    "id": "tested-packs",
    "cc": "TH",
    "role": "import",
    "applies_to": "used",
    "effect": "note",
    "known_from": "2026-01-01",
    "text": "Tested packs enter under list 5.3",
    "question": "has the paper been filed?",
    "cite": "Letter 12/2569",
    "source": "Letter to the importer",
    "seen": "primary",
    "confidence": "high",
    "entered_by": "DIW desk officer",
    "supersedes": "TH-IMP-3",
}
CASE = (
    f"{PACK}&condition=functional&purpose=direct_reuse&from=JP&to=TH&over=none&leaving=2027-01-10"
    + "".join(f"&evidence.{name}=true" for name in PROOFS)
)


def table(**changes: str) -> bytes:
    row = {**ANSWER, **changes}
    return (",".join(COLUMNS) + "\r\n" + ",".join(row.get(name, "") for name in COLUMNS) + "\r\n").encode()


def test_an_answer_of_the_authority_is_taken_in_used_named_and_taken_out(empty_site: TestClient) -> None:
    assert empty_site.get(twin(CASE)).json()["decision"]["card"] == "ASK THE AUTHORITY"
    sent = empty_site.post(
        "/move/own-facts", files={"file": ("thailand.csv", table())}, follow_redirects=False
    )
    assert sent.status_code == 303
    decision = empty_site.get(twin(CASE)).json()["decision"]
    assert (decision["card"], decision["own_facts"]) == ("MAY MOVE", ["thailand.csv by DIW desk officer"])
    assert "DIW desk officer" in empty_site.get(CASE).text
    assert "Letter 12/2569" in empty_site.get("/move/own-facts").text
    empty_site.post("/move/own-facts/thailand.csv/remove")
    assert empty_site.get(twin(CASE)).json()["decision"]["card"] == "ASK THE AUTHORITY"


def test_a_wrong_row_is_shown_with_its_line_and_nothing_is_kept(empty_site: TestClient) -> None:
    answer = empty_site.post("/move/own-facts", files={"file": ("thailand.csv", table(entered_by=""))})
    assert answer.status_code == 422
    assert "thailand.csv, line 2" in answer.text
    assert empty_site.get("/move/own-facts.json").json()["tables"] == []


def test_a_name_that_leaves_the_folder_is_refused(empty_site: TestClient) -> None:
    assert empty_site.post("/move/own-facts", files={"file": ("..csv", table())}).status_code == 422
    assert empty_site.post("/move/own-facts/..%2Fx.csv/remove").status_code == 404
