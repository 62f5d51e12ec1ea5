"""Which vectors are near each other does not depend on the way they came."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from mem0_tui.detect.paraphrases import cloud
from mem0_tui.detect.paraphrases.cloud import MOST_NEAR, Cloud
from mem0_tui.store.search.vectors import Float, pack

COUNT = 240


def exhaust(of: Cloud) -> Cloud:
    for _ in of.work():
        pass
    return of


def filled(vectors: dict[int, bytes]) -> Cloud:
    made = Cloud()
    for number, packed in vectors.items():
        made.add(number, packed)
    return exhaust(made)


def units(vectors: Float) -> list[bytes]:
    return pack(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def vectors() -> list[bytes]:
    """Some alone, some in pairs, and three crowds."""
    random = np.random.default_rng(7)
    alone = random.normal(size=(COUNT // 3, 384)).astype(np.float32)
    beside = alone + 0.6 * random.normal(size=alone.shape).astype(np.float32)
    crowds = np.repeat(alone[:3], COUNT // 9, axis=0)
    crowds = crowds + 0.3 * random.normal(size=crowds.shape).astype(np.float32)
    return units(np.concatenate([alone, beside, crowds]))


@pytest.mark.parametrize(
    ("compared", "full"),
    [(10_000, 10_000), (40, 10_000), (40, 20), (118, 10_000)],
    ids=["each with each", "by buckets", "some buckets too full", "now this way, now that"],
)
def test_coming_and_going_equals_a_fresh_run(
    vectors: list[bytes], monkeypatch: pytest.MonkeyPatch, compared: int, full: int
) -> None:
    monkeypatch.setattr(cloud, "_ALL_COMPARED", compared)
    monkeypatch.setattr(cloud, "_FULL", full)
    random, lived, there = Random(compared + full), Cloud(), set(range(0, len(vectors), 2))
    for number in sorted(there, key=lambda _: random.random()):
        lived.add(number, vectors[number])
    exhaust(lived)
    for step in range(400):
        number = random.randrange(len(vectors))
        if number in there:
            there.discard(number)
            lived.remove(number)
        else:
            there.add(number)
            lived.add(number, vectors[number])
        if step % 3 == 0:
            exhaust(lived)
        elif step % 7 == 0:
            next(lived.work(), None)
    fresh = filled({number: vectors[number] for number in sorted(there)})
    assert fresh.near
    assert exhaust(lived).near == fresh.near


def test_what_has_too_many_near_ones_is_left_out_until_they_go() -> None:
    random = np.random.default_rng(3)
    one = random.normal(size=384)
    many = units((one + 0.2 * random.normal(size=(MOST_NEAR + 2, 384))).astype(np.float32))
    made = filled(dict(enumerate(many)))
    assert not made.near
    made.remove(0)
    assert len(exhaust(made).near) == MOST_NEAR + 1


def test_most_near_vectors_share_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud, "_ALL_COMPARED", 100)
    random = np.random.default_rng(5)
    one = random.normal(size=(500, 384)).astype(np.float32)
    other = one + 0.75 * random.normal(size=one.shape).astype(np.float32)  # a cosine of 0.8
    made = filled(dict(enumerate(units(np.concatenate([one, other])))))
    assert sum(number + 500 in made.near.get(number, ()) for number in range(500)) >= 0.8 * 500
