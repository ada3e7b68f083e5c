"""Verify an evidence bundle of a Kitaran registry. One file; needs Python 3.11 and `pip install
cryptography`.

    python verify_bundle.py BUNDLE.json [--log-key KEY] [--witness-key KEY ...] [--json]

Exit 0: intact. Exit 3: broken; each line names an event and what is wrong with it. Exit 2: cannot be read.

It trusts nothing that it is not told to trust. The bundle names the log's key and its witnesses' keys;
give those that you were told by their owners with --log-key and --witness-key, else the bundle vouches for
itself alone. The format is described in docs/ledger.md. Licence: Apache-2.0.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "kitaran-bundle-2"
MEMBERS = {
    *("format", "items", "checkpoint", "log_key", "witness_keys", "keys"),
    *("events", "rows", "disclosures"),
}
NOTE = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n\n((?:\u2014 [^ \n]+ [^ \n]+\n)+)")


class Problem(NamedTuple):
    """What is wrong. seq, event : of which event; None where it is the bundle itself"""

    seq: int | None
    event: str | None
    problem: str

    def __str__(self) -> str:
        return self.problem if self.seq is None else f"event {self.event} (seq {self.seq}): {self.problem}"


class Finding(NamedTuple):
    """What a verification found.

    cosigned_by : names of witnesses whose cosignature is good
    rows        : rows of bulk imports that it shows; withheld : those of which it shows the hash alone
    """

    problems: list[Problem]
    origin: str = ""
    size: int = 0
    events: int = 0
    custodial: int = 0
    cosigned_by: tuple[str, ...] = ()
    rows: int = 0
    withheld: int = 0


def verify(content: bytes, log_key: str | None = None, witness_keys: list[str] | None = None) -> Finding:
    """Check a bundle from its bytes. Given keys must be the bundle's own; each given witness must have
    cosigned.
    """
    try:
        bundle = json.loads(content)
        if canonical(bundle) != content:
            return _broken("the file is not canonical JSON: it was changed or formatted anew")
        if not isinstance(bundle, dict) or set(bundle) != MEMBERS or bundle["format"] != FORMAT:
            return _broken(f"this is not a bundle of format {FORMAT}")
        return _verify(bundle, log_key, witness_keys)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return _broken(f"the bundle has another form ({type(error).__name__}: {error})")


def _broken(problem: str) -> Finding:
    return Finding([Problem(None, None, problem)])


def _verify(bundle: dict[str, Any], log_key: str | None, witness_keys: list[str] | None) -> Finding:
    problems: list[Problem] = []
    note = NOTE.fullmatch(bundle["checkpoint"])
    if note is None:
        return _broken("the checkpoint is not a signed note")
    origin, size, root = note[1], int(note[2]), b64decode(note[3])
    text, lines = f"{origin}\n{size}\n{note[3]}\n", note[4].splitlines()
    if log_key is not None and log_key != bundle["log_key"]:
        problems.append(Problem(None, None, "the bundle was signed by another log than the one you named"))
    if not _signed(lines, text, bundle["log_key"], 1) or bundle["log_key"].split("+")[0] != origin:
        problems.append(Problem(None, None, "the checkpoint is not signed by the log's key"))
    cosigned = tuple(key for key in bundle["witness_keys"] if _signed(lines, text, key, 4))
    for key in [*bundle["witness_keys"], *(witness_keys or [])]:
        if key not in cosigned:
            problems.append(Problem(None, None, f"witness {key.split('+')[0]} did not cosign the checkpoint"))
    problems += _check_events(bundle, size, root)
    entries = [event["entry"] for event in bundle["events"]]
    return Finding(
        problems,
        origin,
        size,
        len(entries),
        sum("session" in entry["envelope"] for entry in entries),
        tuple(key.split("+")[0] for key in cosigned),
        sum("row" in row for row in bundle["rows"]),
        sum("leaf" in row for row in bundle["rows"]),
    )


# -- events


def _check_events(bundle: dict[str, Any], size: int, root: bytes) -> list[Problem]:
    problems = []
    heads: dict[str, str | None] = {}
    before = -1
    manifests = {row["seq"] for row in bundle["rows"]}
    for event in bundle["events"]:
        entry = event["entry"]
        seq, envelope = entry["seq"], entry["envelope"]
        wrong = list(_wrong_with(event, bundle, size, root))
        if seq <= before:
            wrong.append("it stands out of order")
        if seq not in manifests and not set(envelope["items"]) & set(bundle["items"]):
            wrong.append("it names none of the bundle's items")
        wrong += _broken_chain(envelope, bundle["items"], heads)
        problems += [Problem(seq, envelope["id"], one) for one in wrong]
        before = seq
    return problems + _wrong_rows(bundle) + _wrong_disclosures(bundle)


def _wrong_with(event: dict[str, Any], bundle: dict[str, Any], size: int, root: bytes) -> Any:
    """What is wrong with one event by itself."""
    entry = event["entry"]
    envelope = entry["envelope"]
    if set(entry) != {"envelope", "recorded_at", "seq", "signature"} or type(entry["seq"]) is not int:
        yield "its entry has other fields"
    leaf = sha256(b"\x00" + canonical(entry)).digest()
    proof = [unhex(node) for node in event["proof"]]
    if root_from(entry["seq"], size, leaf, proof) != root:
        yield "its proof does not lead to the checkpoint's root: the event was changed, or is not in the log"
    public = unhex(bundle["keys"].get(envelope["key_id"], ""))
    if sha256(public).hexdigest() != envelope["key_id"]:
        yield "the key that signed it is missing or another"
    elif not verifies(public, canonical(envelope), unhex(entry["signature"])):
        yield "its signature is not by its key over its content"


def _broken_chain(envelope: dict[str, Any], items: list[str], heads: dict[str, str | None]) -> list[str]:
    """Each event that moves an item's head names the digest of the one before: a gap shows."""
    digest = sha256(canonical(envelope)).hexdigest()
    wrong = []
    for item, expected in envelope["expects"].items():
        if item in items:
            if expected != heads.get(item):
                wrong.append(
                    f"it does not follow the event before it in the history of {item}: one is missing"
                )
            heads[item] = digest
    return wrong


