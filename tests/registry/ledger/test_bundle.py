"""A bundle speaks for itself: intact it passes, and whatever is bent in it is named."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from itertools import islice, product
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kitaran.foundation.database import connect
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.ledger import canonical, verifier
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.ledger.checkpoint import Signer
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.note import LOG, WITNESS, Note, NoteKey, cosign
from kitaran.registry.ledger.sealed import seal
from kitaran.registry.ledger.signature import make_key, public_bytes
from tests.registry.ledger import strangers_verifier
from tests.registry.ledger.sample_noun import Party, sample_ledger

ORIGIN = "registry.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
LOG_KEY = NoteKey(ORIGIN, LOG, public_bytes(KEY))
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
MINISTRY = Party("ministry")
CLERK = Party("office", seed=5, custody="custodial")


class BesideMe:
    """A witness in the same process."""

    key = NoteKey("witness.example", WITNESS, public_bytes(WITNESS_KEY))

    def cosign(self, note: Note, proof: Callable[[int], list[bytes]]) -> str:
        return cosign(note.checkpoint, self.key.name, WITNESS_KEY, 1_800_000_000)


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return fill(sample_ledger(engine, MINISTRY, CLERK))


def fill(ledger: Ledger) -> Ledger:
    """Three events of pack-1 (one with a sealed name, one custodial), two of pack-2, and others."""
    sealed, opened = seal({"owner_name": "Dara Sok, Phnom Penh"})
    first = json.loads(ledger.append(MINISTRY.hands("pack-1", "shop", sealed=sealed), dict(opened)))
    ledger.append_all([(MINISTRY.measures(f"other-{n}"), None) for n in range(300)])
    ledger.append(MINISTRY.measures("pack-1"))
    ledger.append(CLERK.hands("pack-1", "ສູນ", first["digest"], session="s-1"))
    head = json.loads(ledger.append(MINISTRY.hands("pack-2", "shop")))["digest"]
    ledger.append(MINISTRY.hands("pack-2", "smith", head))
    return ledger


@pytest.fixture
def bundle(ledger: Ledger, tmp_path: Path) -> bytes:
    Signer(ledger.engine, ORIGIN, KEY, LastSigned(tmp_path / "outside"), [BesideMe()]).sign()
    return make_bundle(ledger.engine, ["pack-1"], LOG_KEY, disclose=lambda seq, name: True)


def test_an_intact_bundle_passes_and_says_who_vouches(bundle: bytes) -> None:
    finding = verifier.verify(bundle, str(LOG_KEY), [str(BesideMe.key)])
    assert finding == verifier.Finding([], ORIGIN, 305, 3, 1, ("witness.example",))
    assert "INTACT" in verifier.describe(finding)


def test_a_bundle_is_the_same_bytes_each_time(ledger: Ledger, bundle: bytes) -> None:
    assert make_bundle(ledger.engine, ["pack-1"], LOG_KEY, disclose=lambda seq, name: True) == bundle
    assert canonical.encode(json.loads(bundle)) == bundle


def test_a_shipment_of_many_items_is_one_bundle(ledger: Ledger, bundle: bytes) -> None:
    shipment = make_bundle(ledger.engine, ["pack-1", "pack-2"], LOG_KEY)
    finding = verifier.verify(shipment)
    assert (finding.problems, finding.events) == ([], 5)


def test_sealed_values_are_shown_only_where_allowed(ledger: Ledger, bundle: bytes) -> None:
    assert "Dara Sok" in bundle.decode()
    assert "Dara Sok" not in make_bundle(ledger.engine, ["pack-1"], LOG_KEY).decode()


def test_a_bundle_of_an_unknown_item_is_not_made(ledger: Ledger, bundle: bytes) -> None:
    for items in (["pack-9"], ["pack-1", "pack-9"]):
        with pytest.raises(NotFoundError):
            make_bundle(ledger.engine, items, LOG_KEY)


def test_a_bundle_needs_a_checkpoint(ledger: Ledger) -> None:
    with pytest.raises(NotFoundError, match="checkpoint"):
        make_bundle(ledger.engine, ["pack-1"], LOG_KEY)


@pytest.fixture(scope="module")
def evidence(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One bundle for all who bend it."""
    folder = tmp_path_factory.mktemp("evidence")
    copy(migrated_file, folder / "kitaran.db")
    engine = connect(folder / "kitaran.db")
    fill(sample_ledger(engine, MINISTRY, CLERK))
    Signer(engine, ORIGIN, KEY, LastSigned(folder / "outside"), [BesideMe()]).sign()
    content = make_bundle(engine, ["pack-1"], LOG_KEY, disclose=lambda seq, name: True)
    engine.dispose()
    return content


Bend = Callable[[dict[str, Any]], object]


def event(bundle: dict[str, Any], number: int) -> dict[str, Any]:
    return dict.__getitem__(bundle, "events")[number]


