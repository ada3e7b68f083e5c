"""What a file of batteries would issue, for a person to look at first; or what is wrong in which cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import files
from kitaran.registry.passport.importing import Checked, RowError, check
from kitaran.registry.passport.template import columns

ERRORS_KEPT: Final = 500
ROWS_SHOWN: Final = 20
WRONG_ROWS_SHOWN: Final = 50
_STEPS: Final = 100


def checked_file(hand: Hand, path: Path, operator: str, progress: Progress = NO_PROGRESS) -> dict[str, Any]:
    """Check a file and issue nothing.

    rows    : how many batteries it holds; models : how many of each
    errors  : the first of `error_count`, each `{row, column, message}`
    columns, shown : names and cells of the rows with errors, or of the first rows if there is none

    Raises InputError if the file cannot be read.
    """
    found = check(hand, told(path, "Checking", progress), operator)
    wrong = list(dict.fromkeys(one.row for one in found.errors))[:WRONG_ROWS_SHOWN]
    shown = _rows(path, frozenset(wrong)) if wrong else list(islice(files.read(path), ROWS_SHOWN))
    return {
        "rows": len(found.rows),
        "models": _models(found),
        "error_count": len(found.errors),
        "errors": [one.as_dict() for one in found.errors[:ERRORS_KEPT]],
        "columns": _columns(shown, found.errors[:ERRORS_KEPT]),
        "shown": [{"row": number, "cells": cells} for number, cells in shown],
    }


def told(path: Path, stage: str, progress: Progress) -> Iterator[tuple[int, files.Cells]]:
    """The rows of a file, and how far the reading is: in hundredths, for how many there are is nobody's
    business but the sender's.
    """
    total = max(1, files.rows_about(path))
    progress.stage(stage, _STEPS)
    step = 0
    for count, row in enumerate(files.read(path), start=1):
        yield row
        reached = min(_STEPS - 1, _STEPS * count // total)
        if reached > step:
            progress.advance(reached - step)
            step = reached
    progress.advance(_STEPS - step)


def _models(found: Checked) -> dict[str, int]:
    return dict(sorted(Counter(str(row["model"]) for row in found.rows if "model" in row).items()))


def _rows(path: Path, wanted: frozenset[int]) -> list[tuple[int, files.Cells]]:
    """These rows, as far as the file can be read."""
    found, last = list[tuple[int, files.Cells]](), max(wanted)
    try:
        for number, cells in files.read(path):
            if number in wanted:
                found.append((number, cells))
            if number >= last:
                break
    except files.UnreadableRowError:
        pass
    return found


def _columns(shown: list[tuple[int, files.Cells]], errors: list[RowError]) -> list[str]:
    """Columns in the order of the template, then the unknown ones as they come."""
    used = dict.fromkeys(name for _, cells in shown for name in cells)
    used |= dict.fromkeys(one.column for one in errors if one.column)
    known = [name for name in columns() if name in used]
    return [*known, *(name for name in used if name not in known)]
