"""What the real Codex takes of front matter that is put together at random is what we say loads."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mem0_tui.codex.facts.skills import read_skills
from mem0_tui.codex.rules import load, versions
from tests.codex.appserver import app_server
from tests.codex.homes import Home
from tests.codex.lookalike import write_json
from tests.codex.test_against_codex import real_home

pytestmark = [pytest.mark.codex, pytest.mark.slow]

PIECES = (
    *("a", "b c", ": ", ":", " #", "#", '"', "'", "[", "]", "{", "}", ",", "- ", "-", "?"),
    *("&x", "*x", "!t ", "!t", "|", ">", "%", "@", "`", "\\", "\\n", " ", "x: y", "a:b", "~"),
    *("null", "12", "é", "it's", 'say "hi"', "--- ", "...", "=", "<b>", "|-", ">2", "\t"),
)
NAMES = ("name", "description", "metadata", "license", '"q"', "a b")
NESTED = ("k: v", "- a", "- a: b", "- [a]", "# c", "", "  ", "- - a", "k:")


def _value(draw: random.Random) -> str:
    return "".join(draw.choice(PIECES) for _ in range(draw.randint(0, 5)))


def _line(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.6:
        return draw.choice(NAMES) + draw.choice((": ", ":", " : ", ":  ")) + _value(draw)
    text = _value(draw) if kind < 0.8 else draw.choice(NESTED)
    return " " * draw.randint(0, 4) + text


def front_matters(seed: int, count: int) -> Iterator[str]:
    """*count* files, most of them with a name and a description that are nearly YAML."""
    draw = random.Random(seed)
    for _ in range(count):
        lines = [f"name: {_value(draw) if draw.random() < 0.2 else 'skill'}"]
        lines.append(f"description: {_value(draw) if draw.random() < 0.7 else 'd'}")
        lines += [_line(draw) for _ in range(draw.choice((0, 0, 1, 2, 3)))]
        yield "\n".join(("---", *lines, "---", "text", ""))


def test_codex_loads_the_skills_that_are_said_to_load(tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    root = home.codex_home / "plugins/cache/place/many/1.0.0"
    write_json(root / ".codex-plugin/plugin.json", {"name": "many"})
    texts = dict(enumerate(front_matters(2, 1500)))
    for number, text in texts.items():
        path = root / "skills" / f"s{number}" / "SKILL.md"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    home.write_config('[plugins."many@place"]\nenabled = true\n')

    found = read_skills([str(root / "skills")], load(versions()[-1])).found
    ours = {os.path.dirname(skill.spot.path) for skill in found if skill.loads}
    theirs = _loaded(home)

    assert len(theirs) > 300
    assert {Path(p).name: texts[int(Path(p).name[1:])] for p in ours ^ theirs} == {}


def _loaded(home: Home) -> set[str]:
    with app_server(home) as server:
        said = server.ask("skills/list", {"cwds": [str(home.cwd)]})["result"]["data"][0]
    return {os.path.dirname(s["path"]) for s in said["skills"] if s.get("pluginId")}
