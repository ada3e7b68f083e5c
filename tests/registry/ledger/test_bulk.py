"""Thousands of rows under one signature: each provable, none exchangeable, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import bulk, canonical, merkle, repository
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.kinds import EventKind, Kinds, allow
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.verify import verify_log
from tests.registry.ledger.sample_noun import KINDS, Keys, Party
from tests.registry.tampering import tamper

MINISTRY = Party("ministry")
ROWS = bulk.prepare((f"pack-{n}", {"serial": f"S{n}"}) for n in range(700))


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    kinds = Kinds()
    kinds.register([EventKind("sample.imported", bulk.Manifest, moves_head=False, bulk=True), KINDS[1]])
    return Ledger(engine, kinds, Keys(MINISTRY.key), allow)


def manifest(**payload: Any) -> dict[str, Any]:
    whole = {"rows": ROWS.count, "root": ROWS.root.hex(), **payload}
    return sign(MINISTRY.envelope("sample.imported", payload=whole), MINISTRY.private)


def test_rows_and_their_manifest_are_kept_together(ledger: Ledger) -> None:
    event = manifest()
    receipt = ledger.append_import(event, ROWS)
    assert ledger.append_import(event, ROWS) == receipt
    with reading(ledger.engine) as connection:
        assert repository.row_contents(connection, 0) == list(ROWS.contents)
        assert repository.imports(connection) == [0]
    assert verify_log(ledger.engine).problems == []


def test_each_row_is_proved_to_its_manifest(ledger: Ledger) -> None:
    ledger.append_import(manifest(), ROWS)
    with reading(ledger.engine) as connection:
        assert list(bulk.proved_rows(connection, ["pack-700"])) == []
        found = list(bulk.proved_rows(connection, ["pack-699", "pack-333"]))
    assert [(one.seq, one.position, one.item, one.count) for one in found] == [
        (0, 333, "pack-333", 700),
        (0, 699, "pack-699", 700),
    ]
    assert canonical.decode(found[0].content) == {"item": "pack-333", "row": {"serial": "S333"}}
    for one in found:
        leaf = merkle.leaf_hash(one.content)
        assert merkle.verify_inclusion(one.position, one.count, leaf, one.proof, ROWS.root)


@pytest.mark.parametrize("payload", [{"rows": 699}, {"root": "00" * 32}])
def test_a_manifest_of_other_rows_is_refused_with_its_rows(ledger: Ledger, payload: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not of these 700 rows"):
        ledger.append_import(manifest(**payload), ROWS)
    with reading(ledger.engine) as connection:
        assert repository.imports(connection) == []
        assert repository.size(connection) == 0


def test_a_manifest_never_comes_without_rows_nor_rows_without_a_manifest(ledger: Ledger) -> None:
    with pytest.raises(InputError, match="comes with its rows"):
        ledger.append(manifest())
    with pytest.raises(InputError, match="takes no rows"):
        ledger.append_import(MINISTRY.measures("pack-1"), ROWS)


def test_a_row_without_a_canonical_form_is_named() -> None:
    with pytest.raises(InputError) as error:
        bulk.prepare([("pack-1", {"kwh": "1"}), ("pack-2", {"kwh": 1.5})])
    assert error.value.place == "row 1: $.row.kwh"


def test_a_changed_row_is_found_and_its_import_named(ledger: Ledger) -> None:
    ledger.append_import(manifest(), ROWS)
    statement = "UPDATE ledger_row SET content = CAST('{}' AS {blob}) WHERE position = 5"
    tamper(ledger.engine, statement)
    problems = verify_log(ledger.engine).problems
    assert [(one.seq, "manifest" in one.problem) for one in problems] == [(0, True)]


def test_an_import_that_lost_every_row_is_named(ledger: Ledger) -> None:
    ledger.append_import(manifest(), ROWS)
    tamper(ledger.engine, "DELETE FROM ledger_row")
    [problem] = verify_log(ledger.engine).problems
    assert "none of its imported rows" in str(problem)
