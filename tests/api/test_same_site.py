"""Another web site in the visitor's browser can neither write here nor take this server's place."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kitaran.api.same_site import SameSite
from kitaran.cli.site.serving import hosts_served


def ask(
    method: str, headers: dict[str, str], hosts: Iterable[str] | None = (), at: str = "http://127.0.0.1:8474"
) -> int:
    app = FastAPI()
    app.add_api_route("/own-data", lambda: "kept", methods=["GET", "POST"])
    return (
        TestClient(SameSite(app, hosts), base_url=at)
        .request(method, "/own-data", headers=headers)
        .status_code
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},  # another program on this computer
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8474"},
    ],
)
def test_another_site_may_not_write(headers: dict[str, str]) -> None:
    assert ask("POST", headers) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:8474"},
        {"Origin": "http://127.0.0.1:8474", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_our_own_page_and_a_program_may_write(headers: dict[str, str]) -> None:
    assert ask("POST", headers) == 200


def test_a_link_from_another_site_may_be_followed() -> None:
    assert ask("GET", {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}) == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_name_that_points_here_is_not_answered(method: str) -> None:
    assert ask(method, {}, at="http://rebound.example:8474") == 403


@pytest.mark.parametrize("at", ["http://localhost:8474", "http://[::1]:8474", "http://127.0.0.1"])
def test_every_name_of_this_computer_is_answered(at: str) -> None:
    assert ask("GET", {}, at=at) == 200


def test_a_proxy_may_keep_or_change_the_host() -> None:
    hosts = hosts_served("127.0.0.1", "https://batteries.example.org")
    origin = {"Origin": "https://batteries.example.org"}
    assert ask("POST", origin, hosts, at="https://batteries.example.org") == 200
    assert ask("POST", origin, hosts, at="http://127.0.0.1:8474") == 200
    assert ask("POST", {"Origin": "https://elsewhere.example"}, hosts, at="http://127.0.0.1:8474") == 403


def test_a_server_for_a_network_answers_to_any_name_but_not_to_other_sites() -> None:
    hosts = hosts_served("0.0.0.0", None)
    assert hosts is None
    assert ask("POST", {"Origin": "http://ministry.lan:8474"}, hosts, at="http://ministry.lan:8474") == 200
    assert ask("POST", {"Origin": "https://elsewhere.example"}, hosts, at="http://ministry.lan:8474") == 403
