"""Measures every setting of config.toml that a Codex program knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from scripts.codexrules.judge import Judge
from scripts.codexrules.names import Candidates
from scripts.codexrules.probe import Probe, Rules
from scripts.codexrules.shape import Way, contexts, dotted, members, text

_DEEPEST = 9
_AT_ONCE = 3


def settings(
    judge: Judge, candidates: Candidates, features: Sequence[str], tell: Callable[[str], None]
) -> Rules:
    """The rule of every setting, by its dotted way."""
    top = members(judge, (), candidates.near)
    ways: list[Way] = [(name,) for name in top.names]
    ways += [("features", name) for name in features if _is_table(judge, ("features", name))]
    found: Rules = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = {pool.submit(_measure, judge, way, 0, candidates.near) for way in ways}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                way, rule, context, children = future.result()
                if dotted(way) in found:
                    continue
                found[dotted(way)] = rule
                tell(f"{len(found)} {dotted(way)} {rule}")
                running |= {
                    pool.submit(_measure, judge, w, context, candidates.near) for w in children
                }
    return found


def _is_table(judge: Judge, way: Way) -> bool:
    return judge.ask(text(way, {})).taken


def _measure(
    judge: Judge, way: Way, context: int, names: Sequence[str]
) -> tuple[Way, dict[str, Any], int, list[Way]]:
    probe = Probe(judge, way, context)
    rule = probe.measure()
    at = probe.context
    below = _children(judge, way, rule, names, at) if len(way) < _DEEPEST else ()
    return way, rule, at, list(below)


def _children(
    judge: Judge, way: Way, rule: dict[str, Any], names: Sequence[str], context: int
) -> Iterator[Way]:
    if "t" not in rule["is"]:
        if "a" in rule["is"]:
            yield (*way, "[]")
        return
    # A list in place of a table gives its fields by position; nobody writes that, nor is it judged.
    if rule.get("one"):
        yield from _variants(judge, way, rule)
        return
    inner = members(judge, way, names, context)
    if inner.closed:
        rule["closed"] = True
    if inner.others:
        yield (*way, "*")
    for name in inner.names:
        yield (*way, name)
    for needed in contexts(way):
        yield from ((*way, name) for name in needed if name not in inner.names and inner.names)


def _variants(judge: Judge, way: Way, rule: dict[str, Any]) -> Iterator[Way]:
    """The words that may also be the one key of a table with settings of its own."""
    said = judge.ask(text(way, "zz")).said
    for word in re.findall(r"`([^`]+)`", said.partition("expected")[2].partition("\n")[0]):
        if word not in rule["words"] and not judge.ask(text(way, word)).taken:
            verdict = judge.ask(text((*way, word), {}))
            if verdict.taken or "missing field" in verdict.said:
                rule.setdefault("tables", []).append(word)
                yield (*way, word)
