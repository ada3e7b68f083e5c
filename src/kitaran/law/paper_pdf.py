"""A paper as PDF, dated on its day of departure: the same paper gives the same bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kitaran.foundation.typesetting import missing_characters, typeset
from kitaran.law.paper_model import Paper

TEMPLATE = Path(__file__).with_name("typst") / "paper.typ"


def paper_pdf(paper: Paper) -> bytes:
    """The paper as PDF, A4."""
    return typeset(TEMPLATE, _facts(paper), date.fromisoformat(paper.as_of)).pdf


def _facts(paper: Paper) -> dict[str, object]:
    told = paper.as_dict()
    return {"paper": told, "uncarried": missing_characters(told)}
