"""The one place that knows every noun: what may be appended to the log of a workspace, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kitaran.foundation.database import reading
from kitaran.foundation.disk import explain
from kitaran.foundation.errors import InputError, KitaranError, WorkspaceError
from kitaran.foundation.file_lock import held
from kitaran.foundation.settings import Settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.custody.keeping import hands_at
from kitaran.registry.custody.kinds import KINDS as CUSTODY
from kitaran.registry.ledger import canonical, erasure
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.kinds import Admission, Kinds, SigningKey
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.signature import key_id, make_key, public_bytes, read_private, write_private
from kitaran.registry.movement import lawbook
from kitaran.registry.movement.kinds import KINDS as MOVEMENTS
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.admission import Keys, admit
from kitaran.registry.parties.alerts.kinds import KINDS as ALERTS
from kitaran.registry.parties.clicks import hand_of
from kitaran.registry.parties.enrolment import Enrolment
from kitaran.registry.parties.facilities.kinds import KINDS as FACILITIES
from kitaran.registry.parties.hand import Hand
from kitaran.registry.parties.incidents.kinds import KINDS as INCIDENTS
from kitaran.registry.parties.kept_keys import KeptKeys
from kitaran.registry.parties.kinds import KINDS as PARTIES
from kitaran.registry.parties.kinds import NODE
from kitaran.registry.parties.technicians.kinds import KINDS as TECHNICIANS
from kitaran.registry.passport.kinds import kinds as passports
from kitaran.registry.store import open_registry
from kitaran.registry.store.opening import last_signed
from kitaran.registry.triage.kinds import kinds as triages

_KEYS: Final = Path("keys")
_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)


def kinds(overrides: Path | None = None) -> Kinds:
    """Every kind of event that the nouns register. overrides : own rows of the workspace whose log it is"""
    known = Kinds()
    known.register([erasure.KIND])
    before = (PARTIES, FACILITIES, TECHNICIANS, INCIDENTS, ALERTS, passports(hands_at), CUSTODY)
    for noun in (*before, triages(overrides), MOVEMENTS):
        known.register(noun)
    return known


@dataclass(frozen=True)
class Registry:
    """The registry of a workspace, opened: its database, its log, and the node's hand."""

    engine: Engine
    ledger: Ledger
    enrolment: Enrolment
    hand: Hand
    kept: KeptKeys

    def hand_of(self, person: Person) -> Hand:
        """The hand of a signed-in person. Raises NotAllowedError as `clicks.hand_of` does."""
        return hand_of(self.ledger, self.kept, person)


def open_whole(
    workspace: Workspace,
    settings: Settings,
    committed: Callable[[int], None] = lambda size: None,
    admission: Admission = admit,
) -> Registry:
    """Open the registry; database, node's key and their tables are made at the first time.

    committed : called with the size of the log after each commit
    admission : who may act at all; by default `parties.admission.admit`
    Raises WorkspaceError if the database cannot be opened, or was written by the hand of another node.
    """
    engine = open_registry(workspace, settings)
    try:
        node = _node_key(engine, workspace)
    except KitaranError:
        engine.dispose()
        raise
    lawbook.decide_by(engine, workspace.overrides)
    memory = last_signed(workspace)

    def signed_to() -> int:
        note = memory.read()
        return 0 if note is None else note.checkpoint.size

    public = public_bytes(node)
    own = SigningKey(key_id(public), NODE, public, "own", _ALWAYS)
    ledger = Ledger(engine, kinds(workspace.overrides), Keys(own), admission, signed_to, committed)
    kept = KeptKeys(workspace.root / _KEYS / "kept.secret")
    return Registry(engine, ledger, Enrolment(ledger, node, kept), Hand(ledger, node), kept)


def _node_key(engine: Engine, workspace: Workspace) -> Ed25519PrivateKey:
    """The key with which this installation signs its own events, beside the database; made for an empty log.

    Raises WorkspaceError if the log began under another key: two hands must not write as one node.
    """
    path = workspace.root / _KEYS / "node.pem"
    try:
        path.parent.mkdir(exist_ok=True)
        with path.with_suffix(".lock").open("wb") as door, held(door):
            if not path.exists():
                if _begun(engine) is not None:
                    raise _not_the_node(path, "is not here")
                _make_whole(path)
    except OSError as error:
        raise explain(error, path) from error
    try:
        key = read_private(path)
    except InputError as error:
        raise _not_the_node(path, "cannot be read") from error
    if _begun(engine) not in (None, key_id(public_bytes(key))):
        raise _not_the_node(path, "is another than this one")
    return key


def _make_whole(path: Path) -> None:
    """A new key, or no file: half of one would keep the registry shut for ever."""
    try:
        write_private(make_key(), path)
    except WorkspaceError:
        path.unlink(missing_ok=True)
        raise


def _begun(engine: Engine) -> str | None:
    """Id of the key under which the node wrote the first event; None if another wrote it, or nobody yet."""
    with reading(engine) as connection:
        first = log.row(connection, 0)
    envelope = {} if first is None else canonical.loads(first.entry)["envelope"]
    return str(envelope["key_id"]) if envelope.get("actor") == NODE else None


def _not_the_node(path: Path, how: str) -> WorkspaceError:
    return WorkspaceError(
        f"The key with which this installation signs its own events {how}.",
        str(path),
        "Put the installation's own key there: a backup of the database does not hold it.",
    )
