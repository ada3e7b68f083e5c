"""Proposals of an initial stock: made of a register and of registered batteries, decided on by a person.

One JSON file a proposal in `uploads/observatory/`. It holds counts, never the file that was sent. What is
accepted becomes rows of `observed_stock` among the workspace's own data, so that every run names them.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.observatory import disclosed, effect, joining
from kitaran.observatory.disclosed import Told
from kitaran.observatory.register import Register, RegisterCell
from kitaran.observatory.registered import Registered
from kitaran.reference import own_data
from kitaran.reference.own_data import Upload
from kitaran.reference.row import Cell

_ID: Final = re.compile(r"[0-9a-f]{12}")
_LATEST: Final = 2050
PROPOSED, ACCEPTED, REJECTED, UNDONE = "proposed", "accepted", "rejected", "undone"
NOT_STATED: Final = "not stated"
_one_at_a_time = threading.Lock()

Batteries = Callable[[str], Sequence[Registered]]
"""Registered batteries in vehicles of an economy."""


@dataclass(frozen=True)
class Proposal:
    """What is proposed as the initial stock of an economy, and what was decided.

    observed : year at whose end the vehicles were in use
    registry : the registry's part, as it was told in its quarter
    by       : who proposed, and who decided; empty on a computer with one person
    """

    id: str
    economy: str
    observed: int
    title: str
    publisher: str
    licence: str
    cells: tuple[RegisterCell, ...]
    rows: int
    not_read: tuple[str, ...]
    registry: dict[str, Any]
    made_at: str
    by: str = ""
    state: str = PROPOSED
    decided_at: str = ""
    decided_by: str = ""
    effect: dict[str, Any] = field(default_factory=dict)

    @property
    def vehicles(self) -> int:
        """Vehicles that the register counts."""
        return sum(cell.count for cell in self.cells if cell.counted == "all")

    @property
    def registered(self) -> int:
        """Registered batteries that the registry tells of."""
        return sum(cell["count"] for cell in self.registry.get("cells", ()))

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(sorted({cell.vehicle_class for cell in self.cells}))

    @property
    def source(self) -> dict[str, Cell]:
        """The row of the table sources that names it in every result."""
        accepted = f"Accepted on {self.decided_at[:10]}." if self.decided_at else ""
        return {
            "source": f"own-register-{self.economy.lower()}-{self.id[:6]}",
            "title": self.title,
            "publisher": self.publisher,
            "kind": "own",
            "url": "",
            "licence": self.licence,
            "seen": "primary",
            "year": self.observed,
            "note": accepted,
        }

    @property
    def upload(self) -> Upload:
        """The proposal as own data."""
        made = joining.rows(self.cells, self.economy, self.observed, self.source)
        return Upload(self.id, self.title, self.source, made)

    def as_dict(self) -> dict[str, Any]:
        told = asdict(self)
        return {
            **told,
            "vehicles": self.vehicles,
            "registered": self.registered,
            "classes": list(self.classes),
        }

    def summary(self) -> dict[str, Any]:
        """Without cells and effect."""
        return {
            name: value
            for name, value in self.as_dict().items()
            if name not in ("cells", "effect", "registry", "not_read")
        }


@dataclass(frozen=True)
class Proposals:
    """The proposals of one workspace.

    uploads, overrides : folders of the workspace; batteries : asks the registry
    """

    uploads: Path
    overrides: Path
    batteries: Batteries
    samples: int = effect.SAMPLES

    @property
    def folder(self) -> Path:
        return self.uploads / "observatory"

    def propose(
        self,
        economy: str,
        register: Register | None = None,
        observed: int | None = None,
        title: str = "",
        publisher: str = "",
        licence: str = "",
        by: str = "",
    ) -> Proposal:
        """Make a proposal and work out its effect; nothing is in use yet.

        Raises InputError if the economy has no forecast, the year does not fit, or there is nothing to count.
        """
        _check_economy(economy)
        told = self._told(economy)
        year = _year_of(register, observed)
        given = register.cells if register else ()
        cells = joining.joined(given, told.cells, year)
        if not cells:
            raise InputError(
                "There is nothing to start from: no register was sent, and the registry tells of no battery.",
                economy,
                "Send a vehicle register. Registered batteries are told where five holders stand behind.",
            )
        made = Proposal(
            _id_of(economy, year, title, publisher, cells),
            economy,
            year,
            title or ("Vehicle register" if register else "Registered batteries"),
            publisher or NOT_STATED,
            licence or NOT_STATED,
            cells,
            register.rows if register else 0,
            register.not_read if register else (),
            told.as_dict(),
            stamp(),
            by,
        )
        known = self._find(made.id)
        if known is not None and known.state == ACCEPTED:
            return known
        return self._keep(self._with_effect(made))

    def get(self, proposal_id: str) -> Proposal:
        """A proposal; the effect of one that waits is worked out anew if the figures have changed.

        Raises NotFoundError if there is none of this id.
        """
        found = self._find(proposal_id)
        if found is None:
            raise not_found(proposal_id)
        if found.state == PROPOSED and found.effect.get("figures") != effect.state_of(self.overrides):
            found = self._keep(self._with_effect(found))
        return found

    def all(self) -> tuple[Proposal, ...]:
        """Every proposal, the newest first."""
        files = self.folder.glob("*.json") if self.folder.is_dir() else ()
        found = [self._find(file.stem) for file in files if _ID.fullmatch(file.stem)]
        return tuple(
            sorted((one for one in found if one), key=lambda one: (one.made_at, one.id), reverse=True)
        )

    def accept(self, proposal_id: str, by: str = "") -> Proposal:
        """Let the next runs start from it. Accepting it twice changes nothing."""
        found = self.get(proposal_id)
        if found.state == ACCEPTED:
            return found
        decided = replace(found, state=ACCEPTED, decided_at=stamp(), decided_by=by)
        own_data.accept(self.overrides, decided.upload)
        return self._keep(decided)

    def reject(self, proposal_id: str, by: str = "") -> Proposal:
        """Do not use it. InputError if it is in use."""
        found = self.get(proposal_id)
        if found.state == ACCEPTED:
            raise InputError(
                "This proposal is in use.", f"proposal {proposal_id}", "Undo it: kitaran observatory undo."
            )
        return self._keep(replace(found, state=REJECTED, decided_at=stamp(), decided_by=by))

    def undo(self, proposal_id: str, by: str = "") -> Proposal:
        """Take an accepted proposal out: results are those of before. InputError if it is not in use."""
        found = self.get(proposal_id)
        if found.state != ACCEPTED:
            raise InputError("This proposal is not in use.", f"proposal {proposal_id}", "List those in use.")
        with suppress(NotFoundError):  # a run cut short here before has taken it out already
            own_data.remove(self.overrides, found.id)
        return self._keep(replace(found, state=UNDONE, decided_at=stamp(), decided_by=by))

    def _told(self, economy: str) -> Told:
        kept = self.folder / f"registry-{economy}.json"
        with _one_at_a_time:
            return disclosed.fixed(kept, self.batteries(economy), now().date())

    def _with_effect(self, made: Proposal) -> Proposal:
        told = effect.effect_of(made.upload, made.economy, self.overrides, self.samples)
        return replace(made, effect=told)

    def _keep(self, made: Proposal) -> Proposal:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(asdict(made), ensure_ascii=False, indent=1)
            write_whole(self.folder / f"{made.id}.json", text.encode())
        except OSError as error:
            raise explain(error, self.folder) from error
        return made

    def _find(self, proposal_id: str) -> Proposal | None:
        path = self.folder / f"{proposal_id}.json"
        if not _ID.fullmatch(proposal_id) or not path.is_file():
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        kept["cells"] = tuple(RegisterCell(**cell) for cell in kept["cells"])
        kept["not_read"] = tuple(kept["not_read"])
        return Proposal(**kept)


def not_found(proposal_id: str) -> NotFoundError:
    """What is said of a proposal that is not there, or not for the reader."""
    return NotFoundError(
        "There is no such proposal.", f"proposal {proposal_id[:40]}", "List them: kitaran observatory list."
    )


def _check_economy(economy: str) -> None:
    from kitaran.planning.scenario.chosen import forecast_economies

    able = {place.code for place in forecast_economies()}
    if economy not in able:
        raise InputError(
            f"There is no forecast of {economy[:20]!r}.",
            "economy",
            "Give an ISO 3166 alpha-3 code, such as THA.",
        )


def _year_of(register: Register | None, observed: int | None) -> int:
    """The year of observation: as given, else that of the register's youngest vehicles, else the last year
    that is over."""
    last = register.last_cohort if register else now().year - 1
    year = last if observed is None else observed
    if not last <= year <= _LATEST or year > now().year:
        raise InputError(
            f"{year} cannot be the year of this register.", "observed", f"Give {last} to {now().year}."
        )
    return year


def _id_of(economy: str, year: int, title: str, publisher: str, cells: Sequence[RegisterCell]) -> str:
    """First 12 digits of the SHA-256 of what is proposed: the same counts make the same proposal."""
    told = json.dumps([economy, year, title, publisher, [cell.as_dict() for cell in cells]], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
