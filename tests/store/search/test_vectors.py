"""Stored vectors keep direction and length; the index answers exactly, whatever its history."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mem0_tui.model.errors import StoreCorruptError
from mem0_tui.store.search.vectors import BYTES, DIMENSIONS, VectorIndex, pack, unpack

Float = NDArray[np.float32]


def unit_vectors(count: int, seed: int = 0) -> Float:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def test_a_stored_vector_is_388_bytes_and_keeps_direction_and_length() -> None:
    vectors = unit_vectors(500)
    blobs = pack(vectors)
    assert {len(blob) for blob in blobs} == {BYTES} == {388}
    restored = unpack(blobs)
    assert restored.dtype == np.float32
    assert np.einsum("ij,ij->i", restored, vectors).min() > 0.9999
    assert np.linalg.norm(restored, axis=1) == pytest.approx(1, abs=1e-6)


def test_storing_again_what_was_read_changes_nothing() -> None:
    once = unpack(pack(unit_vectors(50)))
    assert np.abs(unpack(pack(once)) - once).max() < 1e-6


def test_a_zero_vector_stays_zero() -> None:
    assert not unpack(pack(np.zeros((2, DIMENSIONS), dtype=np.float32))).any()


def test_no_vectors_are_no_problem() -> None:
    assert pack(np.empty((0, DIMENSIONS), dtype=np.float32)) == []
    assert unpack([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("damaged", [b"", b"\0" * 387, b"\0" * 776])
def test_a_damaged_vector_is_refused(damaged: bytes) -> None:
    with pytest.raises(StoreCorruptError, match=f"{len(damaged)} bytes"):
        unpack([*pack(unit_vectors(1)), damaged])


def test_an_empty_index_has_no_scores() -> None:
    rowids, cosines = VectorIndex().scores(unit_vectors(1)[0])
    assert len(rowids) == len(cosines) == 0


def test_scores_are_the_cosines_of_every_row_across_blocks() -> None:
    vectors = unit_vectors(5_000)
    index = VectorIndex()
    index.add(range(10, 5_010), vectors)
    rowids, cosines = index.scores(vectors[4_321])
    assert sorted(rowids) == list(range(10, 5_010))
    assert rowids[cosines.argmax()] == 4_331
    assert cosines == pytest.approx(vectors[rowids - 10] @ vectors[4_321], abs=1e-6)


def test_adding_a_rowid_again_replaces_its_vector() -> None:
    first, second = unit_vectors(2)
    index = VectorIndex()
    index.add([7], first[None])
    index.add([7], second[None])
    assert len(index) == 1
    found = index.vector(7)
    assert found is not None
    assert (found == second).all()


def test_what_scores_returned_does_not_change_afterwards() -> None:
    vectors = unit_vectors(2)
    index = VectorIndex()
    index.add([1, 2], vectors)
    rowids, cosines = index.scores(vectors[0])
    before = (rowids.tolist(), cosines.tolist())
    index.remove([1])
    index.add([3], vectors[1:])
    assert (rowids.tolist(), cosines.tolist()) == before


def test_vectors_and_rowids_must_match() -> None:
    with pytest.raises(ValueError, match="3 rowids"):
        VectorIndex().add([1, 2, 3], unit_vectors(2))


changes = st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 30), unique=True, max_size=8)))


@given(changes)
@settings(deadline=None, max_examples=100)
def test_after_any_history_the_index_holds_what_a_dict_would(
    history: list[tuple[bool, list[int]]],
) -> None:
    pool = unit_vectors(31)
    index, expected = VectorIndex(), dict[int, Float]()
    for step, (adding, rowids) in enumerate(history):
        if adding:
            vectors = np.roll(pool, step, axis=0)[rowids].reshape(-1, DIMENSIONS)
            index.add(rowids, vectors)
            expected.update(zip(rowids, vectors, strict=True))
        else:
            index.remove(rowids)
            for rowid in rowids:
                expected.pop(rowid, None)
    assert len(index) == len(expected)
    assert sorted(index.scores(pool[0])[0]) == sorted(expected)
    for rowid in range(31):
        found, wanted = index.vector(rowid), expected.get(rowid)
        assert (found is None) == (wanted is None) == (rowid not in index)
        if found is not None and wanted is not None:
            assert (found == wanted).all()


def test_readers_see_whole_rows_while_one_writer_works() -> None:
    """Every vector points the same way, so a torn or misplaced row would show in its cosine."""
    direction = unit_vectors(1)[0]
    index = VectorIndex()
    wrong: list[float] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            rowids, cosines = index.scores(direction)
            if len(rowids) != len(cosines) or not np.allclose(cosines, 1, atol=1e-5):
                wrong.extend(cosines.tolist())

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for start in range(0, 6_000, 500):
        index.add(range(start, start + 500), np.tile(direction, (500, 1)))
        index.remove(range(start, start + 500, 3))
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(index) == 6_000 - 12 * 167
