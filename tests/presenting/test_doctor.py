"""A status has one sign and one word, in the doctor's report and on the screen."""

from __future__ import annotations

import pytest

from mem0_tui.cli.rendering.doctor import Style
from mem0_tui.codex.report import Status
from mem0_tui.presenting.doctor import safe, status_sign


@pytest.mark.parametrize(
    ("status", "sign"),
    [
        (Status.OK, "✓ ok"),
        (Status.INFO, "i note"),
        (Status.WARN, "! warning"),
        (Status.FAIL, "✗ broken"),
        (Status.OFF, "· off"),
    ],
)
def test_a_status_has_one_sign_and_word(status: Status, sign: str) -> None:
    assert status_sign(status) == (sign, status.value)
    mark = Style(width=100, colour=False).mark(status)
    assert mark.rstrip() == sign
    assert len(mark) == len("! warning"), "all begin their titles in one column"


def test_what_comes_from_a_file_is_safe_to_show() -> None:
    key = "m0-" + "a1B2" * 9
    said = safe(f"/home/kim/.codex/config.toml\x1b[2J has {key}", "/home/kim")
    assert said.startswith("~/.codex/config.toml␛[2J has m0-…")
    assert key not in said
