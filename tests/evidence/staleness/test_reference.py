"""What is read out of a text: where it stands, and that no text takes long."""

from __future__ import annotations

from time import process_time

import pytest

from mem0_tui.evidence.staleness.reference import references_of
from mem0_tui.model.memory import Memory


def names(text: str) -> list[tuple[str, str]]:
    found = references_of(Memory("m", text))
    for each in found:
        assert each.name.endswith(text[each.start : each.end].strip("./").rpartition("/")[2])
    return [(each.kind.value, each.name) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See `src/app.py`, then **docs/guide.md**.", ["src/app.py", "docs/guide.md"]),
        ("(src/app.py:12) and src/b.py::test_it!", ["src/app.py", "src/b.py"]),
        ("Is it src/app.py?", ["src/app.py"]),
        ("It calls app.run() in v1.2.3 of Node", []),
        ("Run tests/smoke.sh; ask kim@example.org or docs.rs/x", ["tests/smoke.sh", "docs.rs/x"]),
        ("At example.com/src/app.py and https://x.org/src/app.py", []),
        ("src/*.py, docs/**/*.md, ~/a/b.py, $X/a.py, ../up.py, C:\\a\\b.py", []),
        ("Keep .editorconfig and ./setup.cfg", [".editorconfig", "setup.cfg"]),
    ],
)
def test_paths(text: str, expected: list[str]) -> None:
    assert [name for _, name in names(text)] == expected


def test_commits() -> None:
    assert names("Since 1a2b3c4d, or commit 1234567; not 12345678, deadbee or #1a2b3c4") == [
        ("commit", "1a2b3c4d"), ("commit", "1234567"),
    ]  # fmt: skip


def test_only_the_sentence_of_a_path_tells_that_it_is_past() -> None:
    text = "We removed a/b.py. Look at c/d.py first\nrenamed: e/f.py"
    past = {each.name: each.past for each in references_of(Memory("m", text))}
    assert past == {"a/b.py": True, "c/d.py": False, "e/f.py": True}


@pytest.mark.parametrize(
    "text",
    [
        "a." * 20_000, "*" * 20_000, "x:1" * 20_000, "abcdef12" * 5_000, "a-" * 20_000 + ".com",
        "_" * 40_000, "a@" * 20_000, "/" * 40_000, ("a." * 149 + " ") * 200, "used a.py " * 8_000,
        ("*a" * 149 + " ") * 200, "\\" * 40_000, ("x:1" * 99 + " ") * 200,
    ],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    start = process_time()
    assert len(references_of(Memory("m", text))) <= 64
    assert process_time() - start < 1
