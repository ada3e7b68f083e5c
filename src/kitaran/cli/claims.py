"""Published claims beside a run, as words on a terminal and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kitaran.cli.output import print_table
from kitaran.foundation.disk import write_whole
from kitaran.foundation.errors import InputError

Record = Mapping[str, Any]
BEGIN, END = "<!-- claims of a run -->", "<!-- end of the claims -->"
HEADS = ("", "claim", "claimed", "ours (P10 to P90)", "where", "so the claim is")


def print_claims(claims: Sequence[Record]) -> None:
    """A table of all claims, and under it the reason for each difference."""
    print_table("What is claimed, and what this run finds", HEADS, [_row(claim) for claim in claims])
    print("\nWhy they differ")
    for claim in claims:
        print(f"{_number(claim)}  {claim['reason']}")


def claims_page(claims: Sequence[Record]) -> str:
    """The same in Markdown."""
    table = [_cells(HEADS), _cells("---" for _ in HEADS), *(_cells(_row(claim)) for claim in claims)]
    reasons = [f"- **{_number(claim)}** {claim['reason']} (Source: `{claim['source']}`)" for claim in claims]
    return "\n".join([*table, "", "### Why they differ", "", *reasons, ""])


def renew_page(file: Path, claims: Sequence[Record]) -> None:
    """Put the table and the reasons between the marks of a page; what stands around them is kept.

    InputError if the file is none or has no marks.
    """
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        raise InputError(
            f"The page has no lines {BEGIN} and {END}.", str(file), "Put both where the claims should stand."
        )
    write_whole(file, f"{before}{BEGIN}\n\n{claims_page(claims)}\n{END}{after}".encode())


def in_unit(value: float, unit: str) -> str:
    """A figure as a reader says it."""
    if unit == "fraction":
        return f"{100 * value:.3g} %"
    if unit == "t":
        return f"{value / 1e6:.3g} Mt"
    if unit == "USD":
        return f"{value / 1e9:.3g} billion USD"
    if unit == "1":
        return f"{value:.3g} times"
    return f"{value:,.3g} {unit}"


def _row(claim: Record) -> list[str]:
    unit = claim["unit"]
    ours = "none"
    if claim["p50"] is not None:
        low, middle, high = (in_unit(claim[name], unit) for name in ("p10", "p50", "p90"))
        ours = f"{middle} ({low} to {high})"
    claimed = in_unit(claim["claimed"], unit)
    if claim["claimed_low"] != claim["claimed_high"]:
        claimed = f"{in_unit(claim['claimed_low'], unit)} to {in_unit(claim['claimed_high'], unit)}"
    return [_number(claim), claim["claim"], claimed, ours, claim["scope"] or "nowhere", claim["verdict"]]


def _number(claim: Record) -> str:
    return f"{claim['number']}{claim['part']}"


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
