"""`kitaran parties record` and `kitaran privacy`: events from a file, and what is kept of people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.errors import InputError
from kitaran.registry.parties.entering import plain

FACILITY = """
facility: works-1
operator: {operator}
name: Works
economy: THA
latitude: 13.7563
longitude: 100.5018
activities: [store, recycle]
"""
PERMIT = """
facility: works-1
permit: permit-1
number: F-1
authority: Department of Industrial Works
activities: [recycle]
valid_from: 2020-01-01
"""
CERTIFICATE = """
technician: technician-7
operator: {operator}
certificate: certificate-1
scopes: [high_voltage]
issuer: Skills council
valid_from: 2019-01-01
valid_until: 2020-01-01
sealed: {{name: Somchai Sample, certificate_number: HV-7}}
"""


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(build(), [str(word) for word in words])
    if isinstance(result.exception, InputError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_facility_its_permit_and_a_technician_are_entered_from_files(tmp_path: Path) -> None:
    place = ("--workspace", tmp_path / "work")
    added = json.loads(run("parties", "add", "Works", "--role", "recycler", *place, "--json"))
    for kind, text in (
        ("facility_registered", FACILITY),
        ("permit_granted", PERMIT),
        ("technician_certified", CERTIFICATE),
    ):
        file = tmp_path / f"{kind}.yaml"
        file.write_text(text.format(operator=added["operator"]), encoding="utf-8")
        receipt = json.loads(run("parties", "record", kind, file, *place, "--json"))
        assert min(receipt["items"].values()) >= 1
    [one] = json.loads(run("parties", "facilities", *place, "--json"))["facilities"]
    assert (one["latitude"], one["under_permit"]) == ("13.7563", ["recycle"])
    kept = json.loads(run("privacy", "export", "technician-7", *place, "--json"))["values"]
    assert {row["content"] for row in kept} == {"Somchai Sample", "HV-7"}
    due = json.loads(run("privacy", "due", *place, "--json"))["values"]
    assert {row["value"] for row in due} == {"technician_name", "technician_certificate_number"}
    erased = json.loads(run("privacy", "erase", "technician-7", *place, "--json"))
    assert erased["erased"] == 2
    assert b"Somchai" not in (tmp_path / "work" / "kitaran.db").read_bytes()
    assert json.loads(run("privacy", "due", "--erase", *place, "--json"))["erased"] == 0


@pytest.mark.parametrize(
    ("kind", "text", "cause"),
    [
        ("flooded", "a: 1", "no kind of event"),
        ("permit_granted", "- 1", "no fields"),
        ("permit_granted", "a: [", "not YAML"),
        ("permit_ended", "permit: ghost\nreason: over", "that is here"),
        ("facility_registered", "facility: works-1", "form"),
    ],
)
def test_a_file_that_says_no_event_is_refused(tmp_path: Path, kind: str, text: str, cause: str) -> None:
    file = tmp_path / "event.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=cause):
        run("parties", "record", kind, file, "--workspace", tmp_path / "work")


def test_the_register_of_personal_values_is_printed_without_a_workspace() -> None:
    rows = json.loads(run("privacy", "register", "--json"))["values"]
    assert {"technician_name", "account_sign_in_name"} <= {row["value"] for row in rows}


def test_a_figure_without_a_fraction_is_text_and_a_count_a_number() -> None:
    said = {"storage": {"quantity": 500, "days": 30}, "mass_kg": 12, "harm": {"injured": 1}}
    assert plain(said) == {
        "storage": {"quantity": "500", "days": 30},
        "mass_kg": "12",
        "harm": {"injured": 1},
    }
