"""Roots and proofs follow the definition of RFC 6962, and no false proof passes or breaks the check."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran.registry.ledger import merkle

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(70)]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 9),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=40),
    st.sampled_from(LEAVES),
    st.lists(st.sampled_from(LEAVES) | st.binary(max_size=33) | st.none() | st.text(max_size=3), max_size=5),
)


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1 writes it, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def test_the_root_is_the_one_defined() -> None:
    assert [merkle.root(LEAVES[:n]) for n in range(70)] == [defined_root(LEAVES[:n]) for n in range(70)]


def test_a_frontier_grows_to_the_same_root() -> None:
    for before in range(33):
        frontier = merkle.extend([], 0, LEAVES[:before])
        assert len(frontier) == before.bit_count()
        grown = merkle.extend(frontier, before, LEAVES[before:40])
        assert merkle.fold(grown) == merkle.root(LEAVES[:40])


def test_complete_subtrees_cover_the_tree_and_have_the_frontier_as_roots() -> None:
    for size in range(40):
        spans = merkle.complete_subtrees(size)
        assert [n for start, stop in spans for n in range(start, stop)] == list(range(size))
        assert [merkle.root(LEAVES[a:b]) for a, b in spans] == merkle.extend([], 0, LEAVES[:size])


def test_every_leaf_of_every_small_tree_is_proved_and_no_other() -> None:
    subtree = merkle.subtree_of(LEAVES)
    for size in range(1, 40):
        root = merkle.root(LEAVES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, subtree)
            assert merkle.verify_inclusion(index, size, LEAVES[index], proof, root)
            assert not merkle.verify_inclusion(index, size, LEAVES[index + 1], proof, root)
            assert not merkle.verify_inclusion(index, size, LEAVES[index], [*proof, root], root)
            assert not merkle.verify_inclusion(index, size, LEAVES[index], proof, LEAVES[-1])
            if index + 1 < size:
                assert not merkle.verify_inclusion(index + 1, size, LEAVES[index], proof, root)
            if proof:
                assert not merkle.verify_inclusion(index, size, LEAVES[index], proof[:-1], root)


def test_every_growth_of_every_small_tree_is_proved_and_no_other() -> None:
    subtree = merkle.subtree_of(LEAVES)
    for new in range(1, 40):
        for old in range(1, new + 1):
            roots = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
            proof = merkle.consistency_proof(old, new, subtree)
            assert merkle.verify_consistency(old, new, proof, *roots)
            assert not merkle.verify_consistency(old, new, [*proof, roots[0]], *roots)
            assert not merkle.verify_consistency(old, new, proof, LEAVES[-1], roots[1])
            assert not merkle.verify_consistency(old, new, proof, roots[0], LEAVES[-1])
            assert not merkle.verify_consistency(new + 1, old, proof, *roots)
            for position in range(len(proof)):
                bent = [*proof[:position], LEAVES[-1], *proof[position + 1 :]]
                assert not merkle.verify_consistency(old, new, bent, *roots)


def test_consistency_from_nothing_shows_nothing_and_is_refused() -> None:
    root = merkle.root(LEAVES[:5])
    assert not merkle.verify_consistency(0, 5, [], merkle.EMPTY_ROOT, root)
    assert not merkle.verify_consistency(0, 0, [], merkle.EMPTY_ROOT, merkle.EMPTY_ROOT)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
@settings(max_examples=400)
def test_a_proof_of_anything_is_answered_and_never_raises(a: Any, b: Any, c: Any, d: Any, e: Any) -> None:
    assert merkle.verify_inclusion(a, b, c, d, e) in (True, False)
    assert merkle.verify_consistency(a, b, c, d, e) in (True, False)


@pytest.mark.parametrize("size", [10**400, 2**64, True, 1.0, "1", None])
def test_sizes_that_no_tree_has_are_false(size: Any) -> None:
    root = LEAVES[0]
    assert not merkle.verify_inclusion(0, size, root, [root], root)
    assert not merkle.verify_consistency(1, size, [root], root, root)
    assert not merkle.verify_inclusion(size, size, root, [], root)
