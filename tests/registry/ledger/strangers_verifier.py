"""A verifier as a stranger would write it from docs/ledger.md alone: nothing of Kitaran is imported."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def jcs(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def h(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def climb(index: int, size: int, node: bytes, path: list[bytes]) -> bytes:
    """Recursive, from the definition of an audit path in RFC 6962, 2.1.1."""
    if size == 1:
        assert index == 0
        assert not path
        return node
    k = 1
    while k * 2 < size:
        k *= 2
    if index < k:
        return h(b"\x01" + climb(index, k, node, path[:-1]) + path[-1])
    return h(b"\x01" + path[-1] + climb(index - k, size - k, node, path[:-1]))


def check(key: bytes, signature: bytes, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


def check_note(note: str, vkey: str) -> None:
    text, _, lines = note.partition("\n\n")
    text += "\n"
    name, key_id, coded = vkey.split("+", 2)
    raw = base64.b64decode(coded)
    assert h(name.encode() + b"\n" + raw)[:4].hex() == key_id
    for line in lines.splitlines():
        dash, signer, blob = line.split(" ")
        content = base64.b64decode(blob)
        if (dash, signer, content[:4].hex()) == ("\u2014", name, key_id):
            if raw[0] == 1:
                check(raw[1:], content[4:], text.encode())
            else:
                time = int.from_bytes(content[4:12], "big")
                check(raw[1:], content[12:], f"cosignature/v1\ntime {time}\n{text}".encode())
            return
    raise AssertionError("no line of this key")


def check_bundle(content: bytes) -> None:
    bundle = json.loads(content)
    assert jcs(bundle) == content
    assert bundle["format"] == "kitaran-bundle-2"
    assert len(bundle) == 9
    check_note(bundle["checkpoint"], bundle["log_key"])
    for witness in bundle["witness_keys"]:
        check_note(bundle["checkpoint"], witness)
    origin, size, root = bundle["checkpoint"].split("\n")[:3]
    assert bundle["log_key"].split("+")[0] == origin
    heads: dict[str, str] = {}
    last = -1
    envelopes = {}
    for event in bundle["events"]:
        entry = event["entry"]
        envelope = entry["envelope"]
        assert sorted(entry) == ["envelope", "recorded_at", "seq", "signature"]
        assert entry["seq"] > last
        last = entry["seq"]
        envelopes[last] = envelope
        path = [bytes.fromhex(node) for node in event["proof"]]
        assert climb(last, int(size), h(b"\x00" + jcs(entry)), path) == base64.b64decode(root)
        key = bytes.fromhex(bundle["keys"][envelope["key_id"]])
        assert h(key).hex() == envelope["key_id"]
        check(key, bytes.fromhex(entry["signature"]), jcs(envelope))
        rows_of_it = [row for row in bundle["rows"] if row["seq"] == last]
        assert rows_of_it or any(item in bundle["items"] for item in envelope["items"])
        for item, expected in envelope["expects"].items():
            if item in bundle["items"]:
                assert heads.get(item) == expected
                heads[item] = h(jcs(envelope)).hex()
    places = [(row["seq"], row["position"]) for row in bundle["rows"]]
    assert all(type(number) is int for place in places for number in place)
    assert sorted(set(places)) == places
    for row in bundle["rows"]:
        check_row(row, envelopes[row["seq"]]["payload"], bundle["items"])
    for opened in bundle["disclosures"]:
        assert type(opened["seq"]) is int
        made = jcs({"name": opened["name"], "salt": opened["salt"], "value": opened["value"]})
        assert envelopes[opened["seq"]]["sealed"][opened["name"]] == h(b"\x02" + made).hex()


def check_row(row: dict[str, Any], manifest: dict[str, Any], items: list[str]) -> None:
    path = [bytes.fromhex(node) for node in row["proof"]]
    if "leaf" in row:
        assert sorted(row) == ["leaf", "position", "proof", "seq"]
        leaf = bytes.fromhex(row["leaf"])
    else:
        assert sorted(row) == ["position", "proof", "row", "seq"]
        assert row["row"]["item"] in items
        leaf = h(b"\x00" + jcs(row["row"]))
    assert type(manifest["rows"]) is int
    assert climb(row["position"], manifest["rows"], leaf, path).hex() == manifest["root"]


def verify(content: bytes) -> bool:
    """Whether the bundle is intact."""
    try:
        check_bundle(content)
    except (AssertionError, InvalidSignature, LookupError, ValueError, TypeError, AttributeError):
        return False
    return True
