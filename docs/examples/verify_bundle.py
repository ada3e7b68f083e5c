"""Verify an evidence bundle with nothing of Kitaran, as docs/ledger.md describes it.

python verify_bundle.py BUNDLE.json [KEY...]    (needs `cryptography`; KEY: what an owner told you of its key)

Ends with 0 and one line if the bundle is intact; else with 1 and what is wrong.
"""

import hashlib
import json
import sys
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check(fits: bool, words: str) -> None:
    if not fits:
        sys.exit(f"Broken: {words}.")


def decoded(text: str) -> bytes:
    content = b64decode(text)
    check(b64encode(content).decode() == text, "base64 that has a second spelling")
    return content


def unhexed(text: str) -> bytes:
    content = bytes.fromhex(text)
    check(content.hex() == text, "hexadecimal that has a second spelling")
    return content


def check_signature(public: bytes, signature: bytes, message: bytes, words: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except Exception:
        check(False, words)


def check_note(note: str, key: str, algorithm: int) -> None:
    """One line of the note is a good signature by this verifier key, NAME+KEYID+BASE64."""
    name, key_id, coded = key.split("+", 2)
    made_of = decoded(coded)
    check(sha256(f"{name}\n".encode() + made_of)[:4].hex() == key_id, f"the key id of {name}")
    check(made_of[0] == algorithm, f"the algorithm of {name}")
    text, _, lines = note.partition("\n\n")
    text += "\n"
    check(lines.endswith("\n"), "the note does not end with a line")
    for line in lines[:-1].split("\n"):
        dash, signer, blob = line.split(" ")
        check(dash == "\u2014", "a line of the note does not begin with a dash")
        content = decoded(blob)
        if (signer, content[:4].hex()) != (name, key_id):
            continue
        signature, message = content[4:], text
        if algorithm == 4:
            time, signature = int.from_bytes(content[4:12], "big"), content[12:]
            message = f"cosignature/v1\ntime {time}\n{text}"
        check_signature(made_of[1:], signature, message.encode(), f"the signature of {name}")
        return
    check(False, f"{name} did not sign")


def root_from(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root to which the proof leads, lowest node first (RFC 6962, 2.1.1)."""
    if size == 1:
        check(not proof, "a proof is too long")
        return leaf
    check(bool(proof), "a proof is too short")
    split = 1 << (size - 1).bit_length() - 1
    *lower, last = proof
    if index < split:
        return sha256(b"\x01" + root_from(leaf, index, split, lower) + last)
    return sha256(b"\x01" + last + root_from(leaf, index - split, size - split, lower))


def check_row(row: dict, manifest: dict, items: list[str]) -> None:
    """A row of a bulk import leads to the root that its signed manifest names; of one withheld only the hash
    is known."""
    seq, position = row["seq"], row["position"]
    check(type(position) is int and position >= 0, "the place of a row")
    if "row" in row:
        check(set(row) == {"seq", "position", "row", "proof"}, f"the members of row {position}")
        check(row["row"]["item"] in items, f"row {position} is of something else")
        leaf = sha256(b"\x00" + canonical(row["row"]))
    else:
        check(set(row) == {"seq", "position", "leaf", "proof"}, f"the members of row {position}")
        leaf = unhexed(row["leaf"])
    root = root_from(leaf, position, manifest["rows"], [unhexed(node) for node in row["proof"]])
    check(root == unhexed(manifest["root"]), f"row {position} is not in the import of event {seq}")


def verify(content: bytes, told: list[str]) -> str:
    bundle = json.loads(content)
    members = {"format", "items", "checkpoint", "log_key", "witness_keys"}
    members |= {"keys", "events", "rows", "disclosures"}
    check(isinstance(bundle, dict) and set(bundle) == members, "this is no bundle of evidence")
    check(canonical(bundle) == content, "the file was formatted anew")
    check(bundle["format"] == "kitaran-bundle-2", "the format")
    note, log_key, witnesses = bundle["checkpoint"], bundle["log_key"], bundle["witness_keys"]
    check(set(told) <= {log_key, *witnesses}, "a key that you were told is not here")
    origin, size, root = note.split("\n")[:3]
    check(log_key.split("+")[0] == origin, "the key's name is not that of the log")
    check_note(note, log_key, 1)
    for witness in witnesses:
        check_note(note, witness, 4)
    last, heads, envelopes = -1, dict.fromkeys(bundle["items"]), {}
    places = [(row["seq"], row["position"]) for row in bundle["rows"]]
    check(all(type(seq) is int for seq, _ in places) and sorted(set(places)) == places, "the order of rows")
    about = heads.keys()
    for event in bundle["events"]:
        entry, proof = event["entry"], [unhexed(node) for node in event["proof"]]
        check(set(entry) == {"envelope", "recorded_at", "seq", "signature"}, "the members of an entry")
        envelope, seq = entry["envelope"], entry["seq"]
        check(last < seq < int(size), f"the order at event {seq}")
        leaf = sha256(b"\x00" + canonical(entry))
        check(root_from(leaf, seq, int(size), proof) == decoded(root), f"the proof of event {seq}")
        public, signed = unhexed(bundle["keys"][envelope["key_id"]]), canonical(envelope)
        check(sha256(public).hex() == envelope["key_id"], f"the key of event {seq}")
        check_signature(public, unhexed(entry["signature"]), signed, f"the signature of event {seq}")
        named = not about.isdisjoint(envelope["items"])
        check(named or any(seq == of for of, _ in places), f"event {seq} is about something else")
        for item in heads.keys() & envelope["expects"].keys():
            check(envelope["expects"][item] == heads[item], f"before event {seq} one of {item} is missing")
            heads[item] = sha256(signed).hex()
        last, envelopes[seq] = seq, envelope
    for row in bundle["rows"]:
        check_row(row, envelopes[row["seq"]]["payload"], bundle["items"])
    for shown in bundle["disclosures"]:
        name, seq = shown["name"], shown["seq"]
        opened = canonical({key: shown[key] for key in ("name", "salt", "value")})
        check(type(seq) is int, "the number of a disclosure")
        committed = envelopes[seq].get("sealed", {}).get(name)
        check(committed == sha256(b"\x02" + opened).hex(), f"sealed {name} of event {seq}")
    counts = f"{len(bundle['events'])} of {size} events of {origin}, {len(bundle['rows'])} rows of imports"
    return f"Intact: {counts}, {len(witnesses)} witnesses."


def main(arguments: list[str]) -> str:
    """What the file says of itself; ends with plain words if it cannot be read or has another form."""
    if not arguments:
        sys.exit(__doc__)
    try:
        return verify(Path(arguments[0]).read_bytes(), arguments[1:])
    except OSError as error:
        sys.exit(f"The file cannot be read: {error.strerror}: {arguments[0]}")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        sys.exit(f"Broken: this is no bundle of evidence, or was changed ({type(error).__name__}: {error}).")


if __name__ == "__main__":
    print(main(sys.argv[1:]))
