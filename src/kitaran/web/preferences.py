"""The reader's wishes: language and colours. Kept in two cookies that name nobody; work without scripts."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kitaran.web import language
from kitaran.web.entries import Entry
from kitaran.web.layout import THEME_COOKIE, THEMES

A_YEAR_S = 365 * 24 * 3600
router = APIRouter(include_in_schema=False)


@router.post("/preferences")
def keep(back: str = Form("/"), theme: str | None = Form(None), lang: str | None = Form(None)) -> Response:
    """Keep a wish and return to the page it came from."""
    answer = RedirectResponse(own_address(back), status_code=303)
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR_S, httponly=True, samesite="lax")
    if lang in {each.code for each in language.languages()}:
        answer.set_cookie(language.COOKIE, lang, max_age=A_YEAR_S, httponly=True, samesite="lax")
    return answer


def own_address(address: str) -> str:
    """The address if it lies on this site, else the first page: nobody is sent elsewhere."""
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if safe and address.isprintable() else "/"


class ReadersLanguage:
    """Speaks the reader's language while a request is answered; `?lang=` holds for later pages too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        asked = request.query_params.get("lang")
        chosen = language.choose(
            asked, request.cookies.get(language.COOKIE), request.headers.get("accept-language")
        )

        async def with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Language", chosen.tag)
                headers.add_vary_header("Cookie")
                headers.add_vary_header("Accept-Language")
                if asked and chosen.code == asked:
                    headers.append("Set-Cookie", f"{language.COOKIE}={asked}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        with language.speaking(chosen):
            await self.app(scope, receive, with_language)


ENTRY = Entry(router, "/preferences")
