"""Measures the front matter of a SKILL.md: the fields because of which Codex skips the skill.

Asked by the app-server's ``skills/list`` about many skills of one plugin at a time. The grammar of
YAML itself, and which folders are searched, are not measured here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from scripts.codexrules.judge import Judge
from scripts.codexrules.probe import Rules

_SAMPLES: Final[Mapping[str, str]] = {
    "s": "zz",
    "b": "true",
    "i": "1",
    "f": "1.5",
    "a": "\n    - a",
    "t": "\n    a: b",
    "n": "~",
}
"""YAML for a value of each kind; ``n`` is null. Lists and tables stand in lines of their own: what
is in brackets Codex may also read as text."""
_FIELDS: Final = (
    "agent allowed-tools allowed_tools argument-hint arguments author capabilities category"
    " compatibility context dependencies description disable-model-invocation display_name enabled"
    " env hooks icon id interface keywords license mcp metadata model name path permissions policy"
    " prompt requires scope short-description short_description tags title tools type"
    " user-invocable version"
)
_INNER: Final = "author category icon id short-description short_description title version"
_LONGEST = 1 << 13
"""Characters up to which a limit is looked for."""


def skill(judge: Judge) -> Rules:
    """The rules of the fields that count; ``file`` says which there must be."""
    names = [*_FIELDS.split(), *(f"metadata.{name}" for name in _INNER.split())]
    tried = {(name, kind): _text(name, value) for name in names for kind, value in _SAMPLES.items()}
    loads = _loaded(judge, tried)
    found: Rules = {}
    for name in names:
        kinds = "".join(kind for kind in _SAMPLES if loads[name, kind])
        if len(kinds) < len(_SAMPLES):
            found[name] = {"is": kinds}
    texts = [name for name in found if "s" in found[name]["is"]]
    sizes: dict[tuple[str, object], str] = {
        **{(name, "empty"): _text(name, '""') for name in texts},
        **{(name, "missing"): _text(name, None) for name in texts},
        **{(name, n): _text(name, "x" * n) for name in texts for n in _lengths()},
    }
    loads = _loaded(judge, sizes)
    needs = [name for name in texts if not loads[name, "missing"]]
    for name in texts:
        if not loads[name, "empty"]:
            found[name]["filled"] = True
        if not loads[name, _LONGEST]:
            found[name]["longest"] = _longest(judge, name, loads)
    return {"file": {"is": "t", "needs": sorted(needs)}, **found}


def _lengths() -> list[int]:
    return [1 << power for power in range(_LONGEST.bit_length())]


def _longest(judge: Judge, name: str, loads: Mapping[Any, bool]) -> int:
    """The most characters with which the skill still loads: all lengths between two powers."""
    most = max(n for n in _lengths() if loads[name, n])
    tried = {n: _text(name, "x" * n) for n in range(most, 2 * most)}
    taken = _loaded(judge, tried)
    return max(n for n in tried if taken[n])


def _text(name: str, value: str | None) -> str:
    """A SKILL.md in which the field *name* is *value*; None leaves it out."""
    fields = {"name": "any", "description": "any", name: value}
    lines = [f"{key}: {found}" for key, found in fields.items() if found is not None]
    if "." in name and value is not None:
        parent, _, inner = name.partition(".")
        lines[-1] = f"{parent}:\n  {inner}: {value}"
    return "\n".join(("---", *lines, "---", "text", ""))


def _loaded(judge: Judge, texts: Mapping[Any, str]) -> dict[Any, bool]:
    """Which of the skills *texts* Codex loads."""
    home = judge.home()
    root = home / "plugins/cache/place/many/1.0.0"
    (root / ".codex-plugin").mkdir(parents=True)
    (root / ".codex-plugin/plugin.json").write_text(json.dumps({"name": "many"}))
    for number, text in enumerate(texts.values()):
        folder = root / "skills" / f"s{number}"
        folder.mkdir(parents=True)
        (folder / "SKILL.md").write_text(text)
    (home / "config.toml").write_text('[plugins."many@place"]\nenabled = true\n')
    with judge.session(home) as session:
        data = session.ask("skills/list", {"cwds": [str(home)]})["data"][0]
    found = {os.path.basename(os.path.dirname(one["path"])) for one in data["skills"]}
    return {key: f"s{number}" in found for number, key in enumerate(texts)}
