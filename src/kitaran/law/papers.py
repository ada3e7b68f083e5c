"""The papers of a movement, filled as far as its facts go; nothing is made up.

A paper is data: parts with blocks (what is asked, by whom, on what ground) and entries (what is known, and
from which facts). The same paper is printed as PDF, shown as a page and given as JSON. Titles, parts and
blocks stand in the tables `papers.yaml` and `paper_blocks.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from kitaran.foundation.errors import NotFoundError
from kitaran.law import forms, paper_totals, tables
from kitaran.law.book import Book, packaged_book
from kitaran.law.decision import Decision
from kitaran.law.paper_model import BY_OTHERS, FILLED, PARTLY, TO_FILL, Block, Entry, Paper, Part, Statement
from kitaran.law.paper_values import Known, View, in_words, value
from kitaran.law.particulars import Particulars
from kitaran.law.situation import Situation

Other = TypeVar("Other")
COMPUTED = {**forms.COMPUTED, **paper_totals.COMPUTED}
_OTHERS = ("competent authority", "customs", "facility", "importer", "receiving organisation")


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The papers by their id: title, parts, and the document that says who asks for them."""
    found: Mapping[str, Mapping[str, Any]] = tables.packaged_yaml("papers.yaml")
    return found


@lru_cache(maxsize=1)
def _blocks() -> Mapping[tuple[str, str], tuple[tuple[Block, str], ...]]:
    """The blocks of each part of each paper, with the cell that names their value."""
    found: dict[tuple[str, str], tuple[tuple[Block, str], ...]] = {}
    for row in tables.packaged_rows("paper_blocks.csv"):
        cells = {name: row[name] for name in Block.__dataclass_fields__}
        key = (row["paper"], row["part"])
        block = Block(**{**cells, "lines": int(row["lines"])})  # type: ignore[arg-type]
        found[key] = (*found.get(key, ()), (block, row["fact"]))
    return {key: two_abreast(blocks) for key, blocks in found.items()}


def two_abreast(blocks: Sequence[tuple[Block, Other]]) -> tuple[tuple[Block, Other], ...]:
    """The blocks of a part; a half that would stand alone in its row takes the whole."""
    found: list[tuple[Block, Other]] = []
    opened = False
    for index, (block, cell) in enumerate(blocks):
        paired = index + 1 < len(blocks) and blocks[index + 1][0].width == "half"
        if block.width == "half" and not opened and not paired:
            block = replace(block, width="full")
        opened = block.width == "half" and not opened
        found.append((block, cell))
    return tuple(found)


def paper(
    name: str, decision: Decision, particulars: Particulars | None = None, book: Book | None = None
) -> Paper:
    """One paper of a decided case; for letters see `letter_papers`.

    Raises NotFoundError for an unknown name.
    """
    rows = {known: row for known, row in catalogue().items() if row["parts"]}
    if name not in rows:
        raise NotFoundError(f"There is no paper {name!r}.", "paper", f"Papers: {', '.join(rows)}, letter.")
    book = book or packaged_book()
    view = View(
        decision,
        Situation(decision.case, book, book.at(decision.case.as_of, decision.known_on)),
        particulars or Particulars(),
        COMPUTED,
    )
    parts = tuple(_part(name, part, view) for part in rows[name]["parts"])
    document = book.documents[rows[name]["document"]]
    return Paper(
        id=name,
        title=rows[name]["title"],
        about=rows[name]["about"],
        needed=rows[name]["document"] in {one["id"] for one in decision.documents},
        cite=document["cite"],
        source=document["source"],
        parts=parts,
        **framed(view, parts, document["source"]),
    )


def framed(view: View, parts: tuple[Part, ...], source: str) -> dict[str, Any]:
    """What every paper carries: the decision on the same facts, versions, days, and the sources it cites."""
    decision = view.decision
    stops = {rule.id for rule in view.situation.book.rules if rule.step == "violation"}
    return {
        "reference": view.particulars.at("reference") or decision.case.id,
        "decision": {
            "card": decision.card,
            "status": in_words(decision.status),
            "movement": in_words(decision.movement),
            "procedure": in_words(decision.procedure),
            "violations": [row["text"] for row in decision.reasons if row["rule"] in stops],
            "own_facts": list(decision.own_facts),
        },
        "sources": _sources(parts, source, view.situation.book),
        "as_of": decision.case.as_of,
        "known_on": decision.known_on,
        "rules_version": decision.rules_version,
        "facts_version": decision.facts_version,
    }


def papers_needed(decision: Decision) -> tuple[str, ...]:
    """The papers that this decision asks for; `letter` where the movement hangs on a question."""
    wanted = {document["id"] for document in decision.documents}
    found = [name for name, row in catalogue().items() if row["document"] in wanted]
    return (*found, *(["letter"] * any(question.decides for question in decision.questions)))


def _part(name: str, row: Mapping[str, Any], view: View) -> Part:
    blocks = _blocks().get((name, row["id"]), ())
    texts = tuple(
        Statement(text["text"], text["cite"], text["source"])
        for text in row.get("texts", ())
        if "when" not in text or view.situation.value(text["when"]) is True
    )
    rows = tuple(
        tuple(entry(block, _traced(value(cell, one), view)) for block, cell in blocks)
        for one in _rows(row, view)
    )
    return Part(row["id"], row["title"], row["shape"], tuple(block for block, _ in blocks), rows, texts)


def _rows(part: Mapping[str, Any], view: View) -> Iterator[View]:
    """A view for each row of a part; blank ones where nothing is listed, the first with the case's facts."""
    if part["shape"] == "statement":
        return
    each = part.get("each", "")
    listed = {"item": view.particulars.items, "package": view.particulars.packages}.get(each, ())
    for index, row in enumerate(listed):
        place = f"particulars.{each}s[{index}]"
        yield View(view.decision, view.situation, view.particulars, COMPUTED, row, place, index + 1)
    for index in range(0 if listed else part.get("blank_rows", 1)):
        yield View(view.decision, view.situation, view.particulars, COMPUTED, number=index + 1)


def _traced(known: Known, view: View) -> Known:
    """The same with the facts where they were first told."""
    origins = view.particulars.origins
    return replace(known, facts=tuple(dict.fromkeys(origins.get(name, name) for name in known.facts)))


def entry(block: Block, known: Known) -> Entry:
    """A block's entry by what is known of it."""
    if known.text:
        return Entry(known.text, PARTLY if known.lacks else FILLED, known.facts, known.lacks)
    others = any(who in block.completed_by for who in _OTHERS)
    return Entry("", BY_OTHERS if others else TO_FILL, (), known.lacks)


def _sources(parts: tuple[Part, ...], source: str, book: Book) -> tuple[Mapping[str, str], ...]:
    """The sources that a paper cites, with how each was seen."""
    cited = [source, *(block.source for part in parts for block in part.blocks)]
    cited += [text.source for part in parts for text in part.texts]
    names = sorted({name for cell in cited for name in cell.split(";") if name in book.sources})
    return tuple(
        {"source": name, "title": book.sources[name].title, "seen": book.sources[name].seen} for name in names
    )
