"""The 60 commonest dossiers of six countries and their partners, with the answers of the law book.

    python benchmarks/movement_commonest.py            prints how many end other than in a question
    python benchmarks/movement_commonest.py --write    writes docs/commonest-movements.md anew

Ten kinds of movement for each of Bangladesh, Bhutan, Lao PDR, Philippines, Sri Lanka and Thailand, on the
road that goods take: Bhutan reaches the sea over India, Lao PDR over Thailand. Papers are complete, no
consent was asked for yet.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from kitaran.law import Case, Decision, decide, packaged_book
from kitaran.law.commonest import dossiers
from kitaran.law.decision import NOT_A_DETERMINATION

AS_OF = "2026-12-01"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "commonest-movements.md"


def decided() -> list[tuple[str, Case, Decision]]:
    """The 60 with their decisions."""
    return [(thing, case, decide(case)) for thing, case in dossiers(AS_OF)]


def share_answered(rows: list[tuple[str, Case, Decision]]) -> float:
    """Share that ends other than in a question to an authority."""
    return sum(decision.movement != "escalate" for *_, decision in rows) / len(rows)


def page() -> str:
    """The list and its answers as a page of the documentation."""
    rows = decided()
    counts = Counter(decision.movement for *_, decision in rows)
    book = packaged_book()
    lines = [
        "# The sixty commonest movements",
        "",
        f"Ten movements for each of six countries, leaving {AS_OF}; papers complete, no consent asked for.",
        f"{share_answered(rows):.0%} end with an answer; the others with a question to a named authority: "
        + ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        + ".",
        "",
        f"Rules {book.rules_version}, facts {book.facts_version}. {NOT_A_DETERMINATION}",
        "Made by `python benchmarks/movement_commonest.py --write`.",
        "",
        "| what | for | route | card | status | decided by | missing, or asked |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_line(thing, case, decision) for thing, case, decision in rows), ""])


def _line(thing: str, case: Case, decision: Decision) -> str:
    facts = case.facts
    route = " > ".join((facts["route.export"], *facts["route.transit"], facts["route.import"]))
    grounds = [row for row in decision.reasons if row["stage"] == "control"] or decision.reasons[:1]
    cited = "; ".join(f"{row['cite']} ({row['confidence']})" for row in grounds)
    asked = next((question.line() for question in decision.questions if question.decides), "")
    cells = (
        thing,
        facts["purpose"],
        route,
        decision.card,
        decision.status,
        cited,
        ", ".join(decision.missing) or asked,
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true")
    if arguments.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    rows = decided()
    print(f"{share_answered(rows):.0%} of {len(rows)} end other than in a question")


if __name__ == "__main__":
    main()
