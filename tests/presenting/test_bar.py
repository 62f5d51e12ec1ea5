"""Shares and numbers in cells: whatever is more than nothing is seen, in ASCII too."""

from __future__ import annotations

from mem0_tui.presenting.bar import bar, height, shade


def test_bars() -> None:
    assert bar(1, 4) == "████"
    assert bar(0, 4) == ""
    assert bar(0.001, 4) == "▏"
    assert bar(0.5, 3) == "█▌"
    assert bar(0.5, 3, plain=True) == "##"
    assert bar(0.001, 4, plain=True) == "#"
    assert bar(0, 4, plain=True) == ""


def test_heights() -> None:
    assert "".join(height(n, 8) for n in range(9)) == "·▁▂▃▄▅▆▇█"
    assert height(1, 10_000) == "▁"
    assert height(3, 3) == "█"
    plain = [height(n, 8, plain=True) for n in range(9)]
    assert len(set(plain)) == 9
    assert "".join(plain).isascii()


def test_shades_tell_five_levels_apart_without_colour() -> None:
    for plain in (False, True):
        signs = [shade(level, plain=plain) for level in range(5)]
        assert len(set(signs)) == 5
        assert "".join(signs).isascii() is plain
