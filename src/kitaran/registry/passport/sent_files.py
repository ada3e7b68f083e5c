"""Files of batteries that were sent and wait to be checked, looked at and accepted.

uploads/passports/ID.KIND is the file as it was given; ID.json beside it says who sent it and what its check
found. A file is its sender's organisation's alone; it goes when its passports are issued, when it is thrown
away, or after a week.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from kitaran.foundation.clock import stamp
from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.passport import files

MAX_BYTES: Final = 100_000_000
KEPT_S: Final = 7 * 24 * 3600
_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class SentFile:
    """A file that waits.

    account : the person who sent it, in this session of its browser
    checked : what `importing.check` found, as the page shows it; None while that is under way
    issuing : it was accepted; nobody can accept it again
    """

    id: str
    path: Path
    name: str
    operator: str
    account: str
    session: str
    sent_at: str
    checked: Mapping[str, Any] | None = None
    issuing: bool = False

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def keep(folder: Path, content: BinaryIO, name: str, operator: str, account: str, session: str) -> SentFile:
    """Keep a file for its check. Raises InputError if no reader takes such a file or it is too large."""
    plain = _plain_name(name)
    kind = Path(plain).suffix.lower()
    if kind not in files.KINDS:
        raise InputError("This kind of file is not read.", "file", f"Send one of {', '.join(files.KINDS)}.")
    given = secrets.token_hex(12)
    kept = SentFile(given, folder / f"{given}{kind}", plain, operator, account, session, stamp())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(folder)
        with os.fdopen(os.open(kept.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as file:
            shutil.copyfileobj(content, file)
    except OSError as error:
        kept.path.unlink(missing_ok=True)
        raise explain(error, folder) from error
    if not 0 < kept.size <= MAX_BYTES:
        kept.path.unlink()
        cause = f"The file is empty, or larger than {MAX_BYTES // 10**6} MB."
        raise InputError(cause, "file", "Send what there is, in several files if it is large.")
    return remember(kept)


def remember(kept: SentFile, **changed: Any) -> SentFile:
    """Write down what is known of a file now."""
    new = replace(kept, **changed)
    told = {name: value for name, value in asdict(new).items() if name != "path"}
    write_whole(_beside(new.path), orjson.dumps(told | {"path": new.path.name}))
    return new


def find(folder: Path, given: str, operator: str) -> SentFile:
    """A file of this operator. Raises NotFoundError for another's as for none."""
    beside = folder / f"{given}.json"
    if _ID.fullmatch(given) and beside.is_file():
        told = orjson.loads(beside.read_bytes())
        found = SentFile(**{**told, "path": folder / told["path"]})
        if found.operator == operator and found.path.is_file():
            return found
    raise NotFoundError("There is no such file for you.", f"file {given}", "Send it again.")


def claim(kept: SentFile) -> bool:
    """Whether the caller is the first to accept the file: of two, one is."""
    try:
        os.close(os.open(_claimed(kept.path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    except FileExistsError:
        return False
    return True


def release(kept: SentFile) -> None:
    """It was not issued: it can be accepted again."""
    _claimed(kept.path).unlink(missing_ok=True)


def discard(kept: SentFile) -> None:
    """Forget a file."""
    for path in (kept.path, _beside(kept.path), _claimed(kept.path)):
        path.unlink(missing_ok=True)


def waiting(folder: Path, operator: str) -> list[SentFile]:
    """Files of an operator, the newest first."""
    found = [one for one in _all(folder) if one.operator == operator]
    return sorted(found, key=lambda one: one.sent_at, reverse=True)


def _all(folder: Path) -> Iterator[SentFile]:
    for beside in folder.glob("*.json") if folder.is_dir() else ():
        told = orjson.loads(beside.read_bytes())
        if (folder / told["path"]).is_file():
            yield SentFile(**{**told, "path": folder / told["path"]})


def _forget_old(folder: Path) -> None:
    before = time.time() - KEPT_S
    for path in folder.iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _claimed(path: Path) -> Path:
    return path.with_suffix(".accepted")


def _plain_name(name: str) -> str:
    last = re.split(r"[\\/]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[-100:] or "batteries"
