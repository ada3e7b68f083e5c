"""`kitaran up`: from an empty folder to pages, and clear words where it cannot."""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.cli.conftest import KITARAN, Run, environment

from kitaran import web
from kitaran.cli.site import self_check, serving
from kitaran.cli.site.self_check import check_site
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace

up_module = importlib.import_module("kitaran.cli.up")  # the package's name `up` is the command itself


@contextmanager
def serving_from(folder: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    """A running `kitaran up`, and what it printed once it answered."""
    process = subprocess.Popen(
        [KITARAN, "up", "--empty", "--json", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        text = "".join(iter(process.stdout.readline, "}\n")) + "}"
        yield {**json.loads(text), "process": process}
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()
        process.stderr.close()


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_the_pages_answer_at_the_printed_address(tmp_path: Path) -> None:
    with serving_from(tmp_path) as told:
        assert told["workspace"] == str(tmp_path / "kitaran-data")
        with urllib.request.urlopen(f"{told['url']}/about", timeout=20) as answer:
            assert b"<h1" in answer.read()


def test_a_taken_port_moves_to_the_next_free_one_and_says_so(tmp_path: Path) -> None:
    with taken_port() as port, serving_from(tmp_path, "--port", str(port)) as told:
        moved = int(told["url"].rpartition(":")[2])
        assert port < moved < port + serving.PORTS_TO_TRY
        told["process"].send_signal(signal.SIGINT)
        assert f"Port {port} is taken; using the next free one, {moved}." in told["process"].stderr.read()


def test_a_second_server_on_the_same_workspace_is_sent_to_the_first(
    tmp_path: Path, kitaran_process: Run
) -> None:
    with serving_from(tmp_path) as told:
        ended = kitaran_process("up", "--empty")
        assert ended.code == 2
        assert told["url"] in ended.err


def test_an_interrupt_stops_the_server_soon_and_frees_the_workspace(tmp_path: Path, kitaran: Run) -> None:
    with serving_from(tmp_path) as told:
        told["process"].send_signal(signal.SIGINT)
        told["process"].wait(20)
    assert kitaran("up", "--empty", "--check").code == 0


def test_a_server_that_was_killed_leaves_a_workspace_that_starts_again(tmp_path: Path, kitaran: Run) -> None:
    with serving_from(tmp_path) as told:
        told["process"].kill()
        told["process"].wait(20)
        assert kitaran("up", "--empty", "--check").code == 0


def test_the_public_address_is_the_one_that_is_told(tmp_path: Path) -> None:
    with serving_from(tmp_path, "--public-url", "https://batteries.example.org/") as told:
        assert told["url"] == "https://batteries.example.org"


def test_serving_to_others_is_said_aloud(tmp_path: Path) -> None:
    with serving_from(tmp_path, "--host", "0.0.0.0") as told:
        told["process"].send_signal(signal.SIGINT)
        assert "Others on the network" in told["process"].stderr.read()


def test_an_address_of_another_computer_is_refused_with_a_remedy(kitaran: Run) -> None:
    ended = kitaran("up", "--empty", "--host", "192.0.2.1")  # TEST-NET-1: nobody's, RFC 5737
    assert ended.code == 2
    assert "192.0.2.1" in ended.err
    assert "127.0.0.1" in ended.err


def test_the_check_names_every_address_it_asked(kitaran: Run) -> None:
    ended = kitaran("up", "--empty", "--check")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    asked = [line.split("B  ")[1] for line in lines[:-1]]
    assert {"/about", "/about.json"} <= set(asked)
    assert any(path.startswith("/static/") for path in asked)
    assert all(line.startswith("ok") for line in lines[:-1])
    assert lines[-1] == f"{len(asked)} of {len(asked)} addresses answered well."


def test_the_check_exits_1_and_names_what_failed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(web, "page_paths", lambda _: ["/about", "/nowhere"])
    with pytest.raises(typer.Exit) as left:
        up_module._check(workspace, None, as_json=False)
    assert left.value.exit_code == 1
    told = capsys.readouterr()
    assert "Failed: /nowhere: status 404, expected 200" in told.err
    assert "FAIL 404" in told.out


def test_the_check_ends_in_time_and_says_what_it_did_not_ask(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_check, "_ALL_WITHIN_S", -1.0)
    answers = check_site(workspace, tell=None)
    assert answers
    assert all("not asked" in answer.problem for answer in answers)


@pytest.mark.parametrize(
    ("path", "kind", "body", "problem"),
    [
        ("/plan.json", "application/json", b"{", "not JSON"),
        ("/plan", "text/html", b"<p>no heading</p>", "without a heading"),
        ("/static/a.css", "text/css", b"", "an empty answer"),
        ("/plan", "text/html", b"<h1>Plan</h1>", ""),
    ],
)
def test_an_answer_is_judged_by_what_it_holds(path: str, kind: str, body: bytes, problem: str) -> None:
    assert problem in self_check._problem(path, 200, kind, body)
    assert bool(problem) == bool(self_check._problem(path, 200, kind, body))


def test_no_free_port_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PORTS_TO_TRY", 1)
    with taken_port() as port, pytest.raises(InputError) as error:
        serving.free_socket("127.0.0.1", port)
    assert "--port" in error.value.remedy


@pytest.mark.parametrize("make", ["a file", "a newer workspace", "other files"])
def test_what_cannot_be_a_workspace_is_refused_and_kept(kitaran: Run, tmp_path: Path, make: str) -> None:
    place = tmp_path / "kitaran-data"
    if make == "a file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / ("VERSION" if make == "a newer workspace" else "thesis.docx")).write_text("99")
    before = sorted(tmp_path.rglob("*"))
    ended = kitaran("up", "--check")
    assert ended.code == 2
    for words in ("Cause:", str(place), "Remedy:"):
        assert words in ended.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a file system that refuses to be written")
def test_a_folder_that_cannot_be_written_is_refused_also_for_root(kitaran: Run) -> None:
    ended = kitaran("up", "--check", "--workspace", f"/proc/{os.getpid()}/kitaran-data")
    assert ended.code == 2
    assert "Remedy:" in ended.err
