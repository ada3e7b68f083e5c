"""The given vectors of RFC 8785: the same bytes inside our subset, and a refusal outside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import rfc8785

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import canonical

pytestmark = pytest.mark.shared
OUTSIDE = {"unicode": "$['Unnormalized Unicode']", "values": "$.numbers[0]"}
"""Vectors outside our subset, and what in them is: text that is not in normal form C; fractions."""


def _folder() -> Path:
    return Path(os.environ["KITARAN_SHARED"]) / "vectors" / "jcs-rfc8785"


def _names() -> list[str]:
    return sorted(path.stem for path in (_folder() / "input").glob("*.json"))


def test_the_given_vectors_inside_the_subset_give_the_given_bytes() -> None:
    inside = [name for name in _names() if name not in OUTSIDE]
    assert inside
    for name in inside:
        value = json.loads((_folder() / "input" / f"{name}.json").read_bytes())
        expected = bytes.fromhex((_folder() / "outhex" / f"{name}.txt").read_text())
        assert canonical.encode(value) == expected == (_folder() / "output" / f"{name}.json").read_bytes()


def test_the_given_vectors_outside_the_subset_are_refused_where_they_leave_it() -> None:
    for name, path in OUTSIDE.items():
        value = json.loads((_folder() / "input" / f"{name}.json").read_bytes())
        with pytest.raises(InputError) as error:
            canonical.encode(value)
        assert error.value.place == path


def test_the_part_of_each_vector_that_lies_inside_gives_the_given_bytes() -> None:
    value = json.loads((_folder() / "input" / "values.json").read_bytes())
    del value["numbers"]
    expected = (_folder() / "output" / "values.json").read_bytes()
    assert canonical.encode(value) == rfc8785.dumps(value)
    assert canonical.encode(value["string"]) in expected
    assert canonical.encode(value["literals"]) in expected
