"""What holds for every command: help with an example, one way to err, a quick answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.cli.conftest import Run
from typer.main import get_command

from kitaran import __version__
from kitaran.cli import build

HEAVY = (
    "numpy",
    "scipy",
    "duckdb",
    "sqlalchemy",
    "alembic",
    "fastapi",
    "uvicorn",
    "altair",
    "huey",
    "pydantic",
)


def commands() -> Iterator[tuple[str, str]]:
    """Path and last line of help of each command."""

    def walk(command: object, path: str) -> Iterator[tuple[str, str]]:
        children = getattr(command, "commands", {})
        if not children:
            yield path, str(getattr(command, "epilog", "") or "")
        for name, child in sorted(children.items()):
            yield from walk(child, f"{path} {name}")

    yield from walk(get_command(build()), "kitaran")


@pytest.mark.parametrize(("path", "epilog"), list(commands()))
def test_the_help_of_each_command_has_an_example_of_itself(path: str, epilog: str) -> None:
    assert epilog.startswith(f"Example: {path}")


def test_the_command_tree_holds_what_the_first_road_needs() -> None:
    paths = {path for path, _ in commands()}
    wanted = [
        "up",
        "doctor",
        *(f"scenario {verb}" for verb in ["new", "check", "run", "compare", "export", "list", "schema"]),
    ]
    wanted += [f"data {verb}" for verb in ["list", "show", "check", "diff", "import"]]
    assert {f"kitaran {name}" for name in wanted} <= paths


def test_help_is_answered_without_loading_what_it_does_not_need() -> None:
    program = f"import sys, kitaran.cli as c; c.build(); print([n for n in {HEAVY} if n in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = ended.stdout.strip()
    assert loaded in ("[]", "['pydantic']"), loaded  # typer itself brings pydantic


def test_the_version_is_one_line(kitaran_process: Run) -> None:
    assert kitaran_process("--version").out == f"kitaran {__version__}\n"


def test_a_bare_command_shows_where_to_begin(kitaran: Run) -> None:
    assert "kitaran up" in kitaran().out


def test_an_option_that_does_not_exist_exits_2(kitaran: Run) -> None:
    assert kitaran("up", "--prot", "9000").code == 2


def test_an_error_says_cause_place_and_remedy(kitaran: Run) -> None:
    ended = kitaran("up", "--port", "70000")
    assert (ended.code, ended.out) == (2, "")
    for words in ("Cause:", "70000", "Place:", "setting port", "Remedy:", "KITARAN_PORT"):
        assert words in ended.err


def test_an_error_is_one_json_object_where_json_was_asked_for(kitaran: Run) -> None:
    ended = kitaran("up", "--port", "70000", "--json")
    assert ended.code == 2
    assert set(ended.json) == {"error", "faults"}
    assert set(ended.json["faults"][0]) == {"cause", "place", "remedy"}


def test_the_traceback_is_shown_only_to_who_asks_for_it(kitaran_process: Run) -> None:
    assert "Traceback" not in kitaran_process("up", "--port", "70000").err
    assert "Traceback" in kitaran_process("up", "--port", "70000", KITARAN_DEBUG="1").err


def test_a_mistake_of_our_own_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kitaran import cli

    def mistaken() -> object:
        raise ZeroDivisionError("no packs")

    monkeypatch.setattr(cli, "build", lambda: mistaken)
    monkeypatch.setattr(sys, "argv", ["kitaran", "up"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == cli.UNFORESEEN_EXIT
    told = capsys.readouterr().err
    assert "no packs" in told
    assert "KITARAN_DEBUG=1" in told
