"""Which detectors there are, in the order in which they work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mem0_tui.detect.detector import Detector
from mem0_tui.detect.instructions.detector import InstructionDetector
from mem0_tui.detect.noise.detector import NoiseDetector
from mem0_tui.detect.repeats.detector import RepeatDetector
from mem0_tui.detect.secrets import SecretDetector
from mem0_tui.detect.stale import StaleDetector


def make_detectors(today: date) -> Sequence[Detector]:
    """One of each, new; *today* (UTC) is the day that they judge by."""
    return (
        RepeatDetector(),
        SecretDetector(),
        InstructionDetector(),
        NoiseDetector(),
        StaleDetector(today),
    )
