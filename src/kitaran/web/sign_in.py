"""Signing in and out, and the one-time link with which somebody sets a password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Any, Final

from fastapi import Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.api import access, registry
from kitaran.api.form_tokens import VISITOR
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.parties import accounts, one_time_links, passwords, sessions, signing_in
from kitaran.registry.parties.access_acts import record
from kitaran.registry.parties.secret_values import make as make_secret
from kitaran.web import oidc
from kitaran.web.access_words import role_meanings, role_words, shown_faults
from kitaran.web.cookies import BROWSER, SIGN_IN, let_in, put
from kitaran.web.entries import Entry
from kitaran.web.layout import render
from kitaran.web.pages import JSONFacts, Pages, twin_path
from kitaran.web.preferences import own_address

LINK: Final = "kitaran_link"
"""Cookie that holds a one-time link for as long as its page is open: the address no longer does."""
EXAMPLE: Final = f"{SIGN_IN}/example"
_ROOMS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("/producer", frozenset({"producer"})),
    ("/admin", frozenset({"authority", "auditor"})),
    ("/move", frozenset({"officer"})),
    ("/facility", frozenset()),
)
_PASSED_ON: Final = re.compile(
    r"forwarded|via|x-(forwarded|original|envoy|real|scheme|proxy)\b.*|.*-(client|connecting)-ip|cdn-loop"
)
"""Headers by which a proxy or a tunnel says that it passes on what came from elsewhere."""
_CODE: Final = re.compile(r"[\w-]{1,100}", re.ASCII)
pages = Pages()


@pages.router.get(f"{SIGN_IN}.json")
def sign_in_facts(request: Request) -> Response:
    return JSONFacts(_facts(request))


@pages.router.get(SIGN_IN)
def sign_in_page(request: Request, next: str = "/") -> Response:
    """Name and password, or the ways in that the settings name."""
    return _shown(request, "access/sign_in.html", {**_facts(request), "next": own_address(next)})


@pages.router.post(SIGN_IN)
def sign_in(
    request: Request,
    sign_in_name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """A session for who knows the password, and on to where the person wanted to go."""
    opened = registry.of(request)
    engine = opened.whole().engine
    known = signing_in.known_browser(engine, sign_in_name, request.cookies.get(BROWSER))
    try:
        opened.attempts.take(registry.address(request), sign_in_name, known)
        made = signing_in.sign_in(engine, sign_in_name, password)
    except KitaranError as error:
        words = {**_facts(request), "next": own_address(next), "sign_in_name": sign_in_name[:200]}
        return _again(request, "access/sign_in.html", words, error)
    return let_in(request, made, own_address(next))


@pages.router.post(EXAMPLE)
def sign_in_as_example(
    request: Request, person: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
) -> Response:
    """A session of an invented person, where a demonstration is served; no such page anywhere else."""
    invented = access.serving(request).invented
    if invented is None or person not in invented.people or not _from_here(request):
        raise HTTPException(404)
    with writing(registry.of(request).whole().engine) as connection:
        found = accounts.get(connection, person)
        made = signing_in.enter(connection, found, "link")
    to = own_address(next)
    return let_in(request, made, _room_of(found.roles) if to == "/" else to)


def _room_of(roles: frozenset[str]) -> str:
    """Where the work of an example begins."""
    return next(door for door, whose in _ROOMS if not whose or whose & roles)


def _from_here(request: Request) -> bool:
    """Whether the request comes from this computer, as far as the connection tells.

    What a proxy passed on comes from anywhere, though the proxy itself stands here.
    """
    if any(_PASSED_ON.fullmatch(name) for name in request.headers):
        return False
    try:
        return ip_address(registry.address(request)).is_loopback
    except ValueError:
        return False


@pages.router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this session; the browser forgets it."""
    person = access.signed_in(request)
    if person is not None and person.session is not None:
        with writing(registry.of(request).whole().engine) as connection:
            sessions.end(connection, person.session)
            record(connection, "signed_out", person.id, person.operator.id, person.id)
    answer = RedirectResponse("/", 303)
    access.drop_session(request, answer)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@pages.router.get(one_time_links.PATH)
