"""The letters to the authorities as papers: addresses, the item, the question, its grounds, the signature."""

from __future__ import annotations

from kitaran.law.book import Book, packaged_book
from kitaran.law.decision import Decision
from kitaran.law.letters import Letter, letter, put
from kitaran.law.paper_model import FILLED, TO_FILL, Block, Entry, Paper, Part, Statement
from kitaran.law.paper_values import Known, View, particular
from kitaran.law.papers import COMPUTED, catalogue, entry, framed, two_abreast
from kitaran.law.particulars import Particulars
from kitaran.law.reasons import Question
from kitaran.law.situation import Situation

Row = tuple[Block, Entry]


def letter_papers(
    decision: Decision, particulars: Particulars | None = None, book: Book | None = None
) -> tuple[Paper, ...]:
    """A paper for each question that is put: letter-1, letter-2 ... in the order of the questions."""
    book, particulars = book or packaged_book(), particulars or Particulars()
    view = View(
        decision,
        Situation(decision.case, book, book.at(decision.case.as_of, decision.known_on)),
        particulars,
        COMPUTED,
    )
    return tuple(_paper(number, question, view) for number, question in enumerate(put(decision), 1))


def _paper(number: int, question: Question, view: View) -> Paper:
    parts = _parts(letter(view.decision, question), view)
    return Paper(
        id=f"letter-{number}",
        title=f"{catalogue()['letter']['title']}, {question.country_name}",
        about=catalogue()["letter"]["about"],
        needed=question.decides,
        cite=question.cite,
        source=question.source,
        parts=parts,
        **framed(view, parts, question.source),
    )


def _parts(told: Letter, view: View) -> tuple[Part, ...]:
    sender = "exporter" if view.particulars.at("parties.exporter") else "holder"
    address = [
        _known("To", f"{told.to}\n{told.contact}", ("decision.questions",)),
        _asked("From", "name; address; contact", particular(f"parties.{sender}", view), 4),
        _asked("Reference", "of the consignment", particular("reference", view), 1),
        _asked("Date", "of this letter", Known(), 1),
    ]
    item = [_known(label, value, ("facts",)) for label, value in told.facts]
    question = (Statement(told.question, f"asked because of: {told.grounds}"),)
    settled = (Statement(f"It would be settled by: {told.settles}."),)
    signed = [_asked("Signature", "name, function, stamp of the firm", Known(), 3, "full")]
    return (
        _fields("address", "", address),
        Part("letter", told.subject, "prose", texts=tuple(Statement(text) for text in told.paragraphs)),
        _fields("item", "The item as far as it is known", item),
        Part("question", "Our question", "statement", texts=question),
        Part("settled", "", "prose", texts=settled),
        _fields("signature", "", signed),
    )


def _fields(name: str, title: str, rows: list[Row]) -> Part:
    placed = two_abreast(rows)
    blocks, entries = (block for block, _ in placed), (known for _, known in placed)
    return Part(name, title, "fields", tuple(blocks), (tuple(entries),))


def _known(title: str, text: str, facts: tuple[str, ...]) -> Row:
    return Block("", title, "", "sender", "half", 1, "", ""), Entry(text, FILLED, facts)


def _asked(title: str, asks: str, known: Known, lines: int, width: str = "half") -> Row:
    block = Block("", title, asks, "sender", width, lines, "", "")
    return block, entry(block, known) if known.text else Entry("", TO_FILL)
