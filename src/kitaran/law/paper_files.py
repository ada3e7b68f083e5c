"""The papers of a case as files: a PDF and its JSON for each, in a folder or packed in one file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from kitaran.foundation.disk import explain, write_whole
from kitaran.law.book import Book
from kitaran.law.decision import Decision
from kitaran.law.letter_papers import letter_papers
from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf
from kitaran.law.papers import paper, papers_needed
from kitaran.law.particulars import Particulars

LETTER = "letter"
_FIRST_OF_ZIP = "1980-01-01"


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A written paper: which, where, and how many of its blocks are still to fill."""

    id: str
    title: str
    pdf: str
    json: str
    needed: bool
    to_fill: int


def papers_of(
    decision: Decision,
    particulars: Particulars | None = None,
    book: Book | None = None,
    names: tuple[str, ...] = (),
) -> tuple[Paper, ...]:
    """The named papers of a case, or those that its decision asks for.

    Raises NotFoundError for an unknown name.
    """
    found: list[Paper] = []
    for name in dict.fromkeys(names) or papers_needed(decision):
        if name == LETTER:
            found += letter_papers(decision, particulars, book)
        else:
            found.append(paper(name, decision, particulars, book))
    return tuple(found)


def write_papers(papers: tuple[Paper, ...], folder: Path) -> tuple[PaperFile, ...]:
    """Write each paper as PDF and JSON into a folder, which is made. Earlier ones are replaced.

    Raises WorkspaceError if the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, folder) from error
    return tuple(_write(paper, folder) for paper in papers)


def packed(papers: tuple[Paper, ...]) -> bytes:
    """The papers as PDF and JSON in one ZIP file, dated on the day of departure."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for paper in papers:
            day = date.fromisoformat(max(paper.as_of, _FIRST_OF_ZIP))
            for name, content in (
                (f"{paper.id}.pdf", paper_pdf(paper)),
                (f"{paper.id}.json", paper_json(paper)),
            ):
                entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
    return file.getvalue()


def _write(paper: Paper, folder: Path) -> PaperFile:
    pdf, facts = folder / f"{paper.id}.pdf", folder / f"{paper.id}.json"
    write_whole(pdf, paper_pdf(paper))
    write_whole(facts, paper_json(paper))
    open_blocks = paper.counts["to fill"] + paper.counts["filled in part"]
    return PaperFile(paper.id, paper.title, str(pdf), str(facts), paper.needed, open_blocks)


def paper_json(paper: Paper) -> bytes:
    """The paper as JSON."""
    return orjson.dumps(paper.as_dict(), option=orjson.OPT_INDENT_2) + b"\n"
