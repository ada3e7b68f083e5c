"""Every citation of every table of the law stands on the page that uses it, with how sure it is.

The tables are read here as files, without the code that makes the pages: a table or a row that no page shows
makes these tests fail.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from importlib import resources
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from kitaran.law.definitions import slug as term_slug

TABLES = resources.files("kitaran.law").joinpath("tables")
SURE = {
    "high": "high confidence",
    "medium": "medium confidence",
    "low": "low confidence",
    "primary": "read at its source",
    "secondary": "read in another publication",
    "not_seen": "not seen; from general knowledge",
}
OWN_PAGE = {
    "definitions.csv": "/move/definitions",
    "working_definitions.csv": "/move/definitions",
    "policies.csv": "/move/policies",
    "epr_targets.csv": "/move/targets",
}
Row = Mapping[str, Any]


def names() -> list[str]:
    return sorted(entry.name for entry in TABLES.iterdir() if entry.name.endswith((".csv", ".yaml")))


@lru_cache(maxsize=64)
def rows_of(name: str) -> tuple[Row, ...]:
    """The rows of a table that carry a citation or a source."""
    text = TABLES.joinpath(name).read_text(encoding="utf-8")
    if name.endswith(".csv"):
        found: list[Row] = list(csv.DictReader(text.splitlines()))
    else:
        found = list(_entries(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))
    return tuple(row for row in found if row.get("cite") or (row.get("source") and name != "sources.csv"))


def _entries(content: Any, name: str = "") -> Iterator[Row]:
    """Every mapping with a citation or a source, however deep it lies."""
    if isinstance(content, dict):
        if "cite" in content or "source" in content:
            yield {"id": name, **content}
        for key, value in content.items():
            yield from _entries(value, str(key))
    elif isinstance(content, list):
        for value in content:
            yield from _entries(value, name)


CITED = [name for name in names() if rows_of(name)]


def articles_of_page(html: str) -> list[str]:
    """The text of each statement of a page."""
    found = re.findall(r'<article class="statement[^"]*".*?</article>', html, re.DOTALL)
    return [plain(each) for each in found]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def expected(row: Row) -> list[str]:
    """What must stand together on the page: article, source, confidence, how it was seen."""
    wanted = [str(row[name]) for name in ("id", "cite", "article") if row.get(name)]
    wanted += [part.strip() for part in str(row.get("source") or "").split(";") if part.strip()]
    wanted += [SURE[row[name]] for name in ("confidence", "seen") if row.get(name)]
    return [" ".join(each.split()) for each in wanted]


def shown_together(row: Row, statements: list[str]) -> bool:
    wanted = expected(row)
    return any(all(each in statement for each in wanted) for statement in statements)


def page_of(site: TestClient, name: str, row: Row) -> str:
    """The page that uses a row."""
    if name == "definitions.csv":
        return site.get(f"/move/definitions/{term_slug(row['term'])}").text
    if name in OWN_PAGE:
        return site.get(OWN_PAGE[name]).text
    return site.get("/move/rules?words=+&stage=").text


@pytest.fixture(scope="module")
def rule_book(site_app: Any) -> list[str]:
    """The statements of the rule book, jurisdiction by jurisdiction, as a reader would go through it."""
    site = TestClient(site_app)
    places = [each["place"] for each in site.get("/move/rules.json").json()["places"]]
    found: list[str] = []
    for place in places:
        found += articles_of_page(site.get(f"/move/rules?place={place}").text)
    return found


@pytest.mark.parametrize("name", [name for name in CITED if name not in OWN_PAGE])
def test_every_citation_of_a_table_stands_in_the_rule_book_with_how_sure_it_is(
    rule_book: list[str], name: str
) -> None:
    left_out = [row for row in rows_of(name) if not shown_together(row, rule_book)]
    assert left_out == []


@pytest.mark.parametrize("name", [name for name in CITED if name in OWN_PAGE])
def test_terms_policies_and_targets_show_their_citations_on_their_own_pages(
    site: TestClient, name: str
) -> None:
    left_out = []
    for row in rows_of(name):
        statements = articles_of_page(page_of(site, name, row))
        if row.get("state") in ("not_found",) or name == "working_definitions.csv":
            row = {key: value for key, value in row.items() if key != "source"}
        if not shown_together(row, statements):
            left_out.append(row)
    assert left_out == []


def test_the_test_sees_a_citation_that_no_page_shows(rule_book: list[str]) -> None:
    made_up = {"cite": "Law of Nowhere Art 1", "source": "S-MEM", "confidence": "high", "seen": "primary"}
    real = dict(rows_of("measures.csv")[0])
    unsure = {"high": "low", "medium": "low", "low": "high"}[real["confidence"]]
    assert not shown_together(made_up, rule_book)
    assert shown_together(real, rule_book)
    assert not shown_together({**real, "cite": real["cite"] + " bis", "confidence": unsure}, rule_book)


def test_there_are_as_many_statements_as_cited_rows(site: TestClient, rule_book: list[str]) -> None:
    rows = sum(len(rows_of(name)) for name in CITED if name not in OWN_PAGE)
    listed = site.get("/move/rules.csv").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(listed.splitlines()))) >= rows
    assert len(rule_book) >= rows


@pytest.mark.parametrize("name", ["rules_waste.yaml", "rules_control.yaml", "measures.csv", "status.csv"])
def test_every_rule_and_fact_has_a_page_with_its_article_source_and_days(site: TestClient, name: str) -> None:
    for row in rows_of(name)[:12]:
        page = plain(site.get(f"/move/rules/{row['id']}").text)
        missing = [each for each in expected(row) if each not in page]
        missing += [
            row[day] for day in ("valid_from", "valid_to") if row.get(day) and str(row[day]) not in page
        ]
        assert missing == [], row["id"]


def test_each_reason_of_a_decision_leads_to_its_rule(site: TestClient) -> None:
    asked = (
        "kind=ev_pack&chemistry=NMC&condition=non_functional&purpose=recycling&from=LA&to=KR&over=TH&mode=sea"
    )
    page = site.get(f"/move?{asked}").text
    reasons = site.get(f"/move.json?{asked}").json()["decision"]["reasons"]
    assert len(reasons) > 4
    for row in reasons:
        address = f"/move/rules/{row['rule']}"
        assert f'href="{address}"' in page
        assert site.get(address).status_code == 200


@pytest.mark.parametrize("page", ["/move/rules", "/move/rules.csv", "/move/rules.json"])
@pytest.mark.parametrize("wrong", ["place=XX", "stage=soup"])
def test_an_unknown_filter_is_refused_with_the_known_ones(site: TestClient, page: str, wrong: str) -> None:
    answer = site.get(f"{page}?{wrong}")
    assert answer.status_code == 422
    assert "Use one of" in answer.text


def test_filters_narrow_the_rule_book(site: TestClient) -> None:
    all_of_thailand = site.get("/move/rules.json?place=TH").json()["statements"]
    control = site.get("/move/rules.json?place=TH&stage=control").json()["statements"]
    worded = site.get("/move/rules.json?place=TH&words=transit").json()["statements"]
    assert {row["stage"] for row in control} == {"control"}
    assert 0 < len(worded) < len(all_of_thailand)
    assert 0 < len(control) < len(all_of_thailand)


def test_the_page_of_a_rule_says_when_it_applies_and_what_follows(site: TestClient) -> None:
    page = plain(site.get("/move/rules/W20").text)
    assert "Applies when purpose is recycling or disposal" in page
    assert "Then status: waste" in page
