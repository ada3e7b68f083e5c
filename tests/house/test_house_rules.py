"""Small rules of our own that no linter knows."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
import yaml
from typer.main import get_command

from kitaran import __version__
from kitaran.cli import build
from kitaran.planning.scenario import model

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("src", "tests", "docs", "benchmarks", "tools", ".ci", "changelog.d")
WORDS = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".csv",
    ".html",
    ".css",
    ".js",
    ".cff",
    ".sh",
    ".mako",
    ".json",
    "",
}
NOMENCLATURE = (ROOT / "docs" / "nomenclature.md").read_text(encoding="utf-8")
VOCABULARY = ("vehicle_class", "powertrain", "use", "battery_type", "chemistry")


def texts() -> Iterator[tuple[Path, str]]:
    """Every text of the project, this file apart."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*")] + list(ROOT.glob("*.*"))
    for path in sorted(files):
        if (
            path.is_file()
            and path.suffix in WORDS
            and "__pycache__" not in path.parts
            and path != Path(__file__)
        ):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def test_no_text_names_a_path_of_one_machine() -> None:
    absolute = re.compile(r"(?:^|[^\w.:/<])/(?:home/(?!you/)|root/|Users/|mnt/|srv/|tmp/\w)")
    found = [
        f"{path}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if absolute.search(line)
    ]
    assert found == []


def test_nothing_is_left_unfinished_in_the_code() -> None:
    unfinished = re.compile(r"\b(?:TODO|FIXME|HACK)\b|raise NotImplementedError|pytest\.mark\.xfail")
    assert [str(path) for path, text in texts() if path.suffix == ".py" and unfinished.search(text)] == []


def test_no_module_is_named_after_nothing() -> None:
    nameless = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|common|misc)(?:_|$)")
    assert [
        str(p)
        for p in (ROOT / "src").rglob("*.py")
        if any(nameless.search(part) for part in p.with_suffix("").parts)
    ] == []


def test_every_module_says_what_it_is() -> None:
    wordless = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.py")
        if (text := path.read_text(encoding="utf-8").strip()) and not text.startswith('"""')
    ]
    assert wordless == []


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["version"] == citation["version"] == __version__


# -- documentation


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command with its long options."""

    def walk(command: object, path: str) -> Iterator[tuple[str, list[str]]]:
        children = getattr(command, "commands", {})
        if not children:
            options = [name for parameter in command.params for name in parameter.opts]  # type: ignore[attr-defined]
            yield (
                path,
                [name for name in options if name.startswith("--") and name not in ("--help", "--json")],
            )
        for name, child in sorted(children.items()):
            yield from walk(child, f"{path} {name}")

    yield from walk(get_command(build()), "kitaran")


@pytest.mark.parametrize(("path", "options"), list(commands()))
def test_every_command_is_documented_with_its_options(path: str, options: list[str]) -> None:
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md")]
    sections = [section for page in pages for section in re.split(r"^## ", page, flags=re.MULTILINE)]
    section = next((text for text in sections if text.startswith(f"`{path}`")), "")
    assert section, f"no page of docs has a section ## `{path}`"
    assert [option for option in options if f"`{option}" not in section] == []


# -- nomenclature


def spelt(word: str) -> bool:
    return f"`{word}`" in NOMENCLATURE


@pytest.mark.parametrize("name", ["VehicleClass", "Use", "BatteryType"])
def test_the_words_of_a_scenario_are_those_of_the_nomenclature(name: str) -> None:
    assert [word for word in get_args(getattr(model, name)) if not spelt(word)] == []


def test_the_words_of_the_tables_are_those_of_the_nomenclature() -> None:
    tables = ROOT / "src" / "kitaran" / "reference" / "tables"
    unknown = set()
    for sidecar in tables.glob("*.yaml"):
        for name, column in yaml.safe_load(sidecar.read_text(encoding="utf-8"))["columns"].items():
            if name in VOCABULARY:
                unknown |= {
                    (sidecar.stem, name, word) for word in column.get("values", []) if not spelt(word)
                }
    assert sorted(unknown) == []


# -- changelog


@pytest.fixture
def fold(tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("fold", ROOT / "changelog.d" / "fold.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "changelog.d").mkdir()
    return module


def test_our_changelog_fragments_can_be_folded(fold: ModuleType) -> None:
    assert any(fold.fragments(ROOT / "changelog.d").values()) or (ROOT / "CHANGELOG.md").exists()


def test_fragments_are_folded_under_their_version_and_deleted(fold: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "changelog.d"
    (folder / "README.md").write_text("how to")
    for version, words in (("0.1.0", "Forecasts."), ("0.2.0", "Movements\nof batteries.")):
        (folder / "new-door.added.md").write_text(words)
        fold.fold(folder, version, "2026-01-01")
    assert (tmp_path / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n## 0.2.0 (2026-01-01)\n\n### Added\n\n- Movements of batteries.\n"
        "\n## 0.1.0 (2026-01-01)\n\n### Added\n\n- Forecasts.\n"
    )
    assert [path.name for path in folder.iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("name", "words"), [("door.new.md", "x"), ("Door.added.md", "x"), ("door.added.md", " \n")]
)
def test_a_fragment_of_a_wrong_name_or_without_words_is_refused(
    fold: ModuleType, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "changelog.d" / name).write_text(words)
    with pytest.raises(ValueError, match=r"NAME\.KIND\.md"):
        fold.fragments(tmp_path / "changelog.d")


# -- tables


def test_every_packaged_yaml_is_read_alike_with_and_without_libyaml() -> None:
    """libyaml takes some plain scalars that the specification and PyYAML's own reader refuse."""
    import yaml

    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in (ROOT / "src").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        try:
            assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, fast), path.name
        except yaml.YAMLError as error:
            raise AssertionError(f"{path.name}: {error}") from error
