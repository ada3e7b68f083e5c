"""The papers of a movement: a list, and each as a page to print, as PDF and as JSON. Nothing is kept."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.law import Book, Case, Decision, decide, read_case
from kitaran.law.case_file import blank_case, one_case, parse_case
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.letters import put
from kitaran.law.paper_files import LETTER, packed, papers_of
from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf
from kitaran.law.papers import catalogue, papers_needed
from kitaran.law.particulars import read_particulars
from kitaran.web.language import gettext as _
from kitaran.web.layout import render
from kitaran.web.move.case import answers_of, case_of, query_of
from kitaran.web.move.facts import book_of
from kitaran.web.pages import Page, Pages

HERE = "/move/papers"
MAX_BYTES = 1_000_000
pages = Pages()


@pages.router.get(f"{HERE}/{{name}}.pdf")
def paper_file(request: Request, name: str) -> Response:
    """A paper as PDF."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(paper_pdf(_paper(request, name)), media_type="application/pdf", headers=headers)


@pages.router.get(f"{HERE}/case.yaml")
def case_file(request: Request) -> Response:
    """The answers as a case file, with a blank for each of the particulars."""
    headers = {"Content-Disposition": 'attachment; filename="case.yaml"'}
    text = blank_case(_case(request))
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


@pages.router.post(HERE)
async def papers_of_file(request: Request) -> Response:
    """All papers that a filled case file needs, in one ZIP file; or what is wrong with it. None is kept."""
    book = book_of(request.app.state.workspace)
    try:
        made = await run_in_threadpool(_packed, await _sent(request), book)
    except InputError as error:
        shown = _list(request, [{**fault.as_dict(), "field": "file"} for fault in error.faults])
        words = {**shown.facts, **shown.shown, "facts": shown.facts}
        return HTMLResponse(render(request, "move/papers.html", words), 422)
    headers = {"Content-Disposition": 'attachment; filename="papers.zip"'}
    return Response(made, media_type="application/zip", headers=headers)


@pages.page(HERE, "move/papers.html")
def paper_list(request: Request) -> Page:
    """The papers, those that this movement needs first."""
    return _list(request, [])


@pages.page(f"{HERE}/{{name}}", "move/paper.html")
def paper_page(request: Request, name: str) -> Page:
    """A paper as a page to print: the same blocks as in its PDF."""
    query = _query(request)
    shown = {"crumbs": _crumbs(query), "pdf": f"{HERE}/{name}.pdf?{query}"}
    return Page(_paper(request, name).as_dict(), shown)


@pages.router.get("/move/forms/{name}")
def form_page(request: Request, name: str) -> Response:
    """Where the notification and the movement document stood before."""
    return RedirectResponse(f"{HERE}/{name}?{_query(request)}", 308)


def links(decision: Decision, query: str, everything: bool = False) -> list[dict[str, Any]]:
    """Each paper that is needed (or every one) with its addresses."""
    needed = papers_needed(decision)
    found = []
    for name, row in catalogue().items():
        if name in needed or everything:
            many = range(1, len(put(decision)) + 1) if name == LETTER else (0,)
            for number in many:
                found.append(_link(name, row["title"], number, name in needed, query, decision))
    return sorted(found, key=lambda link: not link["needed"])


def _link(name: str, title: str, number: int, needed: bool, query: str, decision: Decision) -> dict[str, Any]:
    address = f"{HERE}/{name}-{number}" if number else f"{HERE}/{name}"
    country = f", {put(decision)[number - 1].country_name}" if number else ""
    return {
        "id": address.rpartition("/")[2],
        "title": f"{title}{country}",
        "needed": needed,
        "page": f"{address}?{query}",
        "pdf": f"{address}.pdf?{query}",
        "json": f"{address}.json?{query}",
    }


def _paper(request: Request, name: str) -> Paper:
    """The paper of an address. Raises NotFoundError if there is none."""
    kind = LETTER if name.startswith(f"{LETTER}-") else name
    if kind != LETTER and not catalogue().get(kind, {}).get("parts"):
        raise NotFoundError(f"There is no paper {name!r}.", HERE, f"Papers: {', '.join(catalogue())}.")
    found = papers_of(_decided(request), None, book_of(request.app.state.workspace), (kind,))
    for paper in found:
        if paper.id == name:
            return paper
    raise NotFoundError(f"There is no letter {name!r}.", HERE, "Choose one of the list of papers.")


def _list(request: Request, faults: list[dict[str, str]]) -> Page:
    query = _query(request)
    rows = links(_decided(request), query, everything=True)
    facts = {"papers": rows, "faults": faults, "note": NOT_A_DETERMINATION}
    return Page(facts, {"crumbs": _crumbs(query)[:-1], "query": query})


def _case(request: Request) -> Case:
    return case_of(answers_of(request.query_params.multi_items()), now().date().isoformat())


def _decided(request: Request) -> Decision:
    return decide(_case(request), book_of(request.app.state.workspace))


async def _sent(request: Request) -> str:
    """The text of the file that was sent."""
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not hasattr(file, "read"):
            raise InputError("No file was chosen.", "file", "Choose the filled case file, then send it.")
        content: bytes = await file.read(MAX_BYTES + 1)  # type: ignore[union-attr]
    if len(content) > MAX_BYTES:
        raise InputError(
            "The file is larger than 1 MB.", "file", "Send fewer items, or use the command line."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The file is not in UTF-8.", "file", "Save it as text in UTF-8.") from error


def _packed(text: str, book: Book) -> bytes:
    """The needed papers of a case file."""
    content = one_case(parse_case(text, "file"), "file")
    case = read_case(content, "file")
    particulars = read_particulars(content, case, "file")
    return packed(papers_of(decide(case, book), particulars, book))


def _query(request: Request) -> str:
    return query_of(answers_of(request.query_params.multi_items()))


def _crumbs(query: str) -> list[tuple[str, str]]:
    return [
        (_("May it cross?"), "/move"),
        (_("The answer"), f"/move?{query}"),
        (_("Papers"), f"{HERE}?{query}"),
    ]
