"""Columns of a file of tests, as read, as in the blank file and as on the printed sheet."""

from __future__ import annotations

from dataclasses import dataclass

from kitaran.registry.triage.features import VOLTAGES

VOLTAGE_COLUMNS = tuple(f"U{number}" for number in range(1, VOLTAGES + 1))
PULSES_C = (0.5, -0.5, 1.0, -1.0, 1.5)
"""Currents of the five pulses over nominal capacity [1/h], charge positive; Tao et al. (2024)."""
SEEN = ("swollen", "leaked", "vented", "water", "crash")


@dataclass(frozen=True)
class Column:
    """name : in the file; unit : empty for words and for yes or no; meaning : for who fills it"""

    name: str
    unit: str
    meaning: str


LABEL = (
    Column("id", "", "your name for the battery"),
    Column("chemistry", "", "what the label says, for example LFP or NMC"),
    Column("q_nominal_ah", "Ah", "nominal capacity"),
    Column("nominal_v", "V", "nominal voltage; empty for a single cell"),
)
SAFETY = (
    Column("swollen", "", "the case bulges"),
    Column("leaked", "", "liquid, crystals or a sweet smell of solvent"),
    Column("vented", "", "soot, a burst vent, burnt marks"),
    Column("water", "", "flooded, wet inside, rust"),
    Column("crash", "", "from a crash, dropped or dented"),
    Column("undiagnosable", "", "its electronics do not answer, or nobody can tell its state"),
)
MEASURED = (
    Column("insulation_mohm", "megohm", "each pole against the case"),
    Column("spread_mv", "mV", "highest less lowest cell at rest"),
    Column("capacity_test_ah", "Ah", "full discharge from full"),
)
PULSE = (
    Column("pulse_s", "s", "length of a pulse"),
    Column("soc_pct", "%", "ampere-hours in it over nominal, if they were counted from empty"),
    *(
        Column(name, "V", f"voltage {number} of the pulse test")
        for number, name in enumerate(VOLTAGE_COLUMNS, 1)
    ),
)
COLUMNS = (*LABEL, *SAFETY, *MEASURED, *PULSE)
ANSWERS = {
    **dict.fromkeys(("1", "1.0", "yes", "y", "true", "t"), 1.0),
    **dict.fromkeys(("0", "0.0", "no", "n", "false", "f"), 0.0),
}
"""Words for yes and no, in small letters."""
NOT_GIVEN = frozenset(("", "-", "na", "n/a", "nan", "none", "null"))
"""Words for an empty cell, in small letters, where a number or an answer is asked for."""
