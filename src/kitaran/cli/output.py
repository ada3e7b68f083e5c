"""What commands print: one JSON object or words on stdout; errors and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.foundation.errors import Fault, KitaranError
from kitaran.foundation.progress import BarProgress, LineProgress, Progress

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", envvar="KITARAN_WORKSPACE", help="Folder of your work. (default ./kitaran-data)"
    ),
]


def print_json(content: Any) -> None:
    """One JSON object, whole, on stdout."""
    print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under heads; numbers to the right; on a terminal fitted to its width, in a pipe never cut."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for index, head in enumerate(heads):
        numbers = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(head, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False).print(table)


def say(words: str) -> None:
    """A line for the person, on stderr, so that stdout stays for results."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Progress on stderr: bars on a terminal, lines in a log."""
    if not sys.stderr.isatty():
        yield LineProgress(sys.stderr)
        return
    from rich.console import Console

    with BarProgress(Console(stderr=True)) as progress:
        yield progress


def print_error(error: KitaranError, as_json: bool) -> None:
    """Cause, place and remedy of each fault on stderr; with `--json` also as the one object on stdout."""
    if as_json:
        print_json({"error": error.title, "faults": [fault.as_dict() for fault in error.faults]})
    say(f"{error.title}.")
    if len(error.faults) > 1:
        say(f"{error.cause}")
    for fault in error.faults:
        say(_fault_lines(fault))


def _fault_lines(fault: Fault) -> str:
    lines = [("Cause", fault.cause), ("Place", fault.place), ("Remedy", fault.remedy)]
    return "\n".join(f"  {name + ':':8}{text}" for name, text in lines if text)


def print_unforeseen(error: Exception, as_json: bool) -> None:
    """A mistake in Kitaran itself, told without a traceback."""
    fault = Fault(
        " ".join(["kitaran", *sys.argv[1:]]),
        f"{type(error).__name__}: {error}",
        "Run it again with KITARAN_DEBUG=1 and report what it prints.",
    )
    if as_json:
        print_json({"error": "Kitaran made a mistake", "faults": [fault.as_dict()]})
    say("Kitaran made a mistake.")
    say(_fault_lines(fault))
