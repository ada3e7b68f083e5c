"""What stands in deploy/ agrees with the package: extras, options, settings, ports, and the unit's syntax."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from kitaran.cli import build
from kitaran.foundation.settings import DEFAULT_PORT, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "kitaran.service").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def options_of_up() -> set[str]:
    command = get_command(build()).commands["up"]  # type: ignore[attr-defined]
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("text", [DOCKERFILE, UNIT], ids=["Dockerfile", "unit"])
def test_the_extras_that_are_installed_exist(text: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = set(re.findall(r'(?:kitaran|/source)\[([a-z,]+)\]"', text))
    assert asked
    assert {one for group in asked for one in group.split(",")} <= set(project["optional-dependencies"])


def test_the_image_is_of_a_python_that_the_package_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = re.findall(r"^FROM python:(\d+\.\d+)-slim", DOCKERFILE, flags=re.MULTILINE)
    assert len(versions) == 2
    for version in versions:
        assert f"Programming Language :: Python :: {version}" in project["classifiers"]


@pytest.mark.parametrize("text", [DOCKERFILE.replace('", "', " "), UNIT], ids=["Dockerfile", "unit"])
def test_the_command_has_the_options_that_it_is_given(text: str) -> None:
    [line] = [line for line in text.splitlines() if re.search(r"(CMD \[\"up|bin/kitaran up)", line)]
    used = re.findall(r"--[a-z-]+", line)
    assert used
    assert set(used) <= options_of_up()


def test_compose_sets_only_settings_that_there_are(compose: dict[str, Any]) -> None:
    given = compose["services"]["kitaran"]["environment"]
    known = {f"KITARAN_{name.upper()}" for name in Settings.model_fields}
    assert set(given) <= known
    address = given["KITARAN_DATABASE_URL"].replace("${KITARAN_DB_PASSWORD:?a password without / @ :}", "x")
    assert Settings(database_url=address).database_url == "postgresql://kitaran:x@database/kitaran"


def test_compose_serves_the_proxy_on_this_machine_only_at_the_port_of_the_image(
    compose: dict[str, Any],
) -> None:
    assert compose["services"]["kitaran"]["ports"] == [f"127.0.0.1:{DEFAULT_PORT}:{DEFAULT_PORT}"]
    assert f"EXPOSE {DEFAULT_PORT}" in DOCKERFILE
    assert "ports" not in compose["services"]["database"]


def test_compose_keeps_no_password_and_asks_for_each(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert re.findall(r"PASSWORD: (?!\$\{)", text) == []
    assert set(compose["volumes"]) == {"work", "database"}


def test_files_that_compose_mounts_are_there(compose: dict[str, Any]) -> None:
    [mounted] = [v for v in compose["services"]["database"]["volumes"] if v.startswith("./")]
    assert (DEPLOY / mounted.split(":")[0]).is_file()
    assert subprocess.run(["sh", "-n", str(DEPLOY / "database.sh")], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "kitaran.service"
    unit.write_text(UNIT.replace("/opt/kitaran/bin/kitaran", "/bin/true"), encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in (run.stdout + run.stderr).splitlines() if "kitaran.service" in line]
    assert (run.returncode, ours) == (0, [])
