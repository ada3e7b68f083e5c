"""Stage 5: documents to carry or to produce."""

from __future__ import annotations

from typing import Any

from kitaran.law.control import Control
from kitaran.law.situation import Situation
from kitaran.law.transport import Transport
from kitaran.law.waste import Finding, proven


def documents_of(
    situation: Situation, finding: Finding, control: Control, transport: Transport
) -> list[dict[str, Any]]:
    """Each paper with its state: held, missing, or to produce; and what it must state."""
    if control.movement == "forbidden":
        return []
    catalogue = situation.book.documents
    wanted = [*(finding.applied.proofs if finding.applied else ()), *finding.missing]
    if finding.status == "waste_non_hazardous":
        wanted.append("hazard_analysis")
    wanted += [name for name, paper in catalogue.items() if control.procedure in paper.get("for", ())]
    wanted += transport.details["documents"]
    papers = [_paper(name, catalogue[name], situation) for name in dict.fromkeys(wanted) if name in catalogue]
    return papers + [
        {
            "id": name,
            "label": _label(name, situation),
            "state": "missing",
            "states": [],
            "cite": "",
            "source": "",
        }
        for name in control.missing
        if name not in catalogue
    ]


def _paper(name: str, paper: Any, situation: Situation) -> dict[str, Any]:
    known = "held" if proven(situation, name) else "missing"
    return {
        "id": name,
        "label": paper["label"],
        "state": "to produce" if paper.get("for") else known,
        "states": paper["states"],
        "cite": paper["cite"],
        "source": paper["source"],
    }


def _label(name: str, situation: Situation) -> str:
    if name.startswith("consent_"):
        return f"Written consent of {situation.book.country_name(name[8:])}"
    if name.startswith("import_licence_"):
        return f"Import licence of {situation.book.country_name(name[15:])}"
    return name.replace("_", " ")
