"""The given Ed25519 cases of Wycheproof: valid signatures pass, malleable, truncated and bent ones do not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kitaran.registry.ledger.signature import verifies

pytestmark = pytest.mark.shared


def test_given_signatures_are_accepted_and_refused_as_their_author_says() -> None:
    folder = Path(os.environ["KITARAN_SHARED"]) / "vectors" / "ed25519-wycheproof" / "testvectors_v1"
    given = json.loads((folder / "ed25519_test.json").read_bytes())
    wrong, seen = [], 0
    for group in given["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            seen += 1
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            if verifies(key, message, signature) is not (case["result"] == "valid"):
                wrong.append(case["tcId"])
    assert seen == given["numberOfTests"]
    assert wrong == []
