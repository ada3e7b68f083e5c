"""The Merkle tree over the stored log: every 256th level is kept, so that a proof reads little.

Node (height, position) is the root of the 2^height leaves from position * 2^height. Leaf hashes (height 0)
stand in the log; of the nodes above them only heights 8, 16, 24, ... are kept, one for each complete subtree.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from kitaran.registry.ledger import merkle, repository

STEP: Final = 8
_TILE: Final = 1 << STEP


class StoredTree:
    """Subtree roots as they follow from what the database holds. Nothing of it is proved until it is compared
    with a signed root."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def subtree(self, start: int, stop: int) -> bytes:
        """Root of the leaves from `start` up to `stop`; start is a multiple of a power of two not below
        them.
        """
        spans = merkle.complete_subtrees(stop - start)
        return merkle.fold([self._complete(start + a, start + b) for a, b in spans])

    def frontier(self, size: int) -> list[bytes]:
        """Roots of the complete subtrees of the first `size` leaves: each kept level is read once."""
        roots: list[bytes] = []
        done, height = 0, STEP * ((size.bit_length() - 1) // STEP)
        while height >= 0:
            upto = size >> height  # the nodes of this level that are complete, and in none above it
            roots += merkle.extend([], 0, self._kept(height, done, upto))
            done, height = upto << STEP, height - STEP
        return roots

    def root(self, size: int) -> bytes:
        return merkle.fold(self.frontier(size))

    def inclusion_proof(self, leaf_index: int, size: int) -> list[bytes]:
        return merkle.inclusion_proof(leaf_index, size, self.subtree)

    def consistency_proof(self, size1: int, size2: int) -> list[bytes]:
        return merkle.consistency_proof(size1, size2, self.subtree)

    def grow(self, before: int, after: int) -> None:
        """Keep the nodes that became complete when the log grew from `before` to `after` leaves."""
        height = STEP
        while after >> height:
            for position in range(before >> height, after >> height):
                below = self._kept(height - STEP, position * _TILE, (position + 1) * _TILE)
                repository.add_node(self._connection, height, position, merkle.root(below))
            height += STEP

    def _complete(self, start: int, stop: int) -> bytes:
        height = (stop - start).bit_length() - 1
        kept = height - height % STEP
        return merkle.root(self._kept(kept, start >> kept, stop >> kept))

    def _kept(self, height: int, start: int, stop: int) -> list[bytes]:
        if height == 0:
            return repository.leaf_hashes(self._connection, start, stop)
        return repository.nodes(self._connection, height, start, stop)
