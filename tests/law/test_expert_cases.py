"""Cases thought out from the law before the engine was asked; each names its article and its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kitaran.law import decide, read_case

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
AS_SETS = ("basel_entry", "missing")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_case_is_decided_as_the_law_says(case: dict[str, Any]) -> None:
    found = decide(read_case({"as_of": case["as_of"], "facts": case["facts"]})).as_dict()
    shown = {key: sorted(found[key]) if key in AS_SETS else found[key] for key in case["expected"]}
    wanted = {key: sorted(value) if key in AS_SETS else value for key, value in case["expected"].items()}
    assert shown == wanted, case["why"]
    if found["movement"] == "escalate":
        assert found["questions"]
        assert all(body["contact"] for body in found["authorities"])


def test_each_case_has_its_own_id_and_names_its_article_and_its_reason() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 60
    assert all(case["cite"] and case["why"] and case["title"] for case in CASES)