def link_page(request: Request, code: str | None = None) -> Response:
    """What a one-time link opens. Its code goes from the address into a cookie of this page, at once."""
    if code is not None:
        answer = RedirectResponse(one_time_links.PATH, 303)
        put(request, answer, LINK, code if _CODE.fullmatch(code) else "", 3600)
        return answer
    return _shown(request, "access/link.html", {**_link_facts(request), "given": {}})


@pages.router.get(twin_path(one_time_links.PATH))
def link_facts(request: Request) -> Response:
    return JSONFacts(_link_facts(request))


@pages.router.post(one_time_links.PATH)
def use_link(
    request: Request,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    organisation: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    sign_in_name: Annotated[str, Form()] = "",
) -> Response:
    """Set the password, once; the first link also enters the organisation and the person."""
    opened = registry.of(request).whole()
    code = request.cookies.get(LINK, "")
    given = {"organisation": organisation, "name": name, "sign_in_name": sign_in_name}
    facts = _link_facts(request)
    try:
        if password != again:
            raise InputError("The two passwords differ.", "again", "Type the same one twice.")
        if facts["purpose"] == "first":
            first = signing_in.FirstAdministrator(**given, password=password)
            made = signing_in.begin_installation(opened.engine, opened.enrolment, code, first)
        else:
            made = signing_in.set_password_by_link(opened.engine, code, password)
    except InputError as error:
        return _again(request, "access/link.html", {**facts, "given": given}, error)
    answer = let_in(request, made, "/admin" if facts["purpose"] == "first" else "/account")
    answer.delete_cookie(LINK, path=SIGN_IN)
    return answer


def _facts(request: Request) -> dict[str, Any]:
    person = access.signed_in(request)
    return {
        "signed_in": person is not None,
        "name": None if person is None else person.name,
        "outside": oidc.label(request),
        "examples": _examples(request),
    }


def _examples(request: Request) -> list[dict[str, Any]]:
    """Invented people of a demonstration, each with its roles; none in a real registry."""
    invented = access.serving(request).invented
    if invented is None or not _from_here(request):
        return []
    with reading(registry.of(request).whole().engine) as connection:
        found = [accounts.get(connection, one) for one in invented.people]
    return [
        {"person": one.id, "name": one.name, "organisation": one.operator.name, "roles": sorted(one.roles)}
        for one in found
    ]


def _link_facts(request: Request) -> dict[str, Any]:
    """Raises LinkOverError if the link in the cookie does not work."""
    with reading(registry.of(request).whole().engine) as connection:
        link = one_time_links.look(connection, request.cookies.get(LINK, ""))
        person = None if link.account is None else accounts.get(connection, link.account)
    return {
        "purpose": link.purpose,
        "valid_until": link.valid_until,
        "name": None if person is None else person.name,
        "sign_in_name": None if person is None else person.sign_in_name,
        "organisation": None if person is None else person.operator.name,
        "shortest": passwords.SHORTEST,
    }


def _shown(request: Request, template: str, words: Mapping[str, Any], status: int = 200) -> Response:
    """A page that nobody keeps, with a cookie of its own for its form's token."""
    fresh = VISITOR not in request.cookies
    request.state.visitor = make_secret() if fresh else request.cookies[VISITOR]
    content = {"twin": twin_path(request.url.path), "faults": [], "sign_in_name": "", **words}
    content |= {"role_words": role_words(), "role_meanings": role_meanings()}
    answer = HTMLResponse(render(request, template, content), status)
    answer.headers["Cache-Control"] = "no-store"
    if fresh:
        put(request, answer, VISITOR, request.state.visitor, 3600)
    return answer


def _again(request: Request, template: str, words: Mapping[str, Any], error: KitaranError) -> Response:
    answer = _shown(request, template, {**words, "faults": shown_faults(error.faults)}, error.http_status)
    if retry_after := getattr(error, "retry_after", None):
        answer.headers["Retry-After"] = str(retry_after)
    return answer


pages.router.add_api_route(oidc.HERE, oidc.begin, methods=["POST"], response_class=Response)
pages.router.add_api_route(oidc.BACK, oidc.back, methods=["GET"], response_class=Response)
ENTRY = Entry(pages.router, SIGN_IN, paths=lambda _: [SIGN_IN])
