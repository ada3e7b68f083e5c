"""One value has one sequence of bytes, that of RFC 8785; everything else is refused by its path."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import canonical

KEYS = st.text(st.characters(max_codepoint=127), max_size=12)
TEXTS = st.text(max_size=20).map(lambda text: normalize("NFC", text))
INTEGERS = st.integers(-canonical.LARGEST_INTEGER, canonical.LARGEST_INTEGER)
LEAVES = st.none() | st.booleans() | INTEGERS | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


class Colour(IntEnum):
    RED = 1


@given(VALUES)
def test_bytes_of_the_subset_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical.encode(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_was_encoded_is_read_back_the_same(value: Any) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@given(st.dictionaries(KEYS, LEAVES, min_size=2, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, Any], random: Any) -> None:
    shuffled = list(value.items())
    random.shuffle(shuffled)
    assert canonical.encode(dict(shuffled)) == canonical.encode(value)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"mass": 1.5}, "$.mass"),
        ({"rows": [0, {"mass": float("nan")}]}, "$.rows[1].mass"),
        ([2**53], "$[0]"),
        ([-(2**53)], "$[0]"),
        ({"size": {"é": 1}}, "$.size['é']"),
        ({"a b": {1: 2}}, "$['a b'][1]"),
        ({"name": "A\u030a"}, "$.name"),
        (["half \ud83d"], "$[0]"),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "$.at"),
        ({"kwh": Decimal("1.5")}, "$.kwh"),
        ({"raw": b"bytes"}, "$.raw"),
        ({"pair": (1, 2)}, "$.pair"),
        ({"of": {1, 2}}, "$.of"),
        ([Colour.RED], "$[0]"),
        (0.0, "$"),
        (-0.0, "$"),
    ],
)
def test_what_lies_outside_the_subset_is_refused_with_its_path(value: Any, path: str) -> None:
    with pytest.raises(InputError) as error:
        canonical.encode(value)
    assert error.value.place == path
    assert error.value.remedy


def test_a_value_without_end_is_refused_and_does_not_exhaust_the_stack() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(InputError, match="deep"):
        canonical.encode(endless)


def test_the_deepest_value_allowed_is_encoded() -> None:
    value: Any = 1
    for _ in range(canonical.DEEPEST):
        value = [value]
    assert canonical.encode(value) == rfc8785.dumps(value)
    with pytest.raises(InputError):
        canonical.encode([value])


@pytest.mark.parametrize(
    "text", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b'"\\u0041"', b"1.0", b"-0"]
)
def test_json_that_is_not_canonical_is_not_taken_for_it(text: bytes) -> None:
    with pytest.raises(InputError):
        canonical.decode(text)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"a":NaN}', b'"\\ud800"'])
def test_what_is_not_json_is_told(text: bytes) -> None:
    with pytest.raises(InputError):
        canonical.decode(text)
