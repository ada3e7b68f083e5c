"""The page of triage: one battery that is typed in, a file of many, faults in place, words."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kitaran.registry.triage.columns import SEEN
from kitaran.registry.triage.intake import rows_of
from tests.web.page_text import PageText
from tests.web.test_language import LETTERS, own_words

HERE = "/triage"
LOOKED = "&".join(f"{name}=0" for name in SEEN)
GOOD = f"?chemistry=LFP&q_nominal_ah=100&nominal_v=51.2&capacity_test_ah=92&{LOOKED}&place=THA"
UNSAFE = f"{GOOD}&leaked=1&id=B-7".replace("leaked=0&", "")
PULSED = "?chemistry=LMO&q_nominal_ah=10&pulse_s=5&pulse=" + "+".join(f"3.{each}" for each in range(600, 621))
KINDS = ("", GOOD, UNSAFE, PULSED, GOOD.replace("=92", "=65"), "?q_nominal_ah=50&swollen=0")
FILE = b"id,chemistry,q_nominal_ah,nominal_v,capacity_test_ah,swollen,leaked,vented,water,crash\n" + (
    b"A,LFP,100,51.2,92,0,0,0,0,0\nB,LFP,100,51.2,,1,0,0,0,0\nC,LFP,100,51.2,66,,,,,\n"
)


def send(site: TestClient, content: bytes, name: str = "tests.csv", address: str = HERE, place: str = "THA"):  # type: ignore[no-untyped-def]
    return site.post(address, data={"place": place}, files={"file": (name, content)})


def test_a_good_battery_is_told_its_health_way_and_worth_in_local_currency(site: TestClient) -> None:
    page = " ".join(PageText(site.get(HERE + GOOD).text).words)
    assert "Looks safe" in page
    assert "Fit for use as before" in page
    facts = site.get(f"{HERE}.json{GOOD}").json()["batteries"][0]
    assert facts["soh"] == pytest.approx(0.92)
    assert facts["value_usd"] > 0
    assert "THB" in site.get(HERE + GOOD).text


def test_an_unsafe_battery_is_told_what_to_do_and_nothing_of_its_health(site: TestClient) -> None:
    page = " ".join(PageText(site.get(HERE + UNSAFE).text).words)
    assert "Not safe" in page
    assert "Do not charge, discharge, open or stack it." in page
    assert "Health:" not in page
    facts = site.get(f"{HERE}.json{UNSAFE}").json()["batteries"][0]
    assert (facts["soh"], facts["grade"], facts["signs"]) == (None, "quarantine", ["leaked"])


@pytest.mark.parametrize("query", KINDS)
def test_every_kind_of_battery_is_answered(site: TestClient, query: str) -> None:
    assert site.get(HERE + query).status_code == 200
    assert len(site.get(f"{HERE}.json{query}").json()["batteries"]) == (1 if query else 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q_nominal_ah=many", "q_nominal_ah"),
        ("q_nominal_ah=0", "q_nominal_ah"),
        ("swollen=2", "swollen"),
        ("leaked=0.5", "leaked"),
        ("pulse=3.1+3.2", "pulse"),
        ("pulse=" + "+".join(["999"] * 21), "pulse"),
        ("capacity_test_ah=90&place=ATL", "place"),
        ("nominal_v=x&insulation_mohm=-1", "insulation_mohm"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(site: TestClient, query: str, field: str) -> None:
    answer = site.get(f"{HERE}?{query}")
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert site.get(f"{HERE}.json?{query}").status_code == 422


def test_a_decimal_comma_is_a_decimal_comma(site: TestClient) -> None:
    facts = site.get(f"{HERE}.json?chemistry=LFP&q_nominal_ah=100&capacity_test_ah=91,5").json()
    assert facts["batteries"][0]["soh"] == pytest.approx(0.915)


def test_a_file_of_many_is_answered_the_unsafe_first(site: TestClient) -> None:
    answer = send(site, FILE)
    assert answer.status_code == 200
    page = answer.text
    assert "1 of these batteries is not safe" in page
    rows = page.partition("<tbody")[2]
    assert rows.index(">B<") < rows.index(">C<") < rows.index(">A<")
    told = send(site, FILE, address=f"{HERE}.json").json()["batteries"]
    assert [each["grade"] for each in told] == ["reuse", "quarantine", "repurpose"]


def test_the_files_to_fill_can_be_taken_and_come_back(site: TestClient) -> None:
    assert site.get(f"{HERE}/sheet.pdf").content.startswith(b"%PDF")
    blank = site.get(f"{HERE}/tests.xlsx").content
    assert "holds no battery" in send(site, blank, "tests.xlsx").text
    text = site.get(f"{HERE}/tests.csv").content.decode().strip()
    line = ",".join("80" if name == "q_nominal_ah" else "" for name in text.split(","))
    assert rows_of(f"{text}\n{line}".encode(), "tests")[0]["q_nominal_ah"] == "80"


@pytest.mark.parametrize(
    ("content", "place", "cause"),
    [
        (b"", "THA", "cannot be graded"),
        (b"a,b\n1,2\n", "THA", "U1"),
        (FILE.replace(b",92", b",many"), "THA", "line 2, column capacity_test_ah"),
        (FILE, "ATL", "No such economy"),
        (b"x" * 2_000_001, "THA", "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_graded_is_told_why_in_place(
    site: TestClient, content: bytes, place: str, cause: str
) -> None:
    answer = send(site, content, place=place)
    assert answer.status_code == 422
    assert 'id="file-fault"' in answer.text
    assert cause in answer.text or cause == "cannot be graded"
    assert send(site, content, address=f"{HERE}.json", place=place).status_code == 422


@pytest.mark.parametrize("query", KINDS)
def test_no_word_of_the_page_escapes_the_translator(site: TestClient, query: str) -> None:
    mark = "&" if query else "?"
    page = PageText(site.get(f"{HERE}{query}{mark}lang=qps").text)
    left = [own_words(words) for words in page.words]
    assert [words for words in left if LETTERS.search(words)] == []
