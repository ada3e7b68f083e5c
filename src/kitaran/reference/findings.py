"""What reading or checking a table brought to light: an error that must be mended, or a flag to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kitaran.foundation.errors import Fault, InputError

Level = Literal["error", "flag"]


@dataclass(frozen=True, order=True)
class Finding:
    """One remark on one row (or on a whole table when `row_id` is empty).

    level  : error (the table cannot be used so) or flag (the figure stands, and cannot well be right)
    line   : line in the CSV file, 0 for the whole table
    check  : name of the check that found it
    file   : the CSV file, that of the workspace where an override is meant
    """

    level: Level
    table: str
    row_id: str
    line: int
    cause: str
    remedy: str
    check: str = ""
    file: str = ""

    @property
    def place(self) -> str:
        """File or table, line and row in words."""
        line = f" line {self.line}" if self.line else ""
        row = f" ({self.row_id})" if self.row_id else ""
        return f"{self.file or self.table}{line}{row}"

    def as_fault(self) -> Fault:
        return Fault(self.place, self.cause, self.remedy)

    def as_dict(self) -> dict[str, str | int]:
        return {
            "level": self.level,
            "check": self.check,
            "table": self.table,
            "row": self.row_id,
            "file": self.file,
            "line": self.line,
            "cause": self.cause,
            "remedy": self.remedy,
        }


def refuse(findings: Iterable[Finding], cause: str) -> None:
    """Raise InputError with every finding that is an error; return when there is none."""
    faults = [finding.as_fault() for finding in findings if finding.level == "error"]
    if faults:
        raise InputError(cause, faults=faults)
