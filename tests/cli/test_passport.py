"""`kitaran passport`, from the first model to the export, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Run

MODEL = """
model: pack-52
attributes:
  model_name: Pack 52
  category: ev
  chemistry: LFP
  mass_kg: 310.5
  hours_to_open: 1.5
"""


def begun(kitaran: Run, folder: Path) -> str:
    """A producer with a model; its id."""
    operator = str(kitaran("parties", "add", "Acme Cells", "--role", "producer", "--json").json["operator"])
    (folder / "pack-52.yaml").write_text(MODEL, encoding="utf-8")
    made = kitaran("passport", "model", "pack-52.yaml", "--operator", operator, "--json")
    assert made.json == {"model": "pack-52", "operator": operator, "version": 1}
    return operator


def test_an_import_prints_how_many_and_no_errors(kitaran: Run, tmp_path: Path) -> None:
    begun(kitaran, tmp_path)
    rows = "model,serial_number\npack-52,S-1\npack-52,S-2\n"
    (tmp_path / "packs.csv").write_text(rows, encoding="utf-8")
    ended = kitaran("passport", "import", "packs.csv", "--ids", "ids.csv", "--json")
    assert (ended.code, ended.json) == (0, {"imported": 2, "errors": []})
    assert len((tmp_path / "ids.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_an_import_with_a_wrong_cell_says_where_and_ends_with_2(kitaran: Run, tmp_path: Path) -> None:
    begun(kitaran, tmp_path)
    rows = "model,serial_number,manufactured_on\npack-52,S-1,31.10.2026\n"
    (tmp_path / "packs.csv").write_text(rows, encoding="utf-8")
    ended = kitaran("passport", "import", "packs.csv", "--json")
    assert ended.code == 2
    assert ended.json["imported"] == 0
    assert [(one["row"], one["column"]) for one in ended.json["errors"]] == [(2, "manufactured_on")]
    again = (tmp_path / "packs.csv").read_text(encoding="utf-8").replace("31.10.2026", "2026-10-31")
    (tmp_path / "packs.csv").write_text(again, encoding="utf-8")
    assert kitaran("passport", "import", "packs.csv", "--json").json["imported"] == 1


def test_an_import_says_in_the_same_form_that_a_file_cannot_be_read(kitaran: Run, tmp_path: Path) -> None:
    begun(kitaran, tmp_path)
    (tmp_path / "latin.csv").write_bytes(b"model,serial_number\npack-52,\xe9\n")
    (tmp_path / "none.xlsx").write_bytes(b"no spreadsheet")
    (tmp_path / "packs.csv").write_text("model,serial_number\npack-52,S-1\n", encoding="utf-8")
    wrong = [
        ["latin.csv"],
        ["none.xlsx"],
        ["missing.csv"],
        ["packs.txt"],
        ["packs.csv", "--ids", "no/x"],
    ]
    for given in wrong:
        ended = kitaran("passport", "import", *given, "--json")
        assert (ended.code, ended.json["imported"], list(ended.json)) == (2, 0, ["imported", "errors"]), given
        assert [(one["row"], one["column"]) for one in ended.json["errors"]] == [(0, "")], given
        assert ended.json["errors"][0]["message"], given
    assert kitaran("passport", "import", "packs.csv", "--json").json["imported"] == 1


def test_one_passport_is_issued_shown_and_exported(kitaran: Run, tmp_path: Path) -> None:
    begun(kitaran, tmp_path)
    battery = kitaran("passport", "issue", "--model", "pack-52", "--serial", "X-1").out.strip()
    whole = kitaran("passport", "show", battery, "--json").json
    public = kitaran("passport", "show", battery, "--public", "--json").json
    assert whole["attributes"]["hours_to_open"]["value"] == "1.5"
    assert "hours_to_open" not in public["attributes"]
    assert public["attributes"]["mass_kg"]["value"] == "310.5"
    exported = kitaran("passport", "export", battery, "--format", "batterypass")
    assert json.loads(exported.out)["GeneralProductInformation"]["batteryMass"] == 310.5
    assert "does not validate yet" in exported.err
    lacking = kitaran("passport", "export", battery, "--format", "catenax", "--missing").json["missing"]
    assert {"path": "performance.rated.capacity", "attributes": ["rated_capacity_ah"]} in [
        {**one, "attributes": one["attributes"][:1]} for one in lacking
    ]
    assert kitaran("passport", "issue", "--model", "pack-52", "--serial", "X-1").code == 2
    assert kitaran("passport", "export", battery, "--format", "none").code == 2
    assert kitaran("passport", "show", "0" * 32).code == 2


def test_a_model_with_a_wrong_value_names_it(kitaran: Run, tmp_path: Path) -> None:
    begun(kitaran, tmp_path)
    (tmp_path / "pack-52.yaml").write_text(MODEL + "  mass: 12\n", encoding="utf-8")
    ended = kitaran("passport", "model", "pack-52.yaml", "--operator", "nobody", "--json")
    assert ended.code == 2
    assert [one["place"] for one in ended.json["faults"]] == ["mass"]


def test_a_battery_is_read_revoked_and_ends_as_a_tombstone(kitaran: Run, tmp_path: Path) -> None:
    maker = begun(kitaran, tmp_path)
    (tmp_path / "packs.ndjson").write_text(
        "".join(
            f'{{"model": "pack-52", "serial_number": "S-{n}", "codes": ["LABEL-{n}"]}}\n' for n in (1, 2)
        ),
        encoding="utf-8",
    )
    assert kitaran("passport", "import", "packs.ndjson", "--json").json["imported"] == 2
    added = kitaran("parties", "add", "Ministry", "--role", "authority", "--json").json
    office, by_maker = ("--operator", str(added["operator"])), ("--operator", maker)
    told = ("remaining_capacity_ah", "140.5", "--error", "1.5", "--instrument", "Bench 4")
    read = kitaran("passport", "reading", "LABEL-1", *told, *by_maker, "--json").json
    shown = kitaran("passport", "show", read["battery"], "--json").json
    assert shown["attributes"]["remaining_capacity_ah"]["value"] == "140.5"
    account = ("--account", "Copied from another label.")
    assert kitaran("passport", "record", "LABEL-1", "revoked", *account, *by_maker).code == 2
    assert kitaran("passport", "record", "LABEL-1", "revoked", *account, *office).code == 0
    assert kitaran("passport", "record", "LABEL-2", "ceased", "--account", "Recycled.", *by_maker).code == 0
    for label, state, says in (("LABEL-1", "revoked", account[1]), ("LABEL-2", "ceased", "Recycled.")):
        shown = kitaran("passport", "show", label, "--json").json
        assert (shown["valid"], shown["state"]) == (False, state)
        assert shown["timeline"][-1]["says"] == {"account": says}
        assert kitaran("passport", "show", label, "--public", "--json").json["valid"] is False
        ended = kitaran("passport", "reading", label, *told, *by_maker)
        assert ended.code == 2
        assert f"The passport is {state}" in ended.err
    assert kitaran("passport", "record", "LABEL-9", "ceased", *account, *by_maker).code == 2
    assert "Known are" in kitaran("passport", "record", "LABEL-1", "sold", *account, *by_maker).err
