"""What was read is let go of when nobody needs it any more."""

from __future__ import annotations

import gc
import weakref

import pytest

from mem0_tui.detect.repeats.reading import read


@pytest.mark.parametrize("text", ["Feature flags expire.", "Good to know: feature flags expire."])
def test_a_text_that_was_read_is_no_garbage_to_be_looked_for(text: str) -> None:
    """A scan reads thousands, and a look for garbage holds every thread."""
    gc.disable()
    try:
        held = weakref.ref(read(text))
        assert read(text).plain.keys
        read.cache_clear()
        assert held() is None
    finally:
        gc.enable()
