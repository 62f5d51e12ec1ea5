"""What each version of Codex takes in its files, as measured by ``scripts/measure_codex.py``.

One JSON file a version. ``rules`` names the distinct rules; the other tables tell, for each table
of a document, which of its settings follow which rule. A rule is an object:

- ``is``: the kinds of value that are taken: ``s`` text, ``b`` boolean, ``i`` whole number, ``f``
  other number, ``d`` date, ``a`` list, ``t`` table, ``n`` null; empty where all are refused;
- ``words``: the texts that are taken; ``filled``: the text must not be empty; ``longest``: the most
  characters that it may have; ``keys``: it is a key of the keyboard, of these parts;
- ``full``: the kinds, ``a`` or ``t``, that must not be empty; ``only``: the boolean that is taken;
- ``min``, ``max``, ``above`` (more than): of numbers; ``finite``: other numbers must be finite;
- ``file``: the text names a file that must exist; ``names``: the table that it names a member of,
  or a text that begins with ``:``; ``builtin``: names that need no such member; ``reserved``: names
  that no member may have;
- ``needs``: keys that a table must have; ``closed``: it must have no unknown ones; ``one``: it has
  exactly one key, of ``words`` or ``tables``; ``open``: unknown ones are not ignored, but taken;
  ``listed``: it takes any name with the right value, and ignores those that mean nothing;
  ``former``: names from earlier that still do;
- ``with``: the setting may only stand beside one of these; ``project``, false: Codex leaves it out
  of a project's config.toml; ``default``: what holds where it is not written;
- ``unsure``: texts, or what a table may hold, have a form of their own, which is not judged here.

The documents beside ``config``: ``manifest`` (plugin.json) and ``marketplace``, where ``file``
stands for the whole object; ``skill``, the front matter of a SKILL.md; and ``hooks``, where
``file``, ``group``, ``handler``, each type of handler and each of ``events`` have their fields, and
`mem0_tui.codex.facts.hook_rules` says what else is told of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

Rule: TypeAlias = Mapping[str, Any]
Version: TypeAlias = tuple[int, int, int]

DOT = "%2e"
"""How a dot within a name is written in a dotted way."""

_FOLDER = os.path.dirname(__file__)


class Measured:
    """The rules of one version of Codex."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.version: str = data["codex"]
        self.features: Mapping[str, str] = data.get("features", {})
        """Each feature's stage and default, such as ``stable true``."""
        self._rules: Mapping[str, Rule] = data["rules"]
        self._tables: Mapping[str, Mapping[str, Mapping[str, str]]] = data["documents"]
        self._documents: dict[str, Mapping[str, Rule]] = {}

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents that were measured."""
        return tuple(self._tables)

    def document(self, name: str) -> Mapping[str, Rule]:
        """The rules of one document by dotted way, such as ``mcp_servers.*.url``.

        *name*: ``config`` (config.toml), ``marketplace``, ``manifest``, ``skill`` or ``hooks``.
        ``*`` stands for any name, ``[]`` for an item.
        """
        if name not in self._documents:
            self._documents[name] = dict(self._expanded(self._tables.get(name, {})))
        return self._documents[name]

    def rule(self, document: str, way: str) -> Rule:
        """The rule at *way*, empty where there is none."""
        return self.document(document).get(way, {})

    def words(self, document: str, way: str) -> tuple[str, ...]:
        """The texts that Codex takes at *way*, none where it takes any."""
        return tuple(self.rule(document, way).get("words", ()))

    def names(self, document: str, way: str) -> frozenset[str]:
        """The settings that Codex knows in the table at *way* (empty: the top)."""
        groups = self._tables.get(document, {}).get(way, {})
        known = (name for names in groups.values() for name in names.split())
        return frozenset(
            name.replace(DOT, ".") for name in known if not name.endswith("[]") and name != "*"
        )

    def _expanded(self, tables: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Rule]]:
        for way, groups in tables.items():
            for rule, names in groups.items():
                found = self._rules[rule]
                for name in names.split():
                    yield (f"{way}.{name}" if way else name), found


def measured(version: Version) -> Measured:
    """The rules of the newest measured version that is not newer than *version*, or the oldest."""
    known = versions()
    return load(max((v for v in known if v <= version), default=known[0]))


@cache
def versions() -> tuple[Version, ...]:
    """The measured versions, oldest first."""
    names = (name[:-5] for name in os.listdir(_FOLDER) if name.endswith(".json"))
    return tuple(sorted((int(a), int(b), int(c)) for a, b, c in (n.split(".") for n in names)))


@cache
def load(version: Version) -> Measured:
    """The rules measured with exactly *version*."""
    import json

    name = ".".join(map(str, version)) + ".json"
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return Measured(json.load(file))
