"""What a used battery is fit for: safety first, then health from a short test, then the route."""

from kitaran.registry.triage.grading import Grading, grade
from kitaran.registry.triage.health import Health, estimate, health_model
from kitaran.registry.triage.pulse_tests import PulseTests, read_pulse_tests

__all__ = ["Grading", "Health", "PulseTests", "estimate", "grade", "health_model", "read_pulse_tests"]
