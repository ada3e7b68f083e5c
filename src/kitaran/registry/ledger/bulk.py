"""Bulk import: thousands of rows under one signature, by a manifest with the Merkle root over them.

A row is a canonical JSON object `{item, row}`; its leaf hash is SHA-256 of 0x00 and these bytes, and the
tree is that of the log. The event's payload names how many rows there are and their root. Each row can
later be proved by itself: from row to manifest, from manifest to checkpoint. A row that may have to be
withheld holds something at random, or its hash could be tried out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import canonical, merkle, repository
from kitaran.registry.ledger.kinds import Payload

StoredRow = tuple[int, int, str, bytes]
"""seq, position, item, content."""


class Manifest(Payload):
    """Base of the payload of a bulk import. rows : how many; root : Merkle root over them, 64 digits"""

    rows: int = Field(ge=1)
    root: str = Field(pattern=r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in their canonical bytes, and the root over them."""

    items: Sequence[str]
    contents: Sequence[bytes]
    root: bytes

    @property
    def count(self) -> int:
        return len(self.contents)

    def placed(self, seq: int) -> list[StoredRow]:
        """The rows as they are stored beside event `seq`."""
        pairs = zip(self.items, self.contents, strict=True)
        return [(seq, position, item, content) for position, (item, content) in enumerate(pairs)]


def prepare(rows: Iterable[tuple[str, Any]]) -> Rows:
    """Encode and hash rows of item and value. Raises InputError naming the row that has no canonical form."""
    items: list[str] = []
    contents: list[bytes] = []
    for position, (item, value) in enumerate(rows):
        try:
            encoded = canonical.encode({"item": item, "row": value})
            contents.append(memoryview(encoded).tobytes())  # the encoder's own bytes hold 4 kB each
        except InputError as error:
            place = f"row {position}: {error.place}"
            raise InputError(error.cause, place, error.remedy) from error
        items.append(item)
    return Rows(items, contents, merkle.root(map(merkle.leaf_hash, contents)))


def check_manifest(payload: dict[str, Any], rows: Rows) -> None:
    """Raises InputError if the manifest is of other rows."""
    if payload.get("rows") == rows.count and payload.get("root") == rows.root.hex():
        return
    raise InputError(
        f"The manifest is not of these {rows.count} rows, whose root is {rows.root.hex()}.",
        "$.payload.root",
        "Sign the root over the canonical bytes of the rows in their order.",
    )


@dataclass(frozen=True, slots=True)
class ProvedRow:
    """A row of a bulk import. proof : from it to the root in the payload of event `seq`, lowest node first"""

    seq: int
    position: int
    item: str
    content: bytes
    proof: list[bytes]
    count: int


def proved_rows(connection: Connection, items: Collection[str]) -> Iterator[ProvedRow]:
    """The rows of these items in every bulk import, in the order of the log, each with its proof."""
    for seq, places in groupby(repository.rows_of_items(connection, items), itemgetter(0)):
        contents = repository.row_contents(connection, seq)
        subtree = cache(merkle.subtree_of([merkle.leaf_hash(content) for content in contents]))
        for _, position, item in places:
            proof = merkle.inclusion_proof(position, len(contents), subtree)
            yield ProvedRow(seq, position, item, contents[position], proof, len(contents))
