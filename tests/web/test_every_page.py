"""What holds for every page: it answers, it has a twin, it brings nothing inline and nothing from outside."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.web import page_paths, twin_path
from kitaran.web.pages import Page, Pages
from tests.web.page_text import PageText

SOME = (
    "/",
    "/?economy=ASIA_PACIFIC&year=2050&quantity=retired_batteries",
    "/plan",
    "/plan/THA",
    "/plan/FSM?quantity=contained_li",
    "/plan/THA/inputs",
    "/data",
    "/data/ev_sales?economy=THA",
    "/data/sources",
    "/plan/value?chem=NMC622&kwh=60&new=120",
    "/own-data",
    "/triage?chemistry=LFP&q_nominal_ah=100&nominal_v=51.2&capacity_test_ah=92",
    "/about",
)


def test_each_path_of_the_site_answers_as_page_and_as_facts(site: TestClient, made: Workspace) -> None:
    paths = page_paths(made)
    assert {"/", "/plan", "/plan/THA", "/plan/THA/inputs", "/data", "/data/ev_sales", "/about"} <= set(paths)
    assert len(paths) == len(set(paths))
    one_of_each_kind = {re.sub(r"[A-Z]{3}", "economy", path): path for path in paths}
    for path in one_of_each_kind.values():
        page, twin = site.get(path), site.get(twin_path(path))
        assert page.status_code == 200, path
        assert twin.status_code == 200, path
        assert json.loads(twin.content), path


@pytest.mark.parametrize("path", SOME)
def test_a_page_has_one_heading_a_title_and_a_way_past_the_menu(site: TestClient, path: str) -> None:
    html = site.get(path).text
    page = PageText(html)
    assert len(page.named("h1")) == 1
    assert len(PageText(html.partition("</head>")[0]).named("title")) == 1
    assert {"class": "skip", "href": "#content"} in page.named("a")
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", [*SOME, "/nowhere", "/?year=1900"])
def test_a_page_brings_no_inline_script_or_style(site: TestClient, path: str) -> None:
    page = PageText(site.get(path).text)
    assert not page.named("style")
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
    for script in page.named("script"):
        assert script["src"].startswith("/static/")


@pytest.mark.parametrize("path", SOME)
def test_a_page_loads_nothing_from_outside(site: TestClient, path: str) -> None:
    page = PageText(site.get(path).text)
    loaded = [a.get("src") for name, a in page.tags if name in ("img", "script", "iframe") and "src" in a]
    loaded += [a["href"] for a in page.named("link")]
    assert loaded
    assert all(address and re.match(r"/[^/]", address) for address in loaded)


@pytest.mark.parametrize("path", [*SOME, "/nowhere", "/index.json", "/static/kitaran.css", "/static/vega.js"])
def test_every_answer_carries_the_policy(site: TestClient, path: str) -> None:
    headers = site.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_figures_of_the_page_are_those_of_its_twin(site: TestClient) -> None:
    twin = site.get("/plan/VNM.json?year=2040").json()
    page = site.get("/plan/VNM?year=2040").text
    assert twin["year"] == 2040
    assert f"{twin['p50']:.3g}" in page
    assert twin["sentence"].split(" about ")[1].split(" ")[0].split("\u00a0")[0] in page


def test_the_twin_of_the_first_page_has_a_name() -> None:
    assert twin_path("/") == "/index.json"
    assert twin_path("/?year=2035") == "/index.json?year=2035"
    assert twin_path("/plan/THA?year=2035") == "/plan/THA.json?year=2035"


def test_a_page_names_its_twin(site: TestClient) -> None:
    page = PageText(site.get("/plan/THA?year=2030").text)
    alternate = next(a for a in page.named("link") if a["rel"] == "alternate")
    assert site.get(alternate["href"]).json()["year"] == 2030


def test_no_model_of_an_answer_is_built_for_a_page() -> None:
    """A model of `Page` would cost milliseconds for each address, whenever a site is opened."""
    pages = Pages()

    @pages.page("/example", "about.html")
    def example(request: Request) -> Page:
        return Page({})

    assert [getattr(route, "response_field", route) for route in pages.router.routes] == [None, None]