def _wrong_rows(bundle: dict[str, Any]) -> list[Problem]:
    """Each row of a bulk import leads to the root that the signed manifest names, and is of one of the items;
    of one that is withheld only its hash is known.
    """
    envelopes = {event["entry"]["seq"]: event["entry"]["envelope"] for event in bundle["events"]}
    problems, before = [], (-1, -1)
    for row in bundle["rows"]:
        seq, position = row["seq"], row["position"]
        if type(seq) is not int or type(position) is not int or (seq, position) <= before:
            problems.append(Problem(None, None, "its rows of imports stand out of order"))
        before = (seq, position)
        if set(row) not in ({"seq", "position", "proof", "row"}, {"seq", "position", "proof", "leaf"}):
            problems.append(Problem(None, None, "a row of an import has other fields"))
            continue
        envelope = envelopes.get(seq, {})
        for words in _wrong_with_row(row, envelope.get("payload", {}), bundle["items"]):
            problems.append(Problem(seq, envelope.get("id"), words))
    return problems


def _wrong_with_row(row: dict[str, Any], manifest: dict[str, Any], items: list[str]) -> Any:
    """What is wrong with one row by itself. manifest : payload of its event; empty if that is not here"""
    count, root = manifest.get("rows"), manifest.get("root")
    leaf = unhex(row["leaf"]) if "leaf" in row else sha256(b"\x00" + canonical(row["row"])).digest()
    if type(count) is not int or type(root) is not str:
        yield "it is no manifest of an import, and a row is said to be of it"
    elif root_from(row["position"], count, leaf, [unhex(node) for node in row["proof"]]) != unhex(root):
        yield f"its row {row['position']} does not lead to the root that it signs: the row was changed"
    if "row" in row and row["row"]["item"] not in items:
        yield f"its row {row['position']} is of none of the bundle's items"


