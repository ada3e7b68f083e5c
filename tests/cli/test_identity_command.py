"""`kitaran identity parse`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kitaran.cli.identity import app

LINK = "https://example.com/01/09521234543213/21/ABC123"


def test_it_prints_valid_scheme_keys_and_errors() -> None:
    ran = CliRunner().invoke(app, ["parse", LINK, "--json"])
    printed = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert list(printed) == ["valid", "scheme", "keys", "errors"]
    assert printed["keys"] == {"01": "09521234543213", "21": "ABC123"}


@pytest.mark.parametrize(("code", "ends_with"), [(LINK, 0), ("(01)09521234543214", 1)])
def test_a_script_can_ask_whether_a_code_is_valid(code: str, ends_with: int) -> None:
    assert CliRunner().invoke(app, ["parse", code, "--exit-code"]).exit_code == ends_with
