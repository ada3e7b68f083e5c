"""The papers of an answer: linked from it, as PDF, as a page and as JSON, all from the same facts."""

from __future__ import annotations

import io
import json
import zipfile
from html import unescape

import pytest
import yaml
from fastapi.testclient import TestClient
from pypdf import PdfReader

from kitaran.law.papers import catalogue
from tests.web.page_text import PageText

QUERY = "kind=ev_pack&chemistry=NMC&condition=non_functional&purpose=recycling&from=LA&to=KR&over=TH&mode=sea"
CONSENT = QUERY.replace("from=LA", "from=SG").replace("over=TH", "over=none") + "&leaving=2026-06-01"
NAMES = (*(name for name, row in catalogue().items() if row["parts"]), "letter-1")


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_is_the_same_as_page_as_json_and_as_pdf(site: TestClient, name: str) -> None:
    page = unescape(site.get(f"/move/papers/{name}?{QUERY}").text)
    twin = site.get(f"/move/papers/{name}.json?{QUERY}").json()
    pdf = site.get(f"/move/papers/{name}.pdf?{QUERY}")
    assert pdf.headers["content-type"] == "application/pdf"
    printed = "".join(
        "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf.content)).pages).split()
    )
    for part in twin["parts"]:
        for row in part["rows"]:
            for entry in row:
                for line in entry["value"].split("\n"):
                    assert line in page
                    assert "".join(line.split()).replace("\u200b", "") in printed.replace("\u200b", "")
    assert twin["prepared"] in page
    assert len(PageText(page).named("h1")) == 1


def test_an_answer_leads_to_each_paper_that_it_asks_for(site: TestClient) -> None:
    page = unescape(site.get(f"/move?{CONSENT}").text)
    for name in ("notification", "movement", "packing_list", "dangerous_goods"):
        for form in ("", ".pdf", ".json"):
            assert f'href="/move/papers/{name}{form}?' in page
    assert "/move/papers/declaration" not in page
    listed = site.get(f"/move/papers.json?{CONSENT}").json()["papers"]
    assert {row["id"] for row in listed} >= {*NAMES} - {"letter-1"}
    assert [row["needed"] for row in listed] == sorted((row["needed"] for row in listed), reverse=True)


def test_an_old_address_of_a_form_leads_to_its_paper(site: TestClient) -> None:
    answer = site.get(f"/move/forms/notification?{QUERY}", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"].startswith("/move/papers/notification?kind=ev_pack")


@pytest.mark.parametrize("name", ["nothing", "letter", "letter-99"])
@pytest.mark.parametrize("form", ["", ".pdf", ".json"])
def test_a_paper_that_is_none_is_not_found(site: TestClient, name: str, form: str) -> None:
    assert site.get(f"/move/papers/{name}{form}?{QUERY}").status_code == 404


def test_a_filled_case_file_comes_back_as_papers(site: TestClient) -> None:
    text = site.get(f"/move/papers/case.yaml?{CONSENT}").text
    blank = yaml.safe_load(text)
    assert blank["facts"]["route"] == {"export": "SG", "import": "KR", "transit": [], "mode": "sea"}
    assert blank["particulars"]["parties"]["holder"]["name"] is None
    sent = text.replace("name: null", "name: 日本電池", 1).replace("reference: null", "reference: KX-17")
    answer = site.post("/move/papers", files={"file": ("case.yaml", sent.encode())})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        paper = json.loads(archive.read("notification.json"))
    assert {"notification.pdf", "movement.pdf", "packing_list.pdf", "dangerous_goods.pdf"} <= set(names)
    assert paper["reference"] == "KX-17"
    assert answer.content == site.post("/move/papers", files={"file": ("case.yaml", sent.encode())}).content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"as_of: 2026-06-01\nfacts: {}\nparticulars: {colour: red}\n", "particulars.colour"),
        (b"as_of: [", "This is no YAML"),
        (b"cases: []\n", "Papers are for one case."),
        (b"a: &a [1]\nb: *a\n", "refers to itself"),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"[" * 5000, "This is no YAML"),
    ],
)
def test_a_wrong_case_file_is_told_at_its_field(site: TestClient, content: bytes, words: str) -> None:
    answer = site.post("/move/papers", files={"file": ("case.yaml", content)})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert 'id="file"' in answer.text
