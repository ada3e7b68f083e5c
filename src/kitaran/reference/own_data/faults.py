"""What is wrong with a workbook, cell by cell: shown in place, and nothing is taken in while one stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kitaran.foundation.errors import Fault, InputError


@dataclass(frozen=True)
class CellFault:
    """One fault. cell: as Excel names it (B7), empty where the sheet or file as a whole is meant."""

    sheet: str
    cell: str
    cause: str
    remedy: str

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def as_fault(self) -> Fault:
        return Fault(self.place, self.cause, self.remedy)

    def as_dict(self) -> dict[str, str]:
        return {"sheet": self.sheet, "cell": self.cell, "cause": self.cause, "remedy": self.remedy}


@dataclass(frozen=True)
class FaultyRow:
    """A row with faults as it stands in the sheet. cells: (cell, label, text) in order of columns."""

    sheet: str
    line: int
    cells: tuple[tuple[str, str, str], ...]


class UploadError(InputError):
    """A workbook that cannot be taken in. Nothing of it has been kept.

    rows : the rows in which faults stand, to be shown with the faults in their cells
    """

    title = "The workbook cannot be taken in"

    def __init__(self, cause: str, faults: Iterable[CellFault], rows: Iterable[FaultyRow] = ()) -> None:
        self.cell_faults = tuple(faults)
        self.rows = tuple(rows)
        super().__init__(cause, faults=[fault.as_fault() for fault in self.cell_faults])


def refuse_file(cause: str, remedy: str) -> UploadError:
    """The error for a file that is not even opened."""
    return UploadError(cause, [CellFault("file", "", cause, remedy)])
