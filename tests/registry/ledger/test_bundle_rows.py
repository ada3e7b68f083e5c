"""What came in a bulk import carries its own row of it: a stranger leads it to the signed manifest."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kitaran.foundation.database import connect
from kitaran.registry.ledger import bulk, canonical, verifier
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.ledger.checkpoint import Signer
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.kinds import EventKind, Kinds, allow
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.note import LOG, NoteKey
from kitaran.registry.ledger.signature import public_bytes
from tests.registry.ledger import strangers_verifier
from tests.registry.ledger.sample_noun import KINDS, Keys, Party

ORIGIN = "registry.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
LOG_KEY = NoteKey(ORIGIN, LOG, public_bytes(KEY))
MINISTRY = Party("ministry")
ROWS = bulk.prepare((f"pack-{n}", {"serial": f"S-{n:05}", "salt": f"{n:032x}"}) for n in range(37))
_example = runpy.run_path(str(Path(__file__).parents[3] / "docs/examples/verify_bundle.py"))["verify"]


def example(content: bytes) -> str:
    return str(_example(content, []))


@pytest.fixture(scope="module")
def imported(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A log of 40 events: the 31st is the manifest of an import of 37 packs, the 38th measures pack-5."""
    folder = tmp_path_factory.mktemp("imported")
    copy(migrated_file, folder / "kitaran.db")
    engine = connect(folder / "kitaran.db")
    kinds = Kinds()
    kinds.register([EventKind("sample.imported", bulk.Manifest, moves_head=False, bulk=True), KINDS[1]])
    ledger = Ledger(engine, kinds, Keys(MINISTRY.key), allow)
    payload = {"rows": ROWS.count, "root": ROWS.root.hex()}
    envelope = MINISTRY.envelope("sample.imported", items=["batch/1"], payload=payload)
    ledger.append_all([(MINISTRY.measures(f"other-{n}"), None) for n in range(30)])
    ledger.append_import(sign(envelope, MINISTRY.private), ROWS)
    items = [f"other-{n}" for n in range(6)] + ["pack-5", "other-0", "other-1"]
    ledger.append_all([(MINISTRY.measures(item), None) for item in items])
    Signer(engine, ORIGIN, KEY, LastSigned(folder / "outside")).sign()
    yield engine
    engine.dispose()


def shown(engine: Engine, *items: str) -> bytes:
    return make_bundle(engine, items, LOG_KEY, open_row=lambda item, row: True)


def test_a_stranger_leads_the_row_of_a_pack_without_any_event_to_the_signed_manifest(
    imported: Engine,
) -> None:
    bundle = shown(imported, "pack-12")
    finding = verifier.verify(bundle, str(LOG_KEY))
    assert (finding.problems, finding.events, finding.rows, finding.withheld) == ([], 1, 1, 0)
    assert "1 rows of bulk imports lead to" in verifier.describe(finding)
    assert strangers_verifier.verify(bundle) is True
    assert example(bundle).startswith("Intact: 1 of 40 events")
    [row] = json.loads(bundle)["rows"]
    assert (row["seq"], row["position"], row["row"]["row"]["serial"]) == (30, 12, "S-00012")
    assert canonical.encode(row["row"]) == ROWS.contents[12]


def test_events_and_row_of_a_pack_stand_in_one_bundle_and_no_other_row_does(imported: Engine) -> None:
    bundle = shown(imported, "pack-5")
    finding = verifier.verify(bundle)
    assert (finding.problems, finding.events, finding.rows) == ([], 2, 1)
    others = [f"{kind}{n:{form}}" for n in range(37) if n != 5 for kind, form in (("S-", "05"), ("", "032x"))]
    assert [one for one in others if one in bundle.decode()] == []
    assert bundle.decode().count("S-00005") == 1


def test_a_shipment_of_imported_packs_carries_the_row_of_each(imported: Engine) -> None:
    bundle = shown(imported, "pack-36", "pack-0", "other-3")
    finding = verifier.verify(bundle)
    assert (finding.problems, finding.events, finding.rows) == ([], 3, 2)
    assert strangers_verifier.verify(bundle) is True


