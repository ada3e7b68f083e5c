"""Proposals of an initial stock: made of a register and of registered batteries, decided on by a person.

One JSON file a proposal in `uploads/observatory/`. It holds counts, never the file that was sent. What is
accepted becomes rows of `observed_stock` among the workspace's own data, so that every run names them. One
decision is taken at a time, by whichever process; the effect, which takes seconds, is worked out before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.foundation.file_lock import held
from kitaran.observatory import disclosed, effect, joining
from kitaran.observatory.disclosed import Told
from kitaran.observatory.proposal import (
    ACCEPTED,
    NOT_STATED,
    PROPOSED,
    REJECTED,
    UNDONE,
    Proposal,
    id_of,
    not_found,
)
from kitaran.observatory.register import Register, RegisterCell
from kitaran.observatory.registered import Registered
from kitaran.observatory.standing import Standing, standings
from kitaran.reference import own_data

_ID: Final = re.compile(r"[0-9a-f]{12}")
_LATEST: Final = 2050
_LOCK: Final = ".lock"

Batteries = Callable[[str], Sequence[Registered]]
"""Registered batteries in vehicles of an economy."""


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
            id_of(economy, year, title, publisher, cells),
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
        worked_out = self._with_effect(made)
        with self._alone():
            known = self._find(made.id)
            return known if known is not None and known.state == ACCEPTED else self._keep(worked_out)

    def get(self, proposal_id: str) -> Proposal:
        """A proposal; the effect of one that waits is worked out anew if the figures have changed.

        Raises NotFoundError if there is none of this id.
        """
        found = self._known(proposal_id)
        if found.state != PROPOSED or found.effect.get("figures") == effect.state_of(self.overrides):
            return found
        worked_out = self._with_effect(found).effect
        with self._alone():
            found = self._known(proposal_id)
            return self._keep(replace(found, effect=worked_out)) if found.state == PROPOSED else found

    def all(self) -> tuple[Proposal, ...]:
        """Every proposal, the newest first."""
        files = self.folder.glob("*.json") if self.folder.is_dir() else ()
        found = [self._find(file.stem) for file in files if _ID.fullmatch(file.stem)]
        return tuple(
            sorted((one for one in found if one), key=lambda one: (one.made_at, one.id), reverse=True)
        )

    def standings(self) -> dict[str, Standing]:
        """Of each accepted proposal, by id: for which classes it holds, and what has replaced it."""
        return standings(self.all())

    def accept(self, proposal_id: str, by: str = "") -> Proposal:
        """Let the next runs start from it. Accepting it twice changes nothing."""
        self.get(proposal_id)
        with self._alone():
            found = self._known(proposal_id)
            if found.state == ACCEPTED:
                return found
            decided = replace(found, state=ACCEPTED, decided_at=stamp(), decided_by=by)
            own_data.accept(self.overrides, decided.upload)
            return self._keep(decided)

    def reject(self, proposal_id: str, by: str = "") -> Proposal:
        """Do not use it. InputError if it is in use."""
        with self._alone():
            found = self._known(proposal_id)
            if found.state == ACCEPTED:
                remedy = "Undo it: kitaran observatory undo."
                raise InputError("This proposal is in use.", f"proposal {proposal_id}", remedy)
            return self._keep(replace(found, state=REJECTED, decided_at=stamp(), decided_by=by))

    def undo(self, proposal_id: str, by: str = "") -> Proposal:
        """Take an accepted proposal out: results are those of before. InputError if it is not in use."""
        with self._alone():
            found = self._known(proposal_id)
            if found.state != ACCEPTED:
                remedy = "List those in use."
                raise InputError("This proposal is not in use.", f"proposal {proposal_id}", remedy)
            with suppress(NotFoundError):  # a run cut short here before has taken it out already
                own_data.remove(self.overrides, found.id)
            return self._keep(replace(found, state=UNDONE, decided_at=stamp(), decided_by=by))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else decides meanwhile, in this process or another."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / _LOCK).open("ab")
        except OSError as error:
            raise explain(error, self.folder) from error
        with lock, held(lock):
            yield

    def _told(self, economy: str) -> Told:
        kept = self.folder / f"registry-{economy}.json"
        with self._alone():
            return disclosed.fixed(kept, self.batteries(economy), now().date())

    def _with_effect(self, made: Proposal) -> Proposal:
        told = effect.effect_of(made.upload, made.economy, self.overrides, self.samples)
        return replace(made, effect=told)

    def _keep(self, made: Proposal) -> Proposal:
        text = json.dumps(asdict(made), ensure_ascii=False, indent=1)
        write_whole(self.folder / f"{made.id}.json", text.encode())
        return made

    def _known(self, proposal_id: str) -> Proposal:
        found = self._find(proposal_id)
        if found is None:
            raise not_found(proposal_id)
        return found

    def _find(self, proposal_id: str) -> Proposal | None:
        path = self.folder / f"{proposal_id}.json"
        if not _ID.fullmatch(proposal_id) or not path.is_file():
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        kept["cells"] = tuple(RegisterCell(**cell) for cell in kept["cells"])
        kept["not_read"] = tuple(kept["not_read"])
        return Proposal(**kept)


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
