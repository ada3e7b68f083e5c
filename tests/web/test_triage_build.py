"""The page of storage systems: a file of tests in, systems with strings, size and value out."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kitaran.registry.triage.columns import SEEN
from tests.web.page_text import PageText
from tests.web.test_language import LETTERS, own_words

HERE = "/triage/build"
HEAD = "id,chemistry,q_nominal_ah,nominal_v,capacity_test_ah," + ",".join(SEEN)
SOUND = [f"B{number},LFP,100,51.2,{90 + number},0,0,0,0,0" for number in range(4)]
FILE = "\n".join([HEAD, *SOUND, "U,LFP,100,51.2,93,1,0,0,0,0", "N,LFP,100,51.2,93,,,,,"]).encode()


def send(site: TestClient, content: bytes = FILE, address: str = HERE, **given: str):  # type: ignore[no-untyped-def]
    fields = {"place": "THA", "target_kwh": "8", **given}
    return site.post(address, data=fields, files={"file": ("yard.csv", content)})


def test_a_file_is_built_into_systems_and_what_is_left_is_told(site: TestClient) -> None:
    plan = send(site, address=f"{HERE}.json").json()["plan"]
    assert [len(each["batteries"]) for each in plan["systems"]] == [2, 2]
    assert all(each["usable_kwh"] >= 8 for each in plan["systems"])
    answer = send(site)
    assert answer.status_code == 200
    page = " ".join(PageText(answer.text).words)
    assert "2 storage systems" in page
    assert "Not safe: set it apart." in page
    assert "Nobody looked for signs of danger." in page
    assert "THB" in answer.text


def test_many_systems_are_a_table_with_a_line_for_each(site: TestClient) -> None:
    many = [f"M{number},LFP,100,51.2,92,0,0,0,0,0" for number in range(18)]
    page = send(site, "\n".join([HEAD, *many]).encode()).text
    assert "9 storage systems" in page
    assert all(f"M{number}" in page for number in range(18))
    assert '<section class="card system"' not in page
    assert "Sold each by its own best way these batteries bring more" in page


def test_the_plan_comes_as_a_file_for_the_bench(site: TestClient) -> None:
    answer = send(site, address=f"{HERE}/plan.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="plan.csv"'
    assert answer.text.count("LFP,100.0,51.2") == 4
    assert send(site, address=f"{HERE}/plan.xlsx").content.startswith(b"PK")
    wrong = send(site, address=f"{HERE}/plan.csv", target_kwh="many")
    assert wrong.status_code == 422
    assert 'id="target_kwh-fault"' in wrong.text


def test_a_size_that_cannot_be_reached_is_told_with_what_to_do(site: TestClient) -> None:
    page = " ".join(PageText(send(site, target_kwh="500").text).words)
    assert "No system can be built" in page
    assert "Ask for a smaller system" in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"target_kwh": "many"}, "target_kwh"),
        ({"target_kwh": "-1"}, "target_kwh"),
        ({"volts": "1e9"}, "volts"),
        ({"soh_spread": "nan"}, "soh_spread"),
        ({"place": "ATL"}, "place"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(site: TestClient, given: dict[str, str], field: str) -> None:
    answer = send(site, **given)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert send(site, address=f"{HERE}.json", **given).status_code == 422


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", FILE.replace(b",93,", b",much,")])
def test_a_file_that_cannot_be_read_is_told_why_beside_it(site: TestClient, content: bytes) -> None:
    answer = send(site, content)
    assert answer.status_code == 422
    assert 'id="file-fault"' in answer.text


def test_a_stock_asks_who_it_is_that_asks(site: TestClient) -> None:
    for address in (f"{HERE}?stock=1", f"{HERE}/plan.xlsx?stock=1"):
        answer = site.get(address, follow_redirects=False)
        assert answer.status_code in (302, 303, 401)


def test_no_word_of_the_page_escapes_the_translator(site: TestClient) -> None:
    for page in (site.get(f"{HERE}?lang=qps").text, send(site, address=f"{HERE}?lang=qps").text):
        left = [own_words(words) for words in PageText(page).words]
        assert [words for words in left if LETTERS.search(words)] == []
