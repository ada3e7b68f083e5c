"""Signing in at another provider: a scripted one on loopback, honest and otherwise."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI
from httpx import Response

from kitaran.api.access import Serving
from kitaran.api.oidc import Provider, check
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.web import create_app
from tests.web.people import Browser, browser, person

jwt = pytest.importorskip("jwt", reason="the extra oidc is not installed (pip install kitaran[oidc])")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class ScriptedProvider:
    """An identity provider that says what the test tells it. wrong : claims or header that it bends"""

    def __init__(self) -> None:
        self.subject, self.wrong, self.key, self.asked = "7001", {}, KEY, []  # type: ignore[var-annotated]
        self.challenge, self.nonce, self.algorithm = "", "", "RS256"
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(provider.metadata() if "well-known" in self.path else provider.keys())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(provider.exchange({k: v[0] for k, v in parse_qs(body).items()}, self.headers))

            def _answer(self, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(400 if "error" in content else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def metadata(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {
            "issuer": self.wrong.get("metadata_issuer", self.issuer),
            **{name: self.issuer + path for name, path in ends.items()},
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def exchange(self, form: dict[str, str], headers: Any) -> dict[str, Any]:
        """The token, if the verifier fits the challenge, once a code."""
        self.asked.append((form, headers.get("Authorization", "")))
        made = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if made.decode() != self.challenge or form["code"] != "the-code":
            return {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": "kitaran",
            "nonce": self.nonce,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
        }
        claims |= {name: value for name, value in self.wrong.items() if name != "metadata_issuer"}
        key: Any = self.key if self.algorithm == "RS256" else "k" * 32 if self.algorithm == "HS256" else None
        return {"id_token": jwt.encode(claims, key, self.algorithm, {"kid": "one"})}


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    made = ScriptedProvider()
    yield made
    made.server.shutdown()


@pytest.fixture
def app(workspace: Workspace, provider: ScriptedProvider) -> Iterator[FastAPI]:
    known = Provider(provider.issuer, "kitaran", "s:ecret", "the ministry")
    made = create_app(workspace, Serving(provider=known))
    yield made
    made.state.registry.close()
    made.state.jobs.engine.dispose()


@pytest.fixture
def registry(app: FastAPI) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


def go(visitor: Browser, provider: ScriptedProvider, at: str = "/sign-in", **fields: str) -> dict[str, str]:
    """Leave for the provider; the query that it was sent."""
    page = visitor.fill("/sign-in/oidc", at=at, **fields)
    assert page.status_code == 200, page.text
    address = page.text.partition('content="0;url=')[2].partition('"')[0].replace("&amp;", "&")
    assert address.startswith(provider.issuer + "/authorize?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    provider.challenge, provider.nonce = query["code_challenge"], query["nonce"]
    return query


def back(visitor: Browser, query: dict[str, str], **changed: str) -> Response:
    answer = {"code": "the-code", "state": query["state"], **changed}
    return visitor.get("/sign-in/oidc/back", params=answer, follow_redirects=False)


@pytest.fixture
def connected(app: FastAPI, registry: Registry, provider: ScriptedProvider) -> None:
    """Somchai has connected subject 7001 with his account."""
    person(registry, "Delta", "Somchai", "recycler")
    somchai = browser(app)
    somchai.sign_in("somchai")
    answer = back(somchai, go(somchai, provider, "/account", connect="yes"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert provider.issuer in somchai.get("/account").text


@pytest.mark.usefixtures("connected")
def test_who_is_known_at_the_provider_gets_in_here(app: FastAPI, provider: ScriptedProvider) -> None:
    visitor = browser(app)
    assert "Sign in with the ministry" in visitor.get("/sign-in").text
    query = go(visitor, provider, next="/plan")
    assert {
        "response_type": "code",
        "scope": "openid",
        "code_challenge_method": "S256",
    }.items() <= query.items()
    assert query["redirect_uri"].endswith("/sign-in/oidc/back")
    answer = back(visitor, query)
    assert (answer.status_code, answer.headers["location"]) == (303, "/plan")
    account = visitor.get("/account.json").json()
    assert account["name"] == "Somchai"
    assert account["sessions"][0]["means"] == "oidc"
    form, authorization = provider.asked[-1]
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"kitaran:s%3Aecret"
    assert form["grant_type"] == "authorization_code"
    assert "client_secret" not in form


@pytest.mark.usefixtures("connected")
def test_another_subject_and_an_ended_connection_open_nothing(
    app: FastAPI, provider: ScriptedProvider
) -> None:
    visitor = browser(app)
    provider.subject = "7002"
    assert back(visitor, go(visitor, provider)).status_code == 403
    somchai = browser(app)
    somchai.sign_in("somchai")
    somchai.fill("/account/identities/end", at="/account", issuer=provider.issuer)
    provider.subject = "7001"
    assert back(visitor, go(visitor, provider)).status_code == 403


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of another visit"},
        {"aud": "another site"},
        {"aud": ["kitaran", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"sub": ""},
        {"metadata_issuer": "https://evil.example"},
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    app: FastAPI, provider: ScriptedProvider, wrong: dict[str, Any]
) -> None:
    visitor = browser(app)
    query = go(visitor, provider)
    provider.wrong = wrong
    assert back(visitor, query).status_code == 502
    assert visitor.get("/account.json").status_code == 401


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("algorithm", ["none", "HS256", "foreign"])
def test_a_token_signed_by_nobody_or_by_another_is_refused(
    app: FastAPI, provider: ScriptedProvider, algorithm: str
) -> None:
    visitor = browser(app)
    query = go(visitor, provider)
    if algorithm == "foreign":
        provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    else:
        provider.algorithm = algorithm
    assert back(visitor, query).status_code == 502


@pytest.mark.usefixtures("connected")
def test_an_answer_to_another_question_is_refused(app: FastAPI, provider: ScriptedProvider) -> None:
    visitor = browser(app)
    query = go(visitor, provider)
    assert back(visitor, query, state="another").status_code == 502
    assert back(visitor, query, iss="https://evil.example").status_code == 502
    assert back(visitor, query, code="").status_code == 502
    assert back(browser(app), query).status_code == 403


def test_an_identity_is_connected_only_in_the_session_that_asked(
    app: FastAPI, registry: Registry, provider: ScriptedProvider
) -> None:
    person(registry, "Delta", "Somchai", "recycler")
    somchai = browser(app)
    somchai.sign_in("somchai")
    query = go(somchai, provider, "/account", connect="yes")
    somchai.sign_in("somchai")
    assert back(somchai, query).status_code == 403
    assert somchai.get("/account.json").json()["identities"] == []


def test_an_identity_of_one_person_is_not_taken_by_another(
    app: FastAPI, registry: Registry, provider: ScriptedProvider, connected: None
) -> None:
    person(registry, "Beta", "Lek", "operator")
    lek = browser(app)
    lek.sign_in("lek")
    assert back(lek, go(lek, provider, "/account", connect="yes")).status_code == 422


def test_without_a_provider_there_is_no_such_door(workspace: Workspace) -> None:
    app = create_app(workspace)
    visitor = browser(app)
    assert "/sign-in/oidc" not in visitor.get("/sign-in").text
    assert visitor.fill("/sign-in/oidc", at="/sign-in").status_code == 404
    assert visitor.get("/sign-in/oidc/back?code=x&state=y").status_code == 404
    app.state.jobs.engine.dispose()


def test_a_provider_is_reached_over_tls() -> None:
    with pytest.raises(InputError, match="not reached over TLS"):
        check(Provider("http://id.example", "kitaran"))
    check(Provider("https://id.example", "kitaran"))
