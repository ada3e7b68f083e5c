"""The node's own key and the secret of the kept keys: lost or changed, they are missed and not made anew."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, KitaranError, WorkspaceError
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry, open_whole
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.signature import make_key, public_bytes, write_private
from kitaran.registry.parties import repository


@contextmanager
def opened(folder: Path) -> Iterator[Registry]:
    place = Workspace.make(folder)
    registry = open_whole(place, read_settings(place.settings_file))
    yield registry
    registry.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one operator whose key the node keeps."""
    with opened(tmp_path / "work") as registry:
        registry.enrolment.add("Clinic", ["repurposer"])
    return tmp_path / "work"


def test_both_files_are_for_this_user_only(folder: Path) -> None:
    for name in ("node.pem", "kept.secret"):
        assert stat.S_IMODE((folder / "keys" / name).stat().st_mode) == 0o600


def test_without_the_key_that_the_log_began_with_the_registry_does_not_open(folder: Path) -> None:
    (folder / "keys/node.pem").unlink()
    with pytest.raises(WorkspaceError, match="not here"), opened(folder):
        pass
    assert not (folder / "keys/node.pem").exists()


def test_another_key_does_not_write_as_the_node(folder: Path) -> None:
    (folder / "keys/node.pem").unlink()
    write_private(make_key(), folder / "keys/node.pem")
    with pytest.raises(WorkspaceError, match="another than this one"), opened(folder):
        pass


def test_a_lost_secret_is_missed_and_not_replaced(folder: Path) -> None:
    (folder / "keys/kept.secret").unlink()
    with opened(folder) as registry:
        with pytest.raises(WorkspaceError, match="is gone"):
            registry.enrolment.add("Second clinic", ["repurposer"])
        assert not (folder / "keys/kept.secret").exists()
        with reading(registry.engine) as connection:
            assert repository.names(connection) == ["Clinic"]


def test_half_a_secret_is_named(folder: Path) -> None:
    (folder / "keys/kept.secret").write_bytes(b"half")
    with opened(folder) as registry, pytest.raises(WorkspaceError, match="4 bytes"):
        registry.enrolment.add("Second clinic", ["repurposer"])


def test_of_two_programs_that_enrol_one_name_at_once_one_does(tmp_path: Path) -> None:
    """Each with an engine and a node's hand of its own, as the server and the command line are."""

    def enrol(_: int) -> str:
        with opened(tmp_path / "work") as registry:
            try:
                return registry.enrolment.add("Delta", ["recycler"]).custody
            except KitaranError as refused:
                return refused.faults[0].cause

    with opened(tmp_path / "work"), ThreadPoolExecutor(4) as pool:
        taken = "There is an operator named Delta."
        assert sorted(pool.map(enrol, range(4))) == [taken, taken, taken, "custodial"]
    with opened(tmp_path / "work") as registry, reading(registry.engine) as connection:
        assert log.size(connection) == 2
        assert len(repository.names(connection)) == 1


def test_an_operator_comes_with_its_key_or_not_at_all(tmp_path: Path) -> None:
    """A key that is refused leaves no operator of that name behind."""
    with opened(tmp_path / "work") as registry:
        weak = bytes(32)
        with pytest.raises(InputError, match="anybody can sign"):
            registry.enrolment.add("Delta", ["recycler"], weak)
        with pytest.raises(InputError):
            registry.enrolment.add("Delta\x00", ["recycler"])
        assert registry.enrolment.add("Delta", ["recycler"], public_bytes(make_key())).custody == "own"


def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("kitaran.registry.ledger.signature.os.fsync", full)
        with pytest.raises(WorkspaceError), opened(tmp_path / "work"):
            pass
    with opened(tmp_path / "work") as registry:
        assert registry.enrolment.add("Clinic", ["repurposer"]).custody == "custodial"


def test_half_a_key_of_the_node_is_not_answered_with_making_another(folder: Path) -> None:
    (folder / "keys/node.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(WorkspaceError, match="cannot be read") as refused, opened(folder):
        pass
    assert "own key" in refused.value.remedy