@pytest.mark.parametrize(
    ("bend", "seq", "words"),
    [
        (lambda b: event(b, 0)["entry"]["envelope"]["payload"].update(to="thief"), 0, "signature"),
        (lambda b: event(b, 0)["entry"]["envelope"].update(place="x"), 0, "proof does not lead"),
        (
            lambda b: event(b, 1)["entry"].update(recorded_at="2020-01-01T00:00:00.000Z"),
            301,
            "proof does not",
        ),
        (lambda b: event(b, 1)["entry"].update(seq=300), 300, "proof does not"),
        (lambda b: event(b, 1)["proof"].pop(), 301, "proof does not"),
        (lambda b: event(b, 1)["proof"].append("00" * 32), 301, "proof does not"),
        (lambda b: event(b, 0)["entry"].update(signature="0" * 128), 0, "signature is not"),
        (lambda b: event(b, 0)["entry"].update(more=1), 0, "other fields"),
        (lambda b: b["events"].pop(0), 302, "one is missing"),
        (lambda b: b["events"].reverse(), 301, "out of order"),
        (lambda b: b["keys"].clear(), 0, "key that signed it"),
        (lambda b: b["keys"].update(dict.fromkeys(b["keys"], "00" * 32)), 0, "key that signed it"),
        (lambda b: b["items"].__setitem__(0, "pack-7"), 0, "names none"),
        (lambda b: b["disclosures"][0].update(value="Nobody"), 0, "does not commit"),
        (lambda b: b["disclosures"][0].update(seq=302), 302, "does not commit"),
        (lambda b: b.update(checkpoint=b["checkpoint"].replace("\n305\n", "\n304\n")), None, "not signed"),
        (lambda b: b.update(log_key=str(NoteKey(ORIGIN, LOG, bytes(32)))), None, "not signed"),
        (lambda b: b.update(log_key=str(NoteKey("x", LOG, public_bytes(KEY)))), None, "not signed"),
        (
            lambda b: b["witness_keys"].append(str(NoteKey("w2", WITNESS, bytes(32)))),
            None,
            "w2 did not cosign",
        ),
        (lambda b: b.update(checkpoint="hello"), None, "not a signed note"),
        (lambda b: b.update(more=1), None, "not a bundle"),
        (lambda b: b.update(events=7), None, "another form"),
        (lambda b: b.update(items=[1.5]), None, "another form"),
    ],
)
def test_whatever_is_bent_is_named(evidence: bytes, bend: Bend, seq: int | None, words: str) -> None:
    opened = json.loads(evidence)
    bend(opened)
    bent = json.dumps(opened, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    problems = verifier.verify(bent).problems
    assert any(problem.seq == seq and words in problem.problem for problem in problems), problems
    assert strangers_verifier.verify(bent) is False


def test_a_bundle_that_was_formatted_anew_is_not_canonical(evidence: bytes) -> None:
    assert verifier.verify(json.dumps(json.loads(evidence), indent=1).encode()).problems
    assert verifier.verify(evidence + b"\n").problems
    assert verifier.verify(b"\xff").problems
    assert verifier.verify(b"[" * 100_000).problems


def test_keys_told_by_their_owners_must_be_those_of_the_bundle(evidence: bytes) -> None:
    other = make_key()
    assert verifier.verify(evidence, str(NoteKey(ORIGIN, LOG, public_bytes(other)))).problems
    assert verifier.verify(evidence, None, [str(NoteKey("w2", WITNESS, public_bytes(other)))]).problems


def test_every_flipped_bit_of_a_bundle_is_noticed(evidence: bytes) -> None:
    for position in range(0, len(evidence), 97):
        bent = bytearray(evidence)
        bent[position] ^= 1 << position % 8
        assert verifier.verify(bytes(bent)).problems, position


def test_a_strangers_program_written_from_the_documentation_agrees(bundle: bytes) -> None:
    assert strangers_verifier.verify(bundle) is True


def test_the_example_of_the_documentation_agrees(evidence: bytes) -> None:
    example = runpy.run_path(str(Path(__file__).parents[3] / "docs/examples/verify_bundle.py"))["verify"]
    assert example(evidence, []).startswith("Intact: ")
    for position, bit in islice(product(range(len(evidence)), range(8)), None, None, 3):
        bent = bytearray(evidence)
        bent[position] ^= 1 << bit
        with pytest.raises((SystemExit, ValueError, LookupError, TypeError, AttributeError)):
            example(bytes(bent), [])
            pytest.fail(f"bit {bit} of byte {position} went unnoticed")


def test_the_verifier_runs_alone_as_a_file(evidence: bytes, tmp_path: Path) -> None:
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(Path(verifier.__file__).read_bytes())
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(evidence)
    bad.write_bytes(evidence.replace(b"pack-1", b"pack-3"))
    command = [sys.executable, "-I", str(program)]

    def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
        )

    assert run(good).returncode == 0
    broken = run(bad, "--json")
    assert broken.returncode == 3
    assert json.loads(broken.stdout)["problems"][0]["event"].startswith("event-")
    assert run(tmp_path / "absent.json").returncode == 2
    assert "kitaran" not in {
        line.split()[1].split(".")[0]
        for line in program.read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
