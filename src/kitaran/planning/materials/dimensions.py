"""Arrays that know their dimensions, so that a wrong product fails instead of giving a wrong mass."""

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
        if len(set(self.dims)) != len(self.dims):
            raise InputError(
                f"A dimension stands twice in {self.dims}.", "dimensions", "Name each axis once."
            )
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
    if len(set(keep)) != len(keep):
        raise InputError(f"A dimension stands twice in {keep}.", "product", "Name each axis once.")
    if lost := sorted(present - shared - set(keep)):
        raise InputError(
            f"The dimension {', '.join(lost)} is in one array only and would be summed away.",
            "product",
            "Keep it, or sum it first.",
        )
    for dim in shared:
        _same(left, right, dim)
    letters = {dim: chr(ord("a") + index) for index, dim in enumerate(sorted(present))}
    subscripts = ["".join(letters[dim] for dim in dims) for dims in (left.dims, right.dims, keep)]
    values = np.einsum(f"{subscripts[0]},{subscripts[1]}->{subscripts[2]}", left.values, right.values)
    labels = {dim: names for dim, names in {**left.labels, **right.labels}.items() if dim in keep}
    return Named(keep, values, labels)


def _same(left: Named, right: Named, dim: str) -> None:
    if left.size(dim) != right.size(dim):
        raise InputError(
            f"The dimension {dim} has {left.size(dim)} entries here and {right.size(dim)} there.",
            "product",
            "Bring both to the same entries.",
        )
    if dim in left.labels and dim in right.labels and left.labels[dim] != right.labels[dim]:
        raise InputError(
            f"The entries of {dim} differ or stand in another order.", "product", "Sort both alike."
        )
