"""Many texts together weigh what each of them weighs alone."""

from __future__ import annotations

from mem0_tui.detect.repeats.weights import Weights

TEXTS = [
    "The staging API listens on port 8443.",
    "Reminder: deploys go out on Thursdays (confirmed)",
    "",
    "Die Rechnungen werden je Zeile gerundet — Größe zählt",
    "the user said that 日本語 is welcome",
    "a\x01b, c\td",
    f"hash {'x' * 47} {'x' * 48} {'x' * 49} {'x' * 5000}",
    " ".join(f"word{number}" for number in range(9_000)),
    " ".join(f"word{number}" for number in range(9_000, 7_000, -1)),
    "  blanks   at both ends  ",
]


def test_texts_together_weigh_what_each_weighs_alone() -> None:
    weights = Weights()
    for _ in range(2):  # once for words that are met for the first time, once for known ones
        flat, lengths = weights.of(TEXTS)
        alone = [Weights().alone(text) for text in TEXTS]
        assert lengths.tolist() == [len(each) for each in alone]
        assert flat.tolist() == [weight for each in alone for weight in each]
