"""Products over named dimensions, and what batteries hold."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning.materials.content import CHEMISTRIES, ITEMS, contained
from kitaran.planning.materials.dimensions import Named, product

ENERGY = Named(("year", "chemistry"), np.array([[1.0, 2.0], [3.0, 4.0]]), {"chemistry": ("LFP", "NCA")})
CONTENT = Named(("chemistry", "item"), np.array([[0.1, 0.0], [0.1, 0.7]]), {"chemistry": ("LFP", "NCA")})


def test_a_product_sums_over_what_is_not_kept() -> None:
    found = product(ENERGY, CONTENT, ("year", "item"))
    assert found.dims == ("year", "item")
    assert found.values == pytest.approx(np.array([[0.3, 1.4], [0.7, 2.8]]))


def test_a_product_keeps_labels() -> None:
    assert product(ENERGY, CONTENT, ("year", "chemistry", "item")).labels == {"chemistry": ("LFP", "NCA")}


@pytest.mark.parametrize(
    ("left", "right", "keep", "words"),
    [
        (ENERGY, CONTENT, ("year", "sample"), "No array has the dimension sample"),
        (ENERGY, CONTENT, ("year",), "item is in one array only"),
        (ENERGY, CONTENT, ("year", "year"), "stands twice"),
        (
            ENERGY,
            Named(("chemistry", "item"), np.ones((3, 2)), {}),
            ("year", "item"),
            "2 entries here and 3 there",
        ),
        (
            ENERGY,
            Named(("chemistry", "item"), np.ones((2, 2)), {"chemistry": ("NCA", "LFP")}),
            ("year", "item"),
            "differ or stand in another order",
        ),
    ],
)
def test_a_wrong_product_fails_instead_of_giving_a_wrong_mass(
    left: Named, right: Named, keep: tuple[str, ...], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        product(left, right, keep)


@pytest.mark.parametrize(
    ("dims", "shape", "labels"),
    [(("year", "year"), (2, 2), {}), (("year",), (2, 2), {}), (("item",), (2,), {"item": ("Li",)})],
)
def test_an_array_whose_names_do_not_fit_is_refused(
    dims: tuple[str, ...], shape: tuple[int, ...], labels: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(InputError):
        Named(dims, np.ones(shape), labels)


def test_a_gigawatt_hour_of_one_kilogram_per_kilowatt_hour_holds_a_thousand_tonnes() -> None:
    energy = np.zeros((1, len(CHEMISTRIES), 1))
    energy[0, CHEMISTRIES.index("NCA"), 0] = 1.0
    composition = np.zeros((len(CHEMISTRIES), len(ITEMS), 1))
    composition[CHEMISTRIES.index("NCA"), ITEMS.index("Ni"), 0] = 1.0
    mass = contained(energy, composition)
    assert mass.shape == (1, len(CHEMISTRIES), len(ITEMS), 1)
    assert mass[0, CHEMISTRIES.index("NCA"), ITEMS.index("Ni"), 0] == pytest.approx(1000.0)
    assert mass.sum() == pytest.approx(1000.0)
