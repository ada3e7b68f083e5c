"""What a used battery is fit for: safety first, then health from a short test, then the route.

Names are loaded when they are first asked for: the registry knows the events of triage without the models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kitaran.registry.triage.grading import Grading, grade
    from kitaran.registry.triage.health import Health, estimate, health_model
    from kitaran.registry.triage.pulse_tests import PulseTests, read_pulse_tests

__all__ = ["Grading", "Health", "PulseTests", "estimate", "grade", "health_model", "read_pulse_tests"]
_HOME = {
    "Grading": "grading",
    "grade": "grading",
    "Health": "health",
    "estimate": "health",
    "health_model": "health",
    "PulseTests": "pulse_tests",
    "read_pulse_tests": "pulse_tests",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
