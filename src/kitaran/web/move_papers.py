"""The papers of a movement: a list, and each as a page to print, as PDF and as JSON. Nothing is kept."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kitaran.foundation.clock import now
from kitaran.foundation.errors import NotFoundError
from kitaran.law import Decision, decide
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.letters import put
from kitaran.law.paper_files import LETTER, papers_of
from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf
from kitaran.law.papers import catalogue, papers_needed
from kitaran.web.language import gettext as _
from kitaran.web.move_case import answers_of, case_of, query_of
from kitaran.web.move_facts import book_of
from kitaran.web.pages import Page, Pages

HERE = "/move/papers"
pages = Pages()


@pages.router.get(f"{HERE}/{{name}}.pdf")
def paper_file(request: Request, name: str) -> Response:
    """A paper as PDF."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(paper_pdf(_paper(request, name)), media_type="application/pdf", headers=headers)


@pages.page(HERE, "move/papers.html")
def paper_list(request: Request) -> Page:
    """The papers, those that this movement needs first."""
    decision, query = _decided(request), _query(request)
    rows = links(decision, query, everything=True)
    return Page(
        {"papers": rows, "note": NOT_A_DETERMINATION}, {"crumbs": _crumbs(query)[:-1], "query": query}
    )


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


def _decided(request: Request) -> Decision:
    answers = answers_of(request.query_params.multi_items())
    return decide(case_of(answers, now().date().isoformat()), book_of(request.app.state.workspace))


def _query(request: Request) -> str:
    return query_of(answers_of(request.query_params.multi_items()))


def _crumbs(query: str) -> list[tuple[str, str]]:
    return [
        (_("May it cross?"), "/move"),
        (_("The answer"), f"/move?{query}"),
        (_("Papers"), f"{HERE}?{query}"),
    ]
