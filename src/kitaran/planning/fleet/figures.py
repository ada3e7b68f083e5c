"""A figure with its range, grade and the rows it came from, and how figures add and scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kitaran.reference import Row, lower_grade


@dataclass(frozen=True)
class Figure:
    """One figure of a history.

    value, low, high : low <= value <= high; equal where no range is known
    grade            : of its weakest part
    rows             : ids of the rows of the fact tables behind it
    rounding         : how far rounding of the printed counts can put it off
    """

    value: float
    low: float
    high: float
    grade: str
    rows: tuple[str, ...]
    rounding: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether it comes without a range."""
        return self.low == self.high

    def times(self, factor: Figure) -> Figure:
        """Product of two figures, ranges multiplied end by end."""
        return Figure(
            self.value * factor.value,
            self.low * factor.low,
            self.high * factor.high,
            max(self.grade, factor.grade),
            self.rows + factor.rows,
            self.rounding * factor.value,
        )

    def weakened(self) -> Figure:
        """The same figure one grade lower, because it stands for something slightly else."""
        return replace(self, grade=lower_grade(self.grade))


def exactly(value: float) -> Figure:
    """A number without doubt, such as a factor of conversion."""
    return Figure(value, value, value, "A", ())


def rounding_of(count: float) -> float:
    """Half of the unit of a count's last digit that is not zero; a count is good to two digits at least.

    1,230 is within 5; 1,000,000 is within 50,000.
    """
    whole, unit = abs(round(count)), 1
    while whole >= 100 * unit and whole % (10 * unit) == 0:
        unit *= 10
    return unit / 2


def from_row(row: Row, grade: str = "") -> Figure:
    """The figure of a row; `grade` where it is used at another grade than its own."""
    low, high = row.span
    value = row.central
    rounding = rounding_of(value)
    return Figure(value, min(low, value), max(high, value), grade or row.grade, (row.id,), rounding)


def total(figures: Iterable[Figure]) -> Figure:
    """Sum of figures, at the grade of the weakest that carries a tenth of the sum or more."""
    parts = list(figures)
    value = sum(part.value for part in parts)
    weighty = [part.grade for part in parts if part.value >= 0.1 * value] or [part.grade for part in parts]
    return Figure(
        value,
        sum(part.low for part in parts),
        sum(part.high for part in parts),
        max(weighty),
        tuple(row for part in parts for row in part.rows),
        sum(part.rounding for part in parts),
    )


def spanning(best: Figure, other: Figure) -> Figure:
    """The better figure with a range that reaches to the other one, for two counts of the same thing."""
    low, high = min(best.low, other.low), max(best.high, other.high)
    return replace(best, low=low, high=high, rows=best.rows + other.rows)
