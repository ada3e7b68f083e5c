"""What the commands of triage share: own rows of a workspace, and answers in short words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

EconomyOption = Annotated[
    str, typer.Option(help="Where the batteries stand, for example THA; without it nothing is valued.")
]
DayOption = Annotated[str, typer.Option(help="Day of the prices, YYYY-MM-DD; the newest if left out.")]


def overrides_of(workspace: Path | None) -> Path | None:
    """The own rows of the named workspace; packaged limits alone if none is named."""
    from kitaran.foundation.workspace import Workspace

    return Workspace.open(workspace).overrides if workspace else None


def usd(row: dict[str, Any]) -> str:
    """An amount of an answer, or nothing."""
    return "" if row["value_usd"] is None else f"{row['value_usd']:,.2f}"


def health(row: dict[str, Any]) -> str:
    """Health of an answer with its interval."""
    if row["soh"] is None:
        return "not known"
    return f"{row['soh']:.0%} ({row['soh_low']:.0%} to {row['soh_high']:.0%})"
