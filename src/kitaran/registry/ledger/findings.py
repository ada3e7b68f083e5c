"""What a verification of a stored log found."""

from __future__ import annotations

from dataclasses import dataclass, field

from kitaran.registry.ledger import merkle


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong. seq, event : of which event; None where it is no event"""

    seq: int | None
    event: str | None
    problem: str

    def __str__(self) -> str:
        return self.problem if self.seq is None else f"event {self.event} (seq {self.seq}): {self.problem}"


@dataclass
class Findings:
    """What a verification found."""

    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    checkpoints: int = 0
    cosigned: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: str, seq: int | None = None, event: str | None = None) -> None:
        self.problems.append(Problem(seq, event, problem))
