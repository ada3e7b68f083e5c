"""When something cannot be done: cause, place and remedy as a page, or as RFC 9457 problem JSON."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from kitaran.api.access import SignInNeededError, open_faults
from kitaran.api.pace import TooFastError
from kitaran.api.registry import UnknownCallerError
from kitaran.foundation.errors import Fault, KitaranError
from kitaran.web import language
from kitaran.web.headers import HEADERS
from kitaran.web.language import gettext as _
from kitaran.web.layout import render

log = logging.getLogger("kitaran.web")


def install(app: FastAPI) -> None:
    """Let the application answer every error in these two forms."""
    app.add_exception_handler(KitaranError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)


def wants_json(request: Request) -> bool:
    """Whether the one who asks is a program."""
    path = request.url.path
    return path.endswith(".json") or path.startswith("/api/")


def answer(request: Request, status: int, title: str, faults: Sequence[Fault]) -> Response:
    """The error page or its JSON form."""
    if wants_json(request):
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": " ".join(str(fault) for fault in faults),
            "instance": request.url.path,
            "faults": [fault.as_dict() for fault in faults],
        }
        headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
        return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")
    words = {"status": status, "title": title, "faults": faults}
    return HTMLResponse(render(request, "error.html", words), status)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, KitaranError)
    return told(request, error)


def told(request: Request, error: KitaranError) -> Response:
    """The answer to an error that a person can act on. Who must sign in first is led there and back."""
    if isinstance(error, SignInNeededError | UnknownCallerError) and not wants_json(request):
        return RedirectResponse(sign_in_address(request), 303)
    faults = open_faults(request, error)
    response = answer(request, error.http_status, _(error.title), faults)
    if isinstance(error, TooFastError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def sign_in_address(request: Request) -> str:
    """Where to sign in, and where to go on afterwards: to a page that was only looked at."""
    if request.method not in ("GET", "HEAD"):
        return "/sign-in"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/sign-in?next={quote(request.url.path + query, safe='/')}"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        fault = Fault(
            request.url.path,
            _("There is no page at this address."),
            _("Check the address, or start from the first page."),
        )
        return answer(request, 404, _("Page not found"), [fault])
    phrase = HTTPStatus(error.status_code).phrase
    fault = Fault(request.url.path, str(error.detail or phrase), _("Go back and try another way."))
    response = answer(request, error.status_code, phrase, [fault])
    response.headers.update(error.headers or {})
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault(
            ".".join(str(part) for part in each["loc"][1:]),
            _cause(str(each["type"]), str(each["msg"]), str(each.get("input"))[:80]),
            _("Correct the value and try again."),
        )
        for each in error.errors()
    ]
    return answer(request, 422, _("The input cannot be used"), faults)


def _cause(kind: str, message: str, given: str) -> str:
    """What is wrong with a value of the address; the checker's own words where no plainer ones stand here."""
    if kind.startswith("int_"):
        return _("%(given)s is not a whole number.") % {"given": repr(given)}
    return f"{message}: {given!r}."


async def _unexpected(request: Request, error: Exception) -> Response:
    """Outside of every middleware: language and headers are set here again."""
    asked = request.query_params.get("lang"), request.cookies.get(language.COOKIE)
    with language.speaking(language.choose(*asked, request.headers.get("accept-language"))):
        response = _mistake(request, error)
    response.headers.update(HEADERS)
    return response


def _mistake(request: Request, error: Exception) -> Response:
    number = uuid.uuid4().hex[:8]
    log.error("error %s at %s", number, quote(request.url.path), exc_info=error)
    fault = Fault(
        request.url.path,
        _("Kitaran made a mistake while it prepared this page. Nothing of yours is lost."),
        _("Try again. If it stays, report it with the number %(number)s, which also stands in the log.")
        % {"number": number},
    )
    return answer(request, 500, _("Something went wrong here"), [fault])