def test_a_row_that_the_reader_may_not_see_is_proved_by_its_hash_and_said_to_be_withheld(
    imported: Engine,
) -> None:
    bundle = make_bundle(imported, ["pack-12"], LOG_KEY)
    assert b"S-00012" not in bundle
    assert ROWS.contents[12][-40:] not in bundle
    finding = verifier.verify(bundle)
    assert (finding.problems, finding.rows, finding.withheld) == ([], 0, 1)
    assert "withheld" in verifier.describe(finding)
    assert strangers_verifier.verify(bundle) is True
    assert example(bundle).startswith("Intact")


@pytest.mark.parametrize(
    ("bend", "seq", "words"),
    [
        (lambda row: row["row"]["row"].update(serial="S-99999"), 30, "does not lead to the root"),
        (lambda row: row["row"].update(item="pack-13"), 30, "none of the bundle's items"),
        (lambda row: row.update(position=13), 30, "does not lead"),
        (lambda row: row.update(position=True), None, "out of order"),
        (lambda row: row.update(position=37), 30, "does not lead"),
        (lambda row: row.update(position=-1), 30, "does not lead"),
        (lambda row: row["proof"].pop(), 30, "does not lead"),
        (lambda row: row["proof"].append("00" * 32), 30, "does not lead"),
        (lambda row: row["proof"].__setitem__(0, "00" * 32), 30, "does not lead"),
        (lambda row: row.update(seq=29), 29, "no manifest"),
        (lambda row: row.update(seq=37), 37, "no manifest"),
        (lambda row: row.update(leaf="00" * 32), None, "other fields"),
        (lambda row: row.pop("row"), None, "other fields"),
        (lambda row: row.update(more=1), None, "other fields"),
    ],
)
def test_a_bent_row_is_named(
    imported: Engine, bend: Callable[[dict[str, Any]], object], seq: int | None, words: str
) -> None:
    bundle = json.loads(shown(imported, "pack-12", "pack-5"))
    bend(bundle["rows"][1])
    assert bundle["rows"][1].get("position") != bundle["rows"][0]["position"]
    bent = canonical.encode(bundle)
    problems = verifier.verify(bent).problems
    assert any(one.seq == seq and words in one.problem for one in problems), problems
    assert strangers_verifier.verify(bent) is False
    with pytest.raises((SystemExit, LookupError, TypeError, ValueError)):
        example(bent)


def test_a_row_stands_once_and_its_manifest_is_in_the_bundle(imported: Engine) -> None:
    bundle = json.loads(shown(imported, "pack-12"))
    for bent in (
        {**bundle, "rows": bundle["rows"] * 2},
        {**bundle, "rows": []},
        {**bundle, "events": []},
    ):
        content = canonical.encode(bent)
        assert verifier.verify(content).problems
        assert strangers_verifier.verify(content) is False
        with pytest.raises((SystemExit, LookupError)):
            example(content)


def test_every_flipped_bit_of_a_row_is_noticed(imported: Engine) -> None:
    bundle = shown(imported, "pack-12")
    start = bundle.index(b'"rows":[{')
    for position in range(start, len(bundle), 7):
        bent = bytearray(bundle)
        bent[position] ^= 1 << position % 8
        assert verifier.verify(bytes(bent)).problems, position
        with pytest.raises((SystemExit, ValueError, LookupError, TypeError, AttributeError)):
            example(bytes(bent))
            pytest.fail(f"byte {position} went unnoticed")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "no bundle"),
        (b"not JSON", "no bundle"),
        (b"[]", "no bundle"),
        (b"7", "no bundle"),
        (b"\xff\xfe", "no bundle"),
        (b'{"format":"kitaran-bundle-1"}', "no bundle"),
        (b"[" * 100_000, "no bundle"),
    ],
)
def test_the_example_says_in_plain_words_that_a_file_is_no_bundle(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "bundle.json"
    if content is not None:
        file.write_bytes(content)
    main = runpy.run_path(str(Path(__file__).parents[3] / "docs/examples/verify_bundle.py"))["main"]
    with pytest.raises(SystemExit, match=words):
        main([str(file)])
