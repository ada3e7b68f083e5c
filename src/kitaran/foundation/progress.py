"""How a long task says how far it is.

The task names its stages and the pieces of work in each; a reporter shows them. The fraction shown is pieces
done over pieces to do, never a guess from the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID


class Progress(Protocol):
    """What a task is given to report to."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` pieces of work; the stage before it is over."""

    def advance(self, n: int = 1) -> None:
        """Say that `n` more pieces of the stage are done."""


class _Silent:
    def stage(self, name: str, total: int) -> None:
        return None

    def advance(self, n: int = 1) -> None:
        return None


NO_PROGRESS: Progress = _Silent()


class Counted:
    """Keeps stage, done and total, and tells `changed` after each step."""

    def __init__(self, changed: Callable[[Counted], None] | None = None) -> None:
        self.name = ""
        self.done = 0
        self.total = 0
        self._changed = changed

    @property
    def fraction(self) -> float:
        """Share of the stage's pieces that are done, 0 to 1; 0 before the first stage."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0

    def stage(self, name: str, total: int) -> None:
        self.name, self.done, self.total = name, 0, max(0, total)
        self._tell()

    def advance(self, n: int = 1) -> None:
        self.done = min(self.total, self.done + n)
        self._tell()

    def _tell(self) -> None:
        if self._changed is not None:
            self._changed(self)


class LineProgress(Counted):
    """One line a stage and quarter, for logs and pipes where a moving bar cannot be drawn."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(self._write)
        self._stream = stream
        self._last: tuple[str, int] = ("", -1)

    def _write(self, _: Counted) -> None:
        quarter = int(self.fraction * 4)
        if (self.name, quarter) != self._last:
            self._last = (self.name, quarter)
            print(f"  {self.name}: {self.done} of {self.total}", file=self._stream, flush=True)


class BarProgress(Counted):
    """A bar for each stage on a terminal. Used as a context manager."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        super().__init__(self._draw)
        self._rich = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> BarProgress:
        self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rich.stop()

    def stage(self, name: str, total: int) -> None:
        self._task = self._rich.add_task(name, total=total)
        super().stage(name, total)

    def _draw(self, _: Counted) -> None:
        if self._task is not None:
            self._rich.update(self._task, completed=self.done)
