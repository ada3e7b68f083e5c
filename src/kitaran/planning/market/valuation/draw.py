"""Reading figures at scores, and remembering which figures a value rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.figures import Array, Figure, Scores
from kitaran.planning.processes import Place


@dataclass(frozen=True)
class Draw:
    """A book read at scores; `used` holds every figure that was read, by name."""

    book: Book
    scores: Scores
    used: dict[str, Figure] = field(default_factory=dict)
    _kept: dict[tuple[str, str], Array] = field(default_factory=dict, repr=False)

    def again(self) -> Draw:
        """The same draws for other batteries, with nothing read yet."""
        return replace(self, used={})

    def of(self, figure: Figure) -> Array:
        """(column,) values of a figure."""
        self.used[figure.name] = figure
        key = (figure.name, figure.row)
        if key not in self._kept:
            self._kept[key] = figure.at(self.scores.of(figure.name))
        return self._kept[key]

    def assumption(self, name: str, part: str) -> Array:
        return self.of(self.book.assumption(name, part))

    def line(self, parameter: str, group: str = "repurposing", part: str = "work") -> Array:
        return self.of(self.book.line(parameter, group, part))

    def place(self, economy: str, part: str, parameters: tuple[str, ...]) -> Place:
        """A place whose named parameters are drawn, (column,); the others stand at their values."""
        here = self.book.place(economy)
        drawn = {}
        for each in here.figures:
            if each.parameter in parameters:
                drawn[each.parameter] = self.of(
                    Figure(
                        name=f"{each.parameter}/{economy}",
                        value=each.value,
                        low=min(each.low, each.value),
                        high=max(each.high, each.value),
                        unit=each.unit,
                        part=part,
                        grade=each.grade,
                        row=each.row,
                        source=each.source,
                        date=str(each.year or ""),
                        note=each.note,
                        proxy_for=each.proxy_for,
                    )
                )
        return here.with_parameters({name: np.asarray(value) for name, value in drawn.items()})
