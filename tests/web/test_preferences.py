"""Colours and language are the reader's choice, kept without scripts."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kitaran.web.preferences import own_address


def test_a_chosen_theme_holds_on_the_next_page(site: TestClient) -> None:
    answer = site.post(
        "/preferences", data={"theme": "dark", "back": "/plan?year=2030"}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/plan?year=2030"
    assert '<html lang="en" data-theme="dark">' in site.get("/about").text


def test_without_a_choice_the_device_decides(site: TestClient) -> None:
    assert "data-theme" not in site.get("/about").text


def test_an_unknown_theme_changes_nothing(site: TestClient) -> None:
    assert (
        "set-cookie" not in site.post("/preferences", data={"theme": "loud"}, follow_redirects=False).headers
    )


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "plan", "/a\nb", ""]
)
def test_nobody_is_sent_to_another_site(elsewhere: str) -> None:
    assert own_address(elsewhere) == "/"


def test_an_address_of_this_site_is_kept() -> None:
    assert own_address("/plan/THA?year=2035") == "/plan/THA?year=2035"
