"""The signed envelope of an event, and the entry of the log that its leaf commits to.

An event comes as one JSON object: the envelope's fields and `signature`. The signature is over the
canonical bytes of the envelope alone. The log adds `recorded_at` and `seq`; the entry is the canonical
JSON of `{envelope, recorded_at, seq, signature}`, the leaf hash is SHA-256 of 0x00 and the entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.sealed import Disclosures, check_disclosures
from kitaran.registry.ledger.signature import key_id, public_bytes
from kitaran.registry.ledger.times import read_time

VERSION: Final = 1
MOST_BYTES: Final = 1_000_000
MOST_ITEMS: Final = 1_000
NEEDED = ("v", "kind", "id", "actor", "key_id", "items", "expects", "occurred_at", "place", "payload")
OPTIONAL = ("session", "sealed")
_NEEDED = frozenset(NEEDED)
_KNOWN = frozenset((*NEEDED, *OPTIONAL))
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{128}", re.ASCII)
_FORMS = {
    "kind": (re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+", re.ASCII), "a noun and a verb, custody.offer"),
    "id": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}", re.ASCII), "8 to 64 letters, digits or . _ : -"),
    "actor": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII), "the id of an operator"),
    "key_id": (_HEX64, "the SHA-256 of the public key, 64 hexadecimal digits"),
    "session": (re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII), "1 to 64 letters, digits or . _ : -"),
}
_TEXTS = tuple(name for name in _FORMS if name in NEEDED)
_ALL_TEXTS = re.compile("\n".join(f"(?:{_FORMS[name][0].pattern})" for name in _TEXTS), re.ASCII)
"""The needed texts one under the other: no form takes a line feed, so one match says that all of them fit."""
_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Event:
    """A checked envelope with its signature, as yet unrecorded.

    signed : canonical bytes that the signature is over
    digest : SHA-256 of `signed`: what the next event of an item expects as its head
    """

    envelope: dict[str, Any]
    signature: str
    signed: bytes
    digest: bytes
    occurred_at: datetime
    disclosures: Disclosures

    @property
    def kind(self) -> str:
        return str(self.envelope["kind"])

    @property
    def id(self) -> str:
        return str(self.envelope["id"])

    @property
    def actor(self) -> str:
        return str(self.envelope["actor"])

    @property
    def key_id(self) -> str:
        return str(self.envelope["key_id"])

    @property
    def items(self) -> list[str]:
        return list(self.envelope["items"])

    @property
    def expects(self) -> dict[str, str | None]:
        return dict(self.envelope["expects"])

    @property
    def payload(self) -> dict[str, Any]:
        return dict(self.envelope["payload"])

    def entry(self, seq: int, recorded_at: str) -> bytes:
        """Canonical bytes of `{envelope, recorded_at, seq, signature}`: these keys stand in their sorted
        order.
        """
        tail = f',"recorded_at":"{recorded_at}","seq":{seq},"signature":"{self.signature}"}}'
        return b'{"envelope":' + self.signed + tail.encode()


def read_event(submitted: Any, disclosures: Mapping[str, Any] | None = None) -> Event:
    """The event in a JSON object as a client sends it. Checks form, not who may do what.

    Raises InputError naming each field that is wrong.
    """
    if type(submitted) is not dict:
        raise InputError("An event is one JSON object.", "$", "Send {v, kind, id, ..., signature}.")
    envelope = submitted.copy()
    envelope.pop("signature", None)
    signed = canonical.encode(envelope)
    faults = [*_faults(envelope), *_signature_faults(submitted)]
    if not faults and len(signed) > MOST_BYTES:
        faults = [Fault("$", f"The event has more than {MOST_BYTES} bytes.", "Send rows as a bulk import.")]
    if faults:
        raise InputError("This event cannot be read.", faults=faults)
    return Event(
        envelope,
        submitted["signature"],
        signed,
        sha256(signed).digest(),
        read_time(envelope["occurred_at"], "$.occurred_at"),
        check_disclosures(envelope.get("sealed", {}), disclosures) if disclosures else {},
    )


def sign(envelope: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The envelope with `v`, `key_id` and `signature` set: what a client sends. Missing fields are left
    missing.
    """
    whole = {"v": VERSION, **envelope, "key_id": key_id(public_bytes(key))}
    return {**whole, "signature": key.sign(canonical.encode(whole)).hex()}