def _wrong_disclosures(bundle: dict[str, Any]) -> list[Problem]:
    envelopes = {event["entry"]["seq"]: event["entry"]["envelope"] for event in bundle["events"]}
    problems = []
    for opened in bundle["disclosures"]:
        envelope = envelopes.get(opened["seq"], {}) if type(opened["seq"]) is int else {}
        made = canonical({name: opened[name] for name in ("name", "salt", "value")})
        if envelope.get("sealed", {}).get(opened["name"]) != sha256(b"\x02" + made).hexdigest():
            words = f"it does not commit to the disclosed {opened['name']}"
            problems.append(Problem(opened["seq"], envelope.get("id"), words))
    return problems


# -- bytes, trees, signatures


def canonical(value: Any) -> bytes:
    """RFC 8785 for values without fractions and with ASCII keys."""
    _refuse_fractions(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise ValueError("a key is not ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            _refuse_fractions(member)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > 2**53 - 1):
        raise ValueError("a number has a fraction or is too large")


def unhex(text: str) -> bytes:
    """Bytes from lower-case hexadecimal digits, their one spelling."""
    content = bytes.fromhex(text)
    if content.hex() != text:
        raise ValueError(f"{text[:20]} is not in lower-case hexadecimal digits")
    return content


def root_from(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None if the proof has another length."""
    if not 0 <= index < size:
        return None
    node, last = leaf, size - 1
    for sibling in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(b"\x01" + sibling + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(lines: list[str], text: str, key: str, algorithm: int) -> bool:
    """Whether one line of a note is a good signature by `key`, NAME+KEYID+BASE64."""
    name, key_id, coded = key.split("+", 2)
    raw = b64decode(coded, validate=True)
    made_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[0] != algorithm or made_id.hex() != key_id:
        return False
    for line in lines:
        _, signer, signature = line.split(" ")
        signed = b64decode(signature, validate=True)
        if signer != name or signed[:4] != made_id or b64encode(signed).decode() != signature:
            continue
        message, rest = text.encode(), signed[4:]
        if algorithm == 4:
            message = f"cosignature/v1\ntime {int.from_bytes(rest[:8], 'big')}\n".encode() + message
            rest = rest[8:]
        if verifies(raw[1:], message, rest):
            return True
    return False


# -- command


def describe(finding: Finding) -> str:
    """What was found, in words."""
    if finding.problems:
        return "\n".join(["BROKEN", *(f"  {problem}" for problem in finding.problems)])
    witnesses = (
        ", ".join(finding.cosigned_by) or "no witness: only the log itself vouches that there is one history"
    )
    return (
        f"INTACT: {finding.events} events in the log {finding.origin} of {finding.size} events\n"
        f"  cosigned by {witnesses}\n"
        f"  {finding.custodial} of them signed by the node for a person, the others with keys of their own"
        + _describe_rows(finding)
    )


def _describe_rows(finding: Finding) -> str:
    words = ""
    if finding.rows:
        words += f"\n  {finding.rows} rows of bulk imports lead to the roots that are signed"
    if finding.withheld:
        words += (
            f"\n  {finding.withheld} rows are withheld: they stand in the imports, and that they are of these"
        )
        words += "\n  items is the word of who made the bundle"
    return words


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an evidence bundle.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--log-key", help="the log's key as its operator told you: NAME+KEYID+BASE64")
    parser.add_argument("--witness-key", action="append", help="a witness that must have cosigned")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    try:
        content = options.bundle.read_bytes()
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    finding = verify(content, options.log_key, options.witness_key)
    if options.json:
        shown = {**finding._asdict(), "problems": [problem._asdict() for problem in finding.problems]}
        print(json.dumps({"intact": not finding.problems, **shown}))
    else:
        print(describe(finding))
    return 3 if finding.problems else 0


if __name__ == "__main__":
    sys.exit(main())
