"""What a plant receives: components per kg, cathode material by chemistry, and the elements in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.figures import CATHODE, PVDF, SALT, Figures

CATHODE_METALS = ("Co", "Ni", "Mn")
Masses = Mapping[str, Array]


@dataclass(frozen=True)
class Feed:
    """Mass fractions of one feed, each (sample,) [kg/kg].

    components : by component
    cathode    : by chemistry; their sum is the active cathode material
    """

    components: Masses
    cathode: Masses

    def part(self, name: str) -> Array:
        return self.components.get(name, np.float64(0.0) * self.components[CATHODE])

    def sum(self, names: Sequence[str]) -> Array:
        """Mass of several components together."""
        return np.asarray(sum((self.part(name) for name in names), np.float64(0.0)), np.float64)


def pure(components: Masses, chemistry: str) -> Feed:
    """A feed of one chemistry."""
    return Feed(components, {chemistry: components[CATHODE]})


def mixed(feeds: Sequence[Feed], shares: Sequence[Array]) -> Feed:
    """Feeds averaged by mass; cathode materials stay apart by chemistry.

    shares : one (sample,) a feed, adding up to 1
    """
    components: dict[str, Array] = {}
    cathode: dict[str, Array] = {}
    for feed, share in zip(feeds, shares, strict=True):
        for into, parts in ((components, feed.components), (cathode, feed.cathode)):
            for name, fraction in parts.items():
                into[name] = into.get(name, np.float64(0.0)) + share * fraction
    return Feed(components, cathode)


def elements(feed: Feed, figures: Figures) -> dict[str, Array]:
    """Elements per kg of feed: Li (cathode and salt), Co, Ni, Mn (cathode), F (salt and PVDF), P (salt), Cu.

    Each (sample,) [kg/kg]. Iron and phosphorus of LFP are not recovered by any route and not followed.
    """
    salt = feed.part(SALT)
    found = {"Cu": feed.part("Copper")}
    for element in ("Li", *CATHODE_METALS):
        found[element] = np.asarray(
            sum(
                (fraction * figures.element[name, element] for name, fraction in feed.cathode.items()),
                np.float64(0.0),
            ),
            np.float64,
        )
    found["Li"] = found["Li"] + salt * figures.element["LiPF6", "Li"]
    f_in_pvdf = figures.parameter["constant"]["F_in_PVDF"]
    found["F"] = salt * figures.element["LiPF6", "F"] + feed.part(PVDF) * f_in_pvdf
    found["P"] = salt * figures.element["LiPF6", "P"]
    return found


def drivers(feed: Feed, figures: Figures) -> dict[str, Array]:
    """Everything per kg of which a reagent, a utility, a yield or a duty may be given."""
    one = np.ones_like(feed.components[CATHODE])
    return {"feed": one, **feed.components, **elements(feed, figures)}
