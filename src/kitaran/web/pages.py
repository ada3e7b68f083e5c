"""One page, two forms: the same facts as HTML for people and as JSON for programs.

    pages = Pages()

    @pages.page("/plan/{economy}", "plan/economy.html")
    def economy_page(request: Request, economy: str) -> Page:
        return Page({"economy": economy, ...})

serves `/plan/THA` and its twin `/plan/THA.json`. The template sees every fact by its name. What only the HTML
needs (drawn SVG, options of a form) goes into `shown`; it must not hold a figure that the facts do not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from kitaran.web.layout import render

P = ParamSpec("P")


@dataclass(frozen=True)
class Page:
    """facts: JSON-able, the whole content; shown: extras of the HTML; template: if not the page's own."""

    facts: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    template: str = ""


class JSONFacts(Response):
    """Facts as JSON: dates, dataclasses and NumPy values included."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2)


def twin_path(path: str) -> str:
    """A page's JSON: `/plan/THA.json?year=2035` for `/plan/THA?year=2035`; `/` has `/index.json`."""
    bare, mark, query = path.partition("?")
    return ("/index" if bare == "/" else bare.rstrip("/")) + ".json" + mark + query


class Pages:
    """The pages of one module. `router` carries them; other routes may be added to it."""

    def __init__(self) -> None:
        self.router = APIRouter(include_in_schema=False)

    def page(self, path: str, template: str) -> Callable[[Callable[P, Page]], Callable[P, Page]]:
        """Serve what the function gives at `path` as HTML and at its twin as JSON."""

        def register(view: Callable[P, Page]) -> Callable[P, Page]:
            @wraps(view)
            def as_json(*args: P.args, **kwargs: P.kwargs) -> Response:
                page = view(*args, **kwargs)
                return JSONFacts(page.facts, page.status)

            @wraps(view)
            def as_html(*args: P.args, **kwargs: P.kwargs) -> Response:
                page = view(*args, **kwargs)
                request = _request(args, kwargs)
                words = {**page.facts, **page.shown, "facts": page.facts, "twin": _twin_of(request)}
                return HTMLResponse(render(request, page.template or template, words), page.status)

            for address, form in ((twin_path(path), as_json), (path, as_html)):
                form.__annotations__ = {**view.__annotations__, "return": Response}
                # `wraps` shows FastAPI the view's own `-> Page`: without None it would build a model of it
                self.router.add_api_route(
                    address, form, methods=["GET", "HEAD"], response_class=Response, response_model=None
                )
            return view

        return register


def _request(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Request:
    for value in (*args, *kwargs.values()):
        if isinstance(value, Request):
            return value
    raise TypeError("a page function takes the request")


def _twin_of(request: Request) -> str:
    query = request.url.query
    return twin_path(quote(request.url.path) + (f"?{query}" if query else ""))
