"""The given proofs of RFC 6962 trees, good and bad: each is answered as its author says."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from kitaran.registry.ledger import merkle

pytestmark = pytest.mark.shared


def _given(kind: str) -> list[tuple[Path, dict[str, Any]]]:
    folder = Path(os.environ["KITARAN_SHARED"]) / "vectors" / "merkle-rfc6962" / kind
    return [(path, json.loads(path.read_bytes())) for path in sorted(folder.rglob("*.json"))]


def _proof(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(item) for item in vector["proof"] or []]


def test_given_inclusion_proofs_are_answered_as_their_author_says() -> None:
    vectors = _given("inclusion")
    wrong = [
        str(path)
        for path, v in vectors
        if merkle.verify_inclusion(
            v["leafIdx"], v["treeSize"], b64decode(v["leafHash"]), _proof(v), b64decode(v["root"] or "")
        )
        is v["wantErr"]
    ]
    assert len(vectors) > 40
    assert wrong == []


def test_given_consistency_proofs_are_answered_as_their_author_says() -> None:
    vectors = _given("consistency")
    wrong = [
        str(path)
        for path, v in vectors
        if merkle.verify_consistency(
            v["size1"], v["size2"], _proof(v), b64decode(v["root1"] or ""), b64decode(v["root2"] or "")
        )
        is v["wantErr"]
    ]
    assert len(vectors) > 20
    assert wrong == []
