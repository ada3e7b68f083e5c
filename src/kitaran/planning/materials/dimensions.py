"""Arrays that know their dimensions, so that a wrong product fails instead of giving a wrong mass.

Products, sums, differences and quotients take their axes by name. What is missing, doubled, of another size
or in another order is refused: NumPy would repeat it and inflate the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]
Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Named:
    """Values over named dimensions.

    dims   : name of each axis of `values`, no name twice
    values : array with one axis a name
    labels : for dimensions whose entries have names (chemistry, item), these in order
    """

    dims: tuple[str, ...]
    values: Array
    labels: Labels

    def __post_init__(self) -> None:
        _once(self.dims, "dimensions")
        if len(self.dims) != self.values.ndim:
            raise InputError(
                f"{len(self.dims)} dimensions are named for an array of {self.values.ndim} axes.",
                "dimensions",
                "Name each axis.",
            )
        for dim, names in self.labels.items():
            if dim not in self.dims or len(names) != self.values.shape[self.dims.index(dim)]:
                raise InputError(
                    f"The labels of {dim} do not fit the array.", "dimensions", "Give one an entry."
                )

    def size(self, dim: str) -> int:
        return int(self.values.shape[self.dims.index(dim)])

    def turned(self, dims: tuple[str, ...]) -> Named:
        """The same values with the axes in another order; InputError if an axis is missing or new."""
        _once(dims, "turned")
        if set(dims) != set(self.dims):
            raise InputError(
                f"The dimensions {self.dims} cannot be turned into {dims}.", "turned", "Name the same axes."
            )
        values = self.values.transpose([self.dims.index(dim) for dim in dims])
        return Named(dims, values, self.labels)

    def ordered(self, dim: str, names: tuple[str, ...]) -> Named:
        """The entries of a dimension in another order, or some of them.

        InputError if the dimension has no labels, or if an entry is unknown or asked for twice.
        """
        if dim not in self.labels:
            raise InputError(f"The entries of {dim} have no names.", "ordered", "Give labels first.")
        _once(names, "ordered")
        if unknown := [name for name in names if name not in self.labels[dim]]:
            raise InputError(f"{dim} has no {', '.join(unknown)}.", "ordered", "Choose among its labels.")
        entries = [self.labels[dim].index(name) for name in names]
        values = np.take(self.values, entries, axis=self.dims.index(dim))
        return Named(self.dims, values, {**self.labels, dim: names})


def product(left: Named, right: Named, keep: tuple[str, ...]) -> Named:
    """Multiply and sum over the dimensions that are not kept.

    Raises InputError if a kept dimension is in neither array, if a dimension that is summed is in one
    array only (a forgotten axis), if a shared dimension differs in size, or if its labels differ or are
    in another order.
    """
    shared = set(left.dims) & set(right.dims)
    present = set(left.dims) | set(right.dims)
    if missing := [dim for dim in keep if dim not in present]:
        raise InputError(f"No array has the dimension {', '.join(missing)}.", "product", "Check `keep`.")
    _once(keep, "product")
    if lost := sorted(present - shared - set(keep)):
        raise InputError(
            f"The dimension {', '.join(lost)} is in one array only and would be summed away.",
            "product",
            "Keep it, or sum it first.",
        )
    for dim in shared:
        _same(left, right, dim, "product")
    letters = {dim: chr(ord("a") + index) for index, dim in enumerate(sorted(present))}
    subscripts = ["".join(letters[dim] for dim in dims) for dims in (left.dims, right.dims, keep)]
    values = np.einsum(f"{subscripts[0]},{subscripts[1]}->{subscripts[2]}", left.values, right.values)
    labels = {dim: names for dim, names in {**left.labels, **right.labels}.items() if dim in keep}
    return Named(keep, values, labels)


def summed(named: Named, over: tuple[str, ...]) -> Named:
    """The sum over some dimensions; InputError if one of them is missing or named twice."""
    _once(over, "summed")
    if missing := [dim for dim in over if dim not in named.dims]:
        raise InputError(f"There is no dimension {', '.join(missing)}.", "summed", f"It has {named.dims}.")
    left = tuple(dim for dim in named.dims if dim not in over)
    values = named.values.sum(axis=tuple(named.dims.index(dim) for dim in over))
    return Named(left, np.asarray(values), {dim: named.labels[dim] for dim in left if dim in named.labels})


def plus(left: Named, right: Named) -> Named:
    """The sum of two arrays over the same dimensions, in whatever order; nothing is repeated to fit."""
    other = _alike(left, right, "plus")
    return Named(left.dims, left.values + other.values, {**other.labels, **left.labels})


def minus(left: Named, right: Named) -> Named:
    """The difference of two arrays over the same dimensions, in whatever order."""
    other = _alike(left, right, "minus")
    return Named(left.dims, left.values - other.values, {**other.labels, **left.labels})


def quotient(part: Named, whole: Named) -> Named:
    """The share of a part in a whole over the same dimensions; a share of nothing is zero.

    InputError if the dimensions differ, or if there is a part where there is no whole.
    """
    other = _alike(part, whole, "quotient")
    if np.any((other.values == 0) & (part.values != 0)):
        raise InputError("There is a part where the whole is zero.", "quotient", "Check the whole.")
    share = np.divide(part.values, other.values, out=np.zeros_like(part.values), where=other.values != 0)
    return Named(part.dims, share, {**other.labels, **part.labels})


def _alike(left: Named, right: Named, place: str) -> Named:
    """`right` with its axes in the order of `left`."""
    if missing := sorted(set(left.dims) ^ set(right.dims)):
        raise InputError(
            f"The dimension {', '.join(missing)} is in one array only.", place, "Sum it away, or add it."
        )
    for dim in left.dims:
        _same(left, right, dim, place)
    return right.turned(left.dims)


def _once(names: tuple[str, ...], place: str) -> None:
    if len(set(names)) != len(names):
        raise InputError(f"A dimension or entry stands twice in {names}.", place, "Name each once.")


def _same(left: Named, right: Named, dim: str, place: str) -> None:
    if left.size(dim) != right.size(dim):
        raise InputError(
            f"The dimension {dim} has {left.size(dim)} entries here and {right.size(dim)} there.",
            place,
            "Bring both to the same entries.",
        )
    if dim in left.labels and dim in right.labels and left.labels[dim] != right.labels[dim]:
        raise InputError(f"The entries of {dim} differ or stand in another order.", place, "Sort both alike.")
