"""A lock says that a living process is at work; who only asks is not taken for one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mem0_tui.store.sqlite.lock import FileLock, is_held


def test_a_lock_is_held_by_one_and_its_file_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "one"
    first, second = FileLock(path), FileLock(path)
    assert not is_held(path)
    assert first.acquire()
    assert is_held(path)
    assert not second.acquire()
    first.release()
    assert not path.exists()
    assert second.acquire()
    second.release()


def test_a_file_that_a_dead_process_left_is_not_held_and_stays_for_its_next_holder(
    tmp_path: Path,
) -> None:
    path = tmp_path / "one"
    path.touch()
    assert not is_held(path)
    assert FileLock(path).acquire()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared locks")
def test_two_who_ask_at_once_do_not_take_each_other_for_a_holder(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "one"
    asking = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(asking, fcntl.LOCK_SH)
    assert not is_held(path)
    os.close(asking)
