"""Latin hypercube samples by name: each uncertain input owns a stream that depends on its name and the seed.

Because no input's stream depends on which other inputs exist, one economy alone gives the samples that it
gives in a run of the region, and two scenarios differ only by what differs between them (common random
numbers).
Source: McKay, Beckman and Conover (1979), Technometrics 21(2).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sampler:
    """Draws of named inputs.

    samples : how many draws; seed : the same seed gives the same draws
    """

    samples: int
    seed: int

    def uniform(self, name: str) -> Array:
        """(sample,) one draw from each of `samples` equal slices of (0, 1), in random order."""
        digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        random = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
        return (random.permutation(self.samples) + random.random(self.samples)) / self.samples

    def normal(self, name: str) -> Array:
        """(sample,) standard normal draws, stratified."""
        score: Array = special.ndtri(self.uniform(name))
        return score

    def correlated(self, shared: str, own: str, correlation: float) -> Array:
        """(sample,) standard normal draws of `own` that correlate with those of `shared`.

        z = sqrt(r) z_shared + sqrt(1 - r) z_own: any two economies with the same `shared` correlate by r.
        """
        z: Array = np.sqrt(correlation) * self.normal(shared) + np.sqrt(1.0 - correlation) * self.normal(own)
        return z
