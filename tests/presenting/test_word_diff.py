"""What an edit changes, word by word: on one line, and on as many as the texts have."""

from __future__ import annotations

import io

import pytest

from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.model.secret import redact
from mem0_tui.presenting.masking import SHOWN_WHOLE, Masking
from mem0_tui.presenting.spans import texts
from mem0_tui.presenting.word_diff import diff_line, diff_lines

OLD_KEY, NEW_KEY = "sk-proj-" + "a1B2" * 9 + "same", "sk-proj-" + "c3D4" * 9 + "same"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("use HS256 keys", "use RS256 keys", "use [-HS256-]{+RS256+} keys"),
        ("one two", "one", "one[- two-]"),
        ("", "new", "{+new+}"),
        ("same", "same", "same"),
        ("the key pair is old", "a lock set is old", "[-the key pair-]{+a lock set+} is old"),
        ("a\nb", "a\x1bb", "a[- ⏎ -]{+␛+}b"),
        ("two\n  lines", "two\n  rows", "two ⏎ [-lines-]{+rows+}"),
    ],
)
def test_on_one_line(before: str, after: str, shown: str) -> None:
    assert diff_line(before, after).text == shown


def test_a_diff_has_the_lines_of_its_texts() -> None:
    lines = diff_lines("one\ntwo HS256", "one\ntwo RS256")
    assert texts(lines) == ["one", "two [-HS256-]{+RS256+}"]
    assert [span for span in lines[1].spans if span[1]] == [
        ("[-HS256-]", "removed"),
        ("{+RS256+}", "added"),
    ]


@pytest.mark.parametrize("several_lines", [False, True])
def test_where_only_what_is_masked_differs_that_is_said(several_lines: bool) -> None:
    masking = Masking(redact, "--show-secrets shows it")
    old, new = f"key {OLD_KEY}", f"key {NEW_KEY}"
    lines = diff_lines(old, new, masking) if several_lines else [diff_line(old, new, masking)]
    said = " ".join(texts(lines))
    assert "(what differs is masked: --show-secrets shows it)" in said
    assert OLD_KEY not in said
    assert NEW_KEY not in said
    assert NEW_KEY.removeprefix("sk-proj-") in diff_line(old, new, SHOWN_WHOLE).text


def test_the_command_line_paints_the_roles() -> None:
    line = diff_line("use HS256", "use RS256")
    plain = Output(io.StringIO(), io.StringIO())
    assert paint(plain, line) == line.text
    colored = Output(io.StringIO(), io.StringIO(), color=True)
    assert paint(colored, line) == "use \x1b[31m[-HS256-]\x1b[0m\x1b[32m{+RS256+}\x1b[0m"
    assert paint(colored, line, note=True) == line.text
