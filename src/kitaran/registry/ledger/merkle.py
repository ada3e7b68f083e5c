"""The Merkle tree of RFC 6962: roots, and proofs that an outsider can check.

A leaf hash is SHA-256 of 0x00 and the leaf; an inner node is SHA-256 of 0x01, its left and its right child. A
tree of n leaves splits at the largest power of two below n. All is pure; hashes are bytes, 32 of them.

`verify_inclusion` and `verify_consistency` answer true or false, whatever they are given: a proof comes from
someone who may lie. Source: RFC 6962, section 2.1; RFC 9162, section 2.1.3 for the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves."""

Subtree = Callable[[int, int], bytes]
"""Root of the leaves from `start` up to, not including, `stop`."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Root of the tree over these leaf hashes, level by level, in time and memory linear in their number.

    The last node of a level without a partner rises unhashed: so the tree splits at the largest power of two.
    """
    level = list(leaf_hashes)
    while len(level) > 1:
        alone = level[-1:] if len(level) & 1 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + alone
    return level[0] if level else EMPTY_ROOT


def extend(frontier: Sequence[bytes], size: int, leaf_hashes: Iterable[bytes]) -> list[bytes]:
    """The frontier after more leaves.

    frontier : roots of the complete subtrees of a tree of `size` leaves, largest first; one a bit of `size`
    """
    grown = list(frontier)
    for leaf in leaf_hashes:
        node, bits = leaf, size
        while bits & 1:
            node = node_hash(grown.pop(), node)
            bits >>= 1
        grown.append(node)
        size += 1
    return grown


def fold(frontier: Sequence[bytes]) -> bytes:
    """Root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    node = frontier[-1]
    for left in reversed(frontier[:-1]):
        node = node_hash(left, node)
    return node


def complete_subtrees(size: int) -> list[tuple[int, int]]:
    """Start and stop of each complete subtree of a tree of `size` leaves, largest first."""
    spans, start = [], 0
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            spans.append((start, start + (1 << bit)))
            start += 1 << bit
    return spans


# -- proofs


def inclusion_proof(leaf_index: int, tree_size: int, subtree: Subtree) -> list[bytes]:
    """Audit path of a leaf, lowest first. Needs 0 <= leaf_index < tree_size."""
    start, stop, path = 0, tree_size, []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if leaf_index < middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(size1: int, size2: int, subtree: Subtree) -> list[bytes]:
    """Proof that the tree of `size1` leaves is the beginning of that of `size2`. Needs 0 < size1 <= size2."""
    start, stop, path, whole = 0, size2, [], True
    while stop != size1:
        middle = start + _split(stop - start)
        if size1 <= middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, stop))
    return path[::-1]


def subtree_of(leaf_hashes: Sequence[bytes]) -> Subtree:
    """Subtree roots from leaf hashes in memory."""
    return lambda start, stop: root(leaf_hashes[start:stop])


def _split(leaves: int) -> int:
    """Largest power of two below `leaves`, which is at least 2."""
    return 1 << (leaves - 1).bit_length() - 1


# -- checks


def verify_inclusion(leaf_index: Any, tree_size: Any, leaf_hash: Any, proof: Any, root: Any) -> bool:
    """Whether `proof` shows that `leaf_hash` stands at `leaf_index` (from 0) of the tree with this root."""
    path = _hashes(proof)
    if path is None or not _is_hash(leaf_hash) or not _is_hash(root):
        return False
    if not _is_count(leaf_index) or not _is_count(tree_size) or leaf_index >= tree_size:
        return False
    node, index, last = leaf_hash, leaf_index, tree_size - 1
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return bool(last == 0 and node == root)


def verify_consistency(size1: Any, size2: Any, proof: Any, root1: Any, root2: Any) -> bool:
    """Whether `proof` shows that the tree of `size1` and `root1` begins that of `size2` and `root2`.

    From size 0 everything would follow and nothing be shown: refused.
    """
    path = _hashes(proof)
    if path is None or not _is_hash(root1) or not _is_hash(root2):
        return False
    if not _is_count(size1) or not _is_count(size2) or not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not path and root1 == root2
    if size1 & (size1 - 1) == 0:
        path = [root1, *path]
    return bool(path) and _joins(size1 - 1, size2 - 1, path, root1, root2)


def _joins(index: int, last: int, path: Sequence[bytes], root1: bytes, root2: bytes) -> bool:
    """RFC 9162, section 2.1.4.2, from step 4."""
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and old == root1 and new == root2


def _hashes(proof: Any) -> list[bytes] | None:
    """The proof's hashes; None if it is anything else. An absent proof is an empty one."""
    if proof is None:
        return []
    if type(proof) not in (list, tuple) or not all(_is_hash(item) for item in proof):
        return None
    return list(proof)


def _is_hash(value: Any) -> bool:
    return type(value) is bytes and len(value) == HASH_BYTES


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0
