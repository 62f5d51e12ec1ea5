"""The block that plugin 0.3 adds to the first prompt of a session (mem0 plugin 0.3.4, core 0.3.3).

It searches once, for the first prompt only, and gives up after two seconds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from time import monotonic

from mem0_tui.codex.capture import Capture, request
from mem0_tui.codex.facts.environment import codex_environment
from mem0_tui.codex.facts.paths import Homes, find_up, real
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.files.text_file import read
from mem0_tui.codex.prompt.block import PromptBlock, PromptEntry
from mem0_tui.codex.prompt.planned import Planned
from mem0_tui.codex.prompt.redaction import redacted
from mem0_tui.model.counting import plural

HEADING = "Mem0 found these relevant memories from earlier work in this repository:"
COUNT = 5
GIVES_UP = 2.0
"""Seconds after which the plugin answers the prompt without memories."""
_SHORTEST = 20
_BUDGET, _LEAST, _MOST = 4_000, 1_000, 10_000
_UNNAMED = ("", "main", "master", "unknown", "detached")
"""Branches that are not named beside a memory."""
_BOUNDED = re.compile(r"bounded\(\s*prompt\s*,\s*(\d[\d_]*)\s*\)")
"""How newer cores bound what they search with."""


class PluginSearch:
    """What one search gave, or why it gave nothing."""

    __slots__ = ("problem", "rows", "seconds")

    def __init__(self, rows: list[Mapping[str, object]], seconds: float, problem: str = "") -> None:
        self.rows = rows
        self.seconds = seconds
        self.problem = problem


def silence(capture: Capture, homes: Homes, prompt: str) -> str:
    """Why the plugin would not search for *prompt* at all; empty where it would."""
    environ = codex_environment(homes)
    shortest = max(_whole(environ, "MIN_QUERY_CHARS", _SHORTEST), 1)
    service = capture.service
    if capture.python is None or capture.old_python:
        return "the plugin needs python3, 3.10 or newer, on PATH"
    if capture.hooks.paused:
        return "capture is paused: no hook recalls anything"
    if len(prompt.strip()) < shortest:
        return f"the prompt has fewer than {plural(shortest, 'character')}: it is not searched for"
    if service.fault is not None:
        return f"MEM0_API_URL {service.fault}"
    if service.hooks_key is None:
        return "the plugin's hooks find no key: they send nothing"
    if service.plain:
        return f"{service.host} is reached without encryption: the key is not sent from here"
    return ""


def search(
    capture: Capture, homes: Homes, prompt: str, count: int, deadline: float
) -> PluginSearch:
    """The *count* memories that the plugin's own search for *prompt* finds, the best first."""
    key, began = capture.service.hooks_key, monotonic()
    body: dict[str, object] = {
        "query": prompt[: bound(capture.root)],
        "app_id": capture.lanes.app,
        "filters": filters(capture, homes),
        "top_k": count,
        "rerank": False,
        "latest_only": True,
    }
    answer = request.search(capture.service.url, "" if key is None else key.value, body, deadline)
    return PluginSearch(list(answer.rows), monotonic() - began, answer.problem)


def bound(root: str) -> int | None:
    """The characters of a prompt that the plugin in *root* searches with; None for all of them."""
    found = _BOUNDED.search(read(os.path.join(root, "core", "hook_runner.py")).text)
    return None if found is None else int(found[1])


def filters(capture: Capture, homes: Homes) -> dict[str, object]:
    """What the search is narrowed to, by MEM0_CODE_SEARCH_SCOPE."""
    scope = codex_environment(homes).get("MEM0_CODE_SEARCH_SCOPE", "repo").strip()
    lanes = capture.lanes
    if scope == "mine":
        return lanes.mine
    folder = _folder(homes.cwd)
    return lanes.within(folder) if scope == "dir" and folder else lanes.filters


def _folder(cwd: str) -> str:
    """The working folder below the top of its repository, empty at the top."""
    root = find_up(cwd, (".git",))
    inside = "" if root is None else os.path.relpath(real(cwd), real(root))
    return "" if inside == "." else inside.replace(os.sep, "/")


def arranged(found: PluginSearch, homes: Homes, planned: Planned | None = None) -> PromptBlock:
    """The block that the plugin makes of *found*, after *planned* if that is given."""
    if found.problem:
        return PromptBlock(nothing=found.problem)
    after = Planned() if planned is None else planned
    rows = [row for row in found.rows if text(row.get("id")) not in after.gone][:COUNT]
    rows = [row for row in rows if table(row.get("metadata")).get("record_kind") != "task_episode"]
    made, entries = _lines(rows, after.texts, _budget(homes))
    if not entries:
        return PromptBlock(nothing="the search finds nothing")
    notes = () if planned is None else planned.notes([entry.id for entry in entries])
    if found.seconds > GIVES_UP:
        slow = f"the search took {found.seconds:.1f} s; the plugin gives up after {GIVES_UP:.0f} s"
        notes = (*notes, slow)
    return PromptBlock(made, tuple(entries), notes=notes)


def _lines(
    rows: Iterable[Mapping[str, object]], texts: Mapping[str, str], budget: int
) -> tuple[str, list[PromptEntry]]:
    """The heading and as many entries as there is room for."""
    made = HEADING
    entries: list[PromptEntry] = []
    for row in rows:
        id_ = text(row.get("id")) or ""
        own = texts.get(id_) or text(row.get("memory")) or text(row.get("text")) or ""
        words = " ".join(redacted(own).split())
        if not words:
            continue
        before = f"\n{len(entries) + 1}. "
        after = _branch(row)
        room = budget - len(made) - len(before) - len(after)
        if len(words) > room:
            if entries or room <= 1:
                break
            words, after = words[: room - 1].rstrip(), f"…{after}"
        made += before + words + after
        score = row.get("score")
        number = float(score) if isinstance(score, int | float) else None
        entries.append(PromptEntry(len(entries) + 1, id_, own, number))
        if after.startswith("…"):
            break
    return made, entries


def _branch(row: Mapping[str, object]) -> str:
    branch = str(table(row.get("metadata")).get("branch") or "").strip()
    return "" if branch.casefold() in _UNNAMED else f" [learnt on branch {branch}]"


def _budget(homes: Homes) -> int:
    given = _whole(codex_environment(homes), "MAX_CONTEXT_CHARS", _BUDGET)
    return min(max(given, _LEAST), _MOST)


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    """The plugin's option *name*; the default where it is no whole number."""
    try:
        return int(environ.get(f"MEM0_CODE_{name}", "") or default)
    except ValueError:
        return default
