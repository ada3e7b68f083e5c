from pathlib import Path

from tests.cli.conftest import Run


def test_a_healthy_installation_has_nothing_to_mend(kitaran: Run) -> None:
    ended = kitaran("doctor", "--json", "--exit-code")
    findings = {finding["what"]: finding for finding in ended.json["findings"]}
    assert set(findings) == {"Python", "packages", "SQLite", "disk", "workspace", "settings", "facts"}
    assert [name for name, finding in findings.items() if not finding["good"]] == []
    assert ended.json["ok"] is True
    assert ended.code == 0


def test_the_doctor_makes_nothing(kitaran: Run, tmp_path: Path) -> None:
    kitaran("doctor")
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_of_a_newer_kitaran_is_found_and_its_remedy_named(kitaran: Run, tmp_path: Path) -> None:
    (tmp_path / "kitaran-data").mkdir()
    (tmp_path / "kitaran-data" / "VERSION").write_text("99\n")
    ended = kitaran("doctor", "--json")
    finding = next(one for one in ended.json["findings"] if one["what"] == "workspace")
    assert (finding["good"], ended.json["ok"], ended.code) == (False, False, 0)
    assert "newer Kitaran" in finding["remedy"]
    assert kitaran("doctor", "--exit-code").code == 1
