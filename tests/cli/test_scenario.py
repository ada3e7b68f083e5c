"""Scenarios from the command line: one JSON object, faults with their lines, nothing half-made."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import KITARAN, Run, environment

from kitaran.planning import scenario

BHUTAN = "name: bhutan\ntitle: Bhutan alone\neconomies: [BTN]\n"
HEADLINE = {"economy", "year", "quantity", "unit", "p10", "p50", "p90", "grade"}
QUANTITIES = {"retired_batteries", "retired_energy", "retired_mass"} | {
    f"contained_{name}" for name in ("li", "co", "ni", "mn", "cu", "graphite", "pb")
}


@pytest.fixture
def bhutan(tmp_path: Path) -> str:
    (tmp_path / "bhutan.yaml").write_text(BHUTAN)
    return "bhutan.yaml"


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two finished runs of Bhutan, alike but for their seed."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "bhutan.yaml").write_text(BHUTAN)
    definition = scenario.load(folder / "bhutan.yaml")
    for name, seed in (("one", 1), ("other", 2)):
        scenario.run(definition, folder / name, samples=10, seed=seed)
    return {"one": folder / "one", "other": folder / "other"}


def test_a_run_prints_one_object_and_counts_on_stderr(
    kitaran: Run, bhutan: str, tmp_path: Path, runs: dict[str, Path]
) -> None:
    ended = kitaran("scenario", "run", bhutan, "--out", "result", "--samples", "10", "--seed", "1", "--json")
    assert ended.code == 0, ended.err
    assert "1 of 1" in ended.err
    assert set(ended.json) == {"manifest", "headline"}
    assert (tmp_path / ended.json["manifest"]).is_file()
    headline = ended.json["headline"]
    assert all(set(row) == HEADLINE for row in headline)
    assert {row["economy"] for row in headline} == {"BTN", "ASIA_PACIFIC"}
    assert {row["quantity"] for row in headline} >= QUANTITIES
    assert {row["year"] for row in headline} == set(range(2010, 2051))
    assert all(row["p10"] <= row["p50"] <= row["p90"] for row in headline)
    for made in (tmp_path / "result").iterdir():
        assert made.read_bytes() == (runs["one"] / made.name).read_bytes()


def test_another_seed_gives_another_run(runs: dict[str, Path]) -> None:
    assert (runs["one"] / "headline.parquet").read_bytes() != (
        runs["other"] / "headline.parquet"
    ).read_bytes()


def test_a_scenario_with_faults_exits_2_and_names_the_line_of_each(kitaran: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(
        BHUTAN.replace("BTN", "BTX")
        + "lifes: []\nlives:\n  - {component: battery, value: -1, unit: factor}\n"
    )
    for verb in (["check", "wrong.yaml"], ["run", "wrong.yaml", "--out", "result"]):
        ended = kitaran("scenario", *verb)
        assert ended.code == 2
        for place in ("wrong.yaml:3", "wrong.yaml:4", "wrong.yaml:6"):
            assert place in ended.err
    assert not (tmp_path / "result").exists()


def test_faults_are_objects_where_json_was_asked_for(kitaran: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(BHUTAN + "lifes: []\n")
    ended = kitaran("scenario", "check", "wrong.yaml", "--json")
    assert [fault["place"] for fault in ended.json["faults"]] == ["wrong.yaml:4"]


def test_a_name_that_is_nowhere_is_told_with_what_there_is(kitaran: Run) -> None:
    ended = kitaran("scenario", "run", "asia-pacfic", "--out", "r")
    assert ended.code == 2
    assert "asia-pacific" in ended.err


def test_packaged_scenarios_are_listed_and_each_can_be_run(kitaran: Run) -> None:
    names = [one["name"] for one in kitaran("scenario", "list", "--json").json["scenarios"]]
    assert names[0] == "asia-pacific"
    for name in names:
        assert kitaran("scenario", "check", name).code == 0


def test_a_new_scenario_can_be_checked_and_says_all_that_it_could_say(kitaran: Run, tmp_path: Path) -> None:
    for name in ("asia-pacific", "longer-lives"):
        assert kitaran("scenario", "new", "mine", "--like", name, "--out", f"{name}/mine.yaml").code == 0
        assert kitaran("scenario", "check", f"{name}/mine.yaml", "--json").json["name"] == "mine"
        text = (tmp_path / name / "mine.yaml").read_text()
        assert all(f"# {key}: " in text for key in kitaran("scenario", "schema").json["properties"])


def test_a_new_scenario_never_overwrites(kitaran: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("my work")
    assert kitaran("scenario", "new", "mine").code == 2
    assert (tmp_path / "mine.yaml").read_text() == "my work"


def test_a_name_that_cannot_be_a_name_is_refused(kitaran: Run, tmp_path: Path) -> None:
    assert "a-z, 0-9" in kitaran("scenario", "new", "My Country").err
    assert list(tmp_path.iterdir()) == []


def test_two_runs_are_compared_by_what_they_stand_on_and_what_came_out(
    kitaran: Run, runs: dict[str, Path]
) -> None:
    one, other = str(runs["one"]), str(runs["other"])
    compared = kitaran("scenario", "compare", one, other, "--json").json
    assert compared["inputs"] == {"seed": ["1", "2"]}
    assert any(row["change"] for row in compared["figures"])
    same = kitaran("scenario", "compare", one, one, "--json").json
    assert not same["inputs"]
    assert not any(row["change"] for row in same["figures"])
    assert "seed (1 / 2)" in kitaran("scenario", "compare", one, other).out


def test_a_run_is_exported_for_a_spreadsheet(kitaran: Run, runs: dict[str, Path], tmp_path: Path) -> None:
    one = str(runs["one"])
    files = kitaran("scenario", "export", one, "--format", "csv", "--out", "tables", "--json").json["files"]
    assert "tables/headline.csv" in files
    assert (tmp_path / "tables" / "headline.csv").read_text().startswith("economy,year,")
    assert kitaran("scenario", "export", one, "--format", "xls").code == 2


def test_a_folder_without_a_run_is_told(kitaran: Run) -> None:
    ended = kitaran("scenario", "compare", "nothing", "nothing")
    assert ended.code == 2
    assert "Remedy:" in ended.err


def test_a_run_without_out_is_kept_in_the_workspace_and_known_by_its_id(kitaran: Run, bhutan: str) -> None:
    kept = kitaran("scenario", "run", bhutan, "--samples", "10", "--json").json["manifest"]
    run_id = Path(kept).parent.name
    assert Path(kept).parent.parent.name == "runs"
    assert kitaran("scenario", "compare", run_id, run_id).code == 0


def test_a_run_beside_own_figures_says_that_it_does_not_use_them(
    kitaran: Run, bhutan: str, tmp_path: Path
) -> None:
    overrides = tmp_path / "kitaran-data" / "overrides"
    overrides.mkdir(parents=True)
    asked = ("scenario", "run", bhutan, "--samples", "10", "--out")
    assert "own figures" not in kitaran(*asked, "one").err
    (overrides / "macro.csv").write_text("")
    assert "add --workspace kitaran-data" in kitaran(*asked, "two").err


def test_a_disk_that_fills_up_leaves_no_run(bhutan: str, tmp_path: Path) -> None:
    """A limit on file size stands for a full disk: it holds for root too."""
    ended = subprocess.run(
        [KITARAN, "scenario", "run", bhutan, "--out", "deep/result", "--samples", "10"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert ended.returncode == 2, ended.stderr
    assert "Free some space" in ended.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["bhutan.yaml"]
