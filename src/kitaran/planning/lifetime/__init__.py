"""How a battery ages: climate, duty, pack heat, ageing models, fleets, and the life that is left.

    >>> from kitaran.planning import lifetime
    >>> life = lifetime.simulate("lfp_gr_250ah", time_s, soc, temperature_c, years=10)   # doctest: +SKIP
    >>> life.soh[0, -1]                                                                  # doctest: +SKIP

Arrays in, arrays out; lives are the first axis of a result, days the last. State of health is a fraction of
the capacity at the model's start.
"""

from kitaran.planning.lifetime.annual import AnnualRates, annual_rates
from kitaran.planning.lifetime.band import Band, soh_band
from kitaran.planning.lifetime.catalogue import AgeingModel, ageing_model, catalogue
from kitaran.planning.lifetime.chemistry import Ensemble, ensemble, has_model
from kitaran.planning.lifetime.comparison import capitals, compare
from kitaran.planning.lifetime.fleet_method import simulate_fleet
from kitaran.planning.lifetime.next_life import NextLife, next_life
from kitaran.planning.lifetime.outlook import Outlook, PlaceLife, Span, outlook
from kitaran.planning.lifetime.profile import Profile, read_profile
from kitaran.planning.lifetime.question import Question
from kitaran.planning.lifetime.remaining import Course, Remaining, courses, remaining_life
from kitaran.planning.lifetime.retirement import Retirement, retire_cohort
from kitaran.planning.lifetime.second_life import TwoLives, two_lives
from kitaran.planning.lifetime.setting import Setting, setting
from kitaran.planning.lifetime.simulation import Life, simulate, simulate_windows
from kitaran.planning.lifetime.stressors import Windows, windows
from kitaran.planning.lifetime.tested_range import OutsideTestedRange, outside_tested_range
from kitaran.planning.lifetime.wellbeing import BeyondCapacity, beyond_capacity

__all__ = [
    "AgeingModel",
    "AnnualRates",
    "Band",
    "BeyondCapacity",
    "Course",
    "Ensemble",
    "Life",
    "NextLife",
    "Outlook",
    "OutsideTestedRange",
    "PlaceLife",
    "Profile",
    "Question",
    "Remaining",
    "Retirement",
    "Setting",
    "Span",
    "TwoLives",
    "Windows",
    "ageing_model",
    "annual_rates",
    "beyond_capacity",
    "capitals",
    "catalogue",
    "compare",
    "courses",
    "ensemble",
    "has_model",
    "next_life",
    "outlook",
    "outside_tested_range",
    "read_profile",
    "remaining_life",
    "retire_cohort",
    "setting",
    "simulate",
    "simulate_fleet",
    "simulate_windows",
    "soh_band",
    "two_lives",
    "windows",
]
