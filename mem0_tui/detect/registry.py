"""Which detectors there are, in the order in which they work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mem0_tui.detect.detector import Detector
from mem0_tui.detect.instructions.detector import InstructionDetector
from mem0_tui.detect.noise.detector import NoiseDetector
from mem0_tui.detect.paraphrases.detector import ParaphraseDetector
from mem0_tui.detect.paraphrases.vectors import Vectors
from mem0_tui.detect.repeats.detector import RepeatDetector
from mem0_tui.detect.secrets import SecretDetector
from mem0_tui.detect.stale import Repositories, StaleDetector
from mem0_tui.detect.unused import UnusedDetector, UseRecords


def make_detectors(
    today: date,
    repositories: Repositories | None = None,
    records: UseRecords | None = None,
    vectors: Vectors | None = None,
) -> Sequence[Detector]:
    """One of each, new; *today* (UTC) is the day that they judge by, *repositories* what compares
    memories with repositories, *records* what knows which of them Codex was given, and *vectors*
    where the vectors of their texts are."""
    return (
        RepeatDetector(),
        SecretDetector(),
        InstructionDetector(),
        NoiseDetector(),
        StaleDetector(today, repositories),
        UnusedDetector(today, records),
        ParaphraseDetector(vectors),
    )
