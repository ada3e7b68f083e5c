"""Restricted and personal values: beside the log, with only their salted hash inside it.

The envelope's `sealed` names each value and its commitment: SHA-256 of 0x02 and the canonical bytes of
`{name, salt, value}`. The salt is 32 random bytes made by whoever signs; without it nobody can guess at a
value. When value and salt are erased, the commitment stays and every proof with it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.ledger import canonical

_SALT = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A sealed value with its salt (64 hexadecimal digits)."""

    salt: str
    value: Any


Disclosures = Mapping[str, Disclosure]


def commitment(name: str, disclosure: Disclosure) -> str:
    """What the envelope holds in place of the value, 64 hexadecimal digits."""
    opened = {"name": name, "salt": disclosure.salt, "value": disclosure.value}
    return sha256(b"\x02" + canonical.encode(opened)).hexdigest()


def seal(values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Disclosure]]:
    """Fresh salts for these values: the envelope's `sealed`, and what is sent beside the envelope."""
    disclosures = {name: Disclosure(secrets.token_hex(32), value) for name, value in values.items()}
    return {name: commitment(name, opened) for name, opened in disclosures.items()}, disclosures


def check_disclosures(sealed: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Disclosure]:
    """Disclosures as a client sends them, `{name: {salt, value}}`, each shown to be what the envelope
    commits to.

    Raises InputError naming those that are not. Values may be missing: their signer keeps them.
    """
    faults, opened = [], {}
    for name, one in given.items():
        disclosure = _read(one)
        if disclosure is not None and sealed.get(name) == commitment(name, disclosure):
            opened[name] = disclosure
        else:
            remedy = "Send {salt, value} from which the hash in the envelope's `sealed` was made."
            faults.append(Fault(f"$.disclosures.{name}", "The event does not commit to this value.", remedy))
    if faults:
        raise InputError("Some sealed values are not those of the event.", faults=faults)
    return opened


def _read(one: Any) -> Disclosure | None:
    if isinstance(one, Disclosure):
        one = {"salt": one.salt, "value": one.value}
    if type(one) is not dict or set(one) != {"salt", "value"}:
        return None
    if type(one["salt"]) is not str or not _SALT.fullmatch(one["salt"]):
        return None
    return Disclosure(one["salt"], one["value"])
