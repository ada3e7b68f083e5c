"""A registry of a fresh workspace, and what an operator's own program would make."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.foundation.clock import stamp
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.signature import key_id, make_key, public_bytes


@dataclass(frozen=True)
class Client:
    """An operator with its own key and token."""

    operator: str
    key: Ed25519PrivateKey
    token: str

    def event(self, kind: str, payload: dict[str, Any], head: str | None, **changed: Any) -> dict[str, Any]:
        """A signed event about the operator itself."""
        item = f"operator/{self.operator}"
        envelope = {
            "kind": kind,
            "id": secrets.token_hex(16),
            "actor": self.operator,
            "items": [item],
            "expects": {item: head},
            "occurred_at": stamp(),
            "place": None,
            "payload": payload,
        }
        return sign({**envelope, **changed}, self.key)

    def new_key(self, head: str | None, **changed: Any) -> dict[str, Any]:
        """An event that registers a further key of the operator."""
        public = public_bytes(make_key())
        payload = {
            "operator": self.operator,
            "key_id": key_id(public),
            "public_key": public.hex(),
            "custody": "own",
        }
        return self.event("parties.key_added", payload, head, **changed)


def enrol(registry: Registry, name: str, *roles: str) -> Client:
    key = make_key()
    added = registry.enrolment.add(name, roles, public_bytes(key))
    return Client(added.operator, key, added.token)
