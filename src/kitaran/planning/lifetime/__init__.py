"""How a battery ages: stressors, ageing models and the two methods that step them.

    >>> from kitaran.planning import lifetime
    >>> life = lifetime.simulate("lfp_gr_250ah", time_s, soc, temperature_c, years=10)   # doctest: +SKIP
    >>> life.soh[0, -1]                                                                  # doctest: +SKIP

Arrays in, arrays out; lives are the first axis of a result, days the last. State of health is a fraction of
the capacity at the model's start.
"""

from kitaran.planning.lifetime.catalogue import AgeingModel, ageing_model, catalogue
from kitaran.planning.lifetime.profile import Profile, read_profile
from kitaran.planning.lifetime.simulation import Life, simulate, simulate_windows
from kitaran.planning.lifetime.stressors import Windows, windows
from kitaran.planning.lifetime.tested_range import OutsideTestedRange, outside_tested_range

__all__ = [
    "AgeingModel",
    "Life",
    "OutsideTestedRange",
    "Profile",
    "Windows",
    "ageing_model",
    "catalogue",
    "outside_tested_range",
    "read_profile",
    "simulate",
    "simulate_windows",
    "windows",
]
