"""What one transaction of the log has seen, and what it is about to write: many events, one commit.

Each event is given its place in memory; rows, histories, heads, keys and nodes are written together at the
end, with one statement for each table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from kitaran.registry.ledger import canonical, merkle, repository
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.kinds import Recorded, SigningKey
from kitaran.registry.ledger.rebuild import follow
from kitaran.registry.ledger.receipt import Receipt, fresh_receipt, make_receipt
from kitaran.registry.ledger.repository import Head, Row
from kitaran.registry.ledger.stored_tree import StoredTree


@dataclass
class Group:
    """The events of one transaction.

    size  : of the log with those of them that have their place
    known : recorded events that have the id of one of them, these included
    heads : of the items that they name, moved by those that have their place
    keys  : that they name, as they stand in this transaction; None for what is no key here
    """

    size: int
    now: datetime
    recorded_at: str
    known: dict[str, Row]
    heads: dict[str, Head]
    keys: dict[str, SigningKey | None]
    rows: list[Row] = field(default_factory=list)
    item_seqs: dict[int, dict[str, int]] = field(default_factory=dict)
    signers: set[str] = field(default_factory=set)
    sealed: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    acted: set[tuple[str, str]] = field(default_factory=set)

    def record(self, event: Event) -> tuple[Recorded, Receipt]:
        """Give the event its place, in memory, and make the receipt that holds once all is durable."""
        seq, actor = self.size, event.actor
        entry = event.entry(seq, self.recorded_at)
        row = Row(seq, event.id, entry, merkle.leaf_hash(entry), event.digest)
        item_seqs = follow(self.heads, event.envelope, event.digest)
        for item in item_seqs:
            self.acted.add((item, actor))
        self.rows.append(row)
        self.item_seqs[seq] = item_seqs
        self.signers.add(event.key_id)
        self.known[row.event_id] = row
        for name, opened in event.disclosures.items():
            self.sealed.append((seq, name, opened.salt, canonical.encode(opened.value)))
        self.size += 1
        receipt = fresh_receipt(row, event.envelope, self.recorded_at, item_seqs)
        return Recorded(event, seq, self.recorded_at, item_seqs), receipt

    def receipt_again(self, connection: Connection, row: Row, event: Event) -> Receipt:
        """The receipt of an event that was recorded before, here or long ago."""
        item_seqs = self.item_seqs.get(row.seq)
        if item_seqs is None:
            item_seqs = repository.item_seqs(connection, row.seq, event.items)
        return make_receipt(row, item_seqs)

    def write(self, connection: Connection) -> None:
        """Write all that was recorded."""
        if not self.rows:
            return
        repository.add_rows(connection, self.rows)
        places = [
            (i, seq, number) for seq, numbers in self.item_seqs.items() for i, number in numbers.items()
        ]
        repository.add_item_events(connection, places)
        repository.add_item_actors(connection, self.acted)
        repository.set_heads(connection, {item: self.heads[item] for item, _, _ in places})
        repository.add_sealed(connection, self.sealed)
        keys = {name: key.public_key for name in self.signers if (key := self.keys[name]) is not None}
        repository.add_public_keys(connection, keys)
        StoredTree(connection).grow(self.rows[0].seq, self.size)