def _signature_faults(submitted: dict[str, Any]) -> list[Fault]:
    signature = submitted.get("signature")
    if type(signature) is str and _SIGNATURE.fullmatch(signature):
        return []
    remedy = "Sign the canonical bytes of the envelope with Ed25519; send 128 hexadecimal digits."
    return [Fault("$.signature", "The signature is missing or has another form.", remedy)]


def _faults(envelope: dict[str, Any]) -> list[Fault]:
    faults = [] if envelope.keys() == _NEEDED else _name_faults(envelope)
    return faults or [fault for fault in _field_faults(envelope) if fault is not None]


def _name_faults(envelope: dict[str, Any]) -> list[Fault]:
    faults = [
        Fault(f"$.{name}", "The field is missing.", "Send every field of the envelope.")
        for name in NEEDED
        if name not in envelope
    ]
    if not _KNOWN.issuperset(envelope):
        faults += [
            Fault(
                f"$.{name}",
                "There is no such field in an envelope.",
                f"Known are {', '.join(sorted(_KNOWN))}.",
            )
            for name in sorted(set(envelope) - _KNOWN)
        ]
    return faults


def _field_faults(envelope: dict[str, Any]) -> list[Fault | None]:
    return [
        None if type(envelope["v"]) is int and envelope["v"] == VERSION else _bad("v", f"{VERSION}"),
        *_text_faults(envelope),
        _items_fault(envelope["items"]),
        None if envelope["expects"] == {} else _expects_fault(envelope["expects"], envelope["items"]),
        _place_fault(envelope["place"]),
        None if type(envelope["payload"]) is dict else _bad("payload", "an object"),
        _sealed_fault(envelope["sealed"]) if "sealed" in envelope else None,
    ]


def _bad(name: str, form: str) -> Fault:
    return Fault(f"$.{name}", "The field has another form.", f"Send {form}.")


def _text_faults(envelope: dict[str, Any]) -> list[Fault | None]:
    if "session" not in envelope and _texts_fit(envelope):
        return []
    return [_text_fault(envelope, name) for name in _FORMS if name in envelope]


def _texts_fit(envelope: dict[str, Any]) -> bool:
    try:
        return _ALL_TEXTS.fullmatch("\n".join([envelope[name] for name in _TEXTS])) is not None
    except TypeError:  # one of them is no text
        return False


def _text_fault(envelope: dict[str, Any], name: str) -> Fault | None:
    form, words = _FORMS[name]
    value = envelope[name]
    return None if type(value) is str and form.fullmatch(value) else _bad(name, words)


def _items_fault(items: Any) -> Fault | None:
    if type(items) is list and len(items) <= MOST_ITEMS and _item_ids(items):
        return None
    return _bad("items", f"a list of up to {MOST_ITEMS} different item ids")


def _item_ids(items: list[Any]) -> bool:
    """Whether these are item ids, all different."""
    for item in items:
        if type(item) is not str or _ITEM.fullmatch(item) is None:
            return False
    return len(items) < 2 or len(set(items)) == len(items)


def _expects_fault(expects: Any, items: Any) -> Fault | None:
    good = type(expects) is dict and all(_is_head(head) for head in expects.values())
    if good and (type(items) is not list or all(item in items for item in expects)):
        return None
    return _bad("expects", "for items of this event, the digest of the item's head, or null for a new item")


def _is_head(value: Any) -> bool:
    return value is None or (type(value) is str and _HEX64.fullmatch(value) is not None)


def _place_fault(place: Any) -> Fault | None:
    return (
        None
        if place is None or (type(place) is str and 0 < len(place) <= 200)
        else _bad("place", "a text or null")
    )


def _sealed_fault(sealed: Any) -> Fault | None:
    good = type(sealed) is dict and all(
        type(value) is str and _HEX64.fullmatch(value) for value in sealed.values()
    )
    return None if good else _bad("sealed", "names with the salted hash of each value")
