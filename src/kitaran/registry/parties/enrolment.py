"""Taking in an operator: its events signed by the node, its key, and a token for its programs."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import Fault, InputError, KitaranError
from kitaran.registry.ledger import repository as log_repository
from kitaran.registry.ledger.envelope import read_event, sign
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.signature import is_weak, key_id, make_key, public_bytes
from kitaran.registry.parties import repository, tokens
from kitaran.registry.parties.kept_keys import KeptKeys
from kitaran.registry.parties.kinds import NODE, item_of
from kitaran.registry.parties.roles import ROLES


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new operator. The token is shown this once; it is empty if none was asked for."""

    operator: str
    key_id: str
    custody: str
    token: str


class Enrolment:
    """The node's hand in the matters of parties."""

    def __init__(self, ledger: Ledger, node_key: Ed25519PrivateKey, kept: KeptKeys) -> None:
        self._ledger = ledger
        self._key = node_key
        self._kept = kept

    def add(
        self,
        name: str,
        roles: Sequence[str],
        public_key: bytes | None = None,
        economy: str | None = None,
        with_token: bool = True,
    ) -> Enrolled:
        """Add an operator with its roles and one key, all in one transaction of the log.

        public_key : the operator's own, 32 bytes; without it the node makes one and keeps it

        Raises InputError if a role is unknown, the name is taken or empty, or the key is registered.
        """
        name = name.strip()
        self.check_new(name, roles, public_key)
        operator = new_id(name)
        occurred_at = stamp()
        added = {"operator": operator, "name": name, "economy": economy, "roles": list(roles)}
        custody = "custodial" if public_key is None else "own"
        with writing(self._ledger.engine) as connection:
            token = tokens.make(connection, operator) if with_token else ""
            if public_key is None:
                made = make_key()
                public_key = public_bytes(made)
                self._kept.keep(connection, made)
        key = {
            "operator": operator,
            "key_id": key_id(public_key),
            "public_key": public_key.hex(),
            "custody": custody,
        }
        try:
            self._append_both(operator, added, key, occurred_at)
        except KitaranError:
            with writing(self._ledger.engine) as connection:
                tokens.end_all(connection, operator)
                self._kept.forget(connection, key["key_id"])
            raise
        return Enrolled(operator, key_id(public_key), custody, token)

    def check_new(self, name: str, roles: Sequence[str], public_key: bytes | None = None) -> None:
        """Raises InputError naming what hinders a new operator of this name, these roles and this key."""
        faults = [
            Fault(f"role {role}", "There is no such role.", f"Known are {', '.join(ROLES)}.")
            for role in roles
            if role not in ROLES
        ]
        if not roles:
            faults.append(Fault("role", "No role is given.", f"Give one of {', '.join(ROLES)}."))
        if not 1 <= len(name) <= 200:
            faults.append(Fault("name", "The name is empty or too long.", "Give 1 to 200 characters."))
        with reading(self._ledger.engine) as connection:
            taken = set(map(repository.same_name, repository.names(connection)))
            known = None if public_key is None else repository.key(connection, key_id(public_key))
        if known is not None:
            cause = f"This key is registered for {known.operator}."
            faults.append(Fault("key", cause, "Make a key of its own for each operator."))
        if public_key is not None and is_weak(public_key):
            faults.append(
                Fault("key", "With this public key anybody can sign.", "Make a key with a program for it.")
            )
        if repository.same_name(name) in taken:
            faults.append(
                Fault("name", f"There is an operator named {name}.", "Give a name that tells them apart.")
            )
        if faults:
            raise InputError("The operator cannot be added.", faults=faults)

    def grant_licence(self, operator: str, licence: dict[str, Any]) -> None:
        """Enter a licence as `LicenceGranted` tells it. Raises as the log does."""
        self._append("parties.licence_granted", operator, {"operator": operator, **licence}, stamp())

    def end_key(self, operator: str, name: str, reason: str) -> None:
        """End a key. Raises as the log does."""
        self._append("parties.key_ended", operator, {"key_id": name, "reason": reason}, stamp())

    def add_key(self, operator: str, public_key: bytes) -> str:
        """A further own key of an operator; its id. Raises as the log does."""
        name = key_id(public_key)
        payload = {"operator": operator, "key_id": name, "public_key": public_key.hex(), "custody": "own"}
        self._append("parties.key_added", operator, payload, stamp())
        return name

    def keep_key(self, operator: str) -> str:
        """Let the node keep a key with which people of the operator sign by a click; its id."""
        made = make_key()
        public = public_bytes(made)
        with writing(self._ledger.engine) as connection:
            name = self._kept.keep(connection, made)
        payload = {"operator": operator, "key_id": name, "public_key": public.hex(), "custody": "custodial"}
        try:
            self._append("parties.key_added", operator, payload, stamp())
        except KitaranError:
            with writing(self._ledger.engine) as connection:
                self._kept.forget(connection, name)
            raise
        return name

    def _append_both(
        self, operator: str, added: dict[str, Any], key: dict[str, Any], occurred_at: str
    ) -> None:
        first = self._signed("parties.operator_added", operator, added, occurred_at, None)
        follows = read_event(first).digest.hex()
        second = self._signed("parties.key_added", operator, key, occurred_at, follows)
        for outcome in self._ledger.append_all([(first, None), (second, None)]):
            if isinstance(outcome, KitaranError):
                raise outcome

    def _append(self, kind: str, operator: str, payload: dict[str, Any], occurred_at: str) -> None:
        item = item_of(operator)
        with reading(self._ledger.engine) as connection:
            head = log_repository.heads(connection, [item]).get(item)
        digest = None if head is None or head.digest is None else head.digest.hex()
        self._ledger.append(self._signed(kind, operator, payload, occurred_at, digest))

    def _signed(
        self, kind: str, operator: str, payload: dict[str, Any], occurred_at: str, digest: str | None
    ) -> dict[str, Any]:
        item = item_of(operator)
        envelope = {
            "kind": kind,
            "id": f"{kind.replace('.', '-').replace('_', '-')}-{secrets.token_hex(8)}"[-64:],
            "actor": NODE,
            "items": [item],
            "expects": {item: digest},
            "occurred_at": occurred_at,
            "place": None,
            "payload": {field: value for field, value in payload.items() if value is not None},
        }
        return sign(envelope, self._key)


def new_id(name: str) -> str:
    """A readable id that no other operator has: the name in plain letters, and some random ones."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-")
    return f"{words or 'operator'}-{secrets.token_hex(4)}"
