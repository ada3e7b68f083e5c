"""Signing and recording what one actor says here: the node itself, or a signed-in person.

Whoever keeps a key elsewhere signs there and sends the whole event; this is for keys that the node holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.receipt import Receipt
from kitaran.registry.ledger.sealed import seal
from kitaran.registry.parties.kinds import NODE


@dataclass(frozen=True)
class Hand:
    """The ledger, a private key, whose it is, and the session in which a person uses it (None: the node)."""

    ledger: Ledger
    key: Ed25519PrivateKey
    actor: str = NODE
    session: str | None = None

    def record(
        self,
        kind: str,
        item: str | Sequence[str],
        payload: Mapping[str, Any],
        sealed: Mapping[str, Any] | None = None,
        occurred_at: str | None = None,
        place: str | None = None,
    ) -> Receipt:
        """Append one event about `item`, which follows the item's head. None in the payload is left out.

        item   : one, or several in their order, of which each has its head moved
        sealed : values that go beside the log
        Raises as `Ledger.append` does.
        """
        hashes, disclosures = seal({name: value for name, value in (sealed or {}).items() if value})
        items = [item] if isinstance(item, str) else list(item)
        envelope = {
            "kind": kind,
            "id": secrets.token_hex(16),
            "actor": self.actor,
            "items": items,
            "expects": self._heads(items),
            "occurred_at": occurred_at or stamp(),
            "place": place,
            "payload": {name: value for name, value in payload.items() if value is not None},
            **({} if self.session is None else {"session": self.session}),
            **({"sealed": hashes} if hashes else {}),
        }
        return self.ledger.append(sign(envelope, self.key), dict(disclosures))

    def _heads(self, items: Sequence[str]) -> dict[str, str | None]:
        with reading(self.ledger.engine) as connection:
            heads = log.heads(connection, items)
        digests = {item: heads[item].digest if item in heads else None for item in items}
        return {item: None if digest is None else digest.hex() for item, digest in digests.items()}
