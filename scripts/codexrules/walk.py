"""Measures every setting of config.toml that a Codex program knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from scripts.codexrules.judge import Judge
from scripts.codexrules.names import Candidates
from scripts.codexrules.probe import SAMPLES, Probe
from scripts.codexrules.shape import CONTEXTS, Way, contexts, dotted, members, split, text

_DEEPEST = 9
_AT_ONCE = 3


def settings(
    judge: Judge, candidates: Candidates, features: Sequence[str], tell: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """The rule of every setting, by its dotted way."""
    found: dict[str, dict[str, Any]] = {}
    top = members(judge, (), candidates.near)
    ways: list[Way] = [(name,) for name in top.names]
    ways += [("features", name) for name in features if _is_table(judge, ("features", name))]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = {pool.submit(_measure, judge, way, candidates.near) for way in ways}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                way, rule, children = future.result()
                if dotted(way) in found:
                    continue
                found[dotted(way)] = rule
                tell(f"{len(found)} {dotted(way)} {rule}")
                running |= {pool.submit(_measure, judge, w, candidates.near) for w in children}
    return found


def _is_table(judge: Judge, way: Way) -> bool:
    return judge.ask(text(way, {})).taken


def _measure(judge: Judge, way: Way, names: Sequence[str]) -> tuple[Way, dict[str, Any], list[Way]]:
    rule = Probe(judge, way).measure()
    return way, rule, list(_children(judge, way, rule, names)) if len(way) < _DEEPEST else []


def _children(judge: Judge, way: Way, rule: dict[str, Any], names: Sequence[str]) -> Iterator[Way]:
    if "t" not in rule["is"]:
        if "a" in rule["is"]:
            yield (*way, "[]")
        return
    # A list in place of a table gives its fields by position; nobody writes that, nor is it judged.
    if rule.get("one"):
        yield from _variants(judge, way, rule)
        return
    inner = members(judge, way, names)
    if inner.closed:
        rule["closed"] = True
    if inner.others:
        yield (*way, "*")
    for name in inner.names:
        yield (*way, name)
    for context in contexts(way):
        yield from ((*way, name) for name in context if name not in inner.names and inner.names)


def _variants(judge: Judge, way: Way, rule: dict[str, Any]) -> Iterator[Way]:
    """The words that may also be the one key of a table with settings of its own."""
    said = judge.ask(text(way, "zz")).said
    for word in re.findall(r"`([^`]+)`", said.partition("expected")[2].partition("\n")[0]):
        if word not in rule["words"] and not judge.ask(text(way, word)).taken:
            verdict = judge.ask(text((*way, word), {}))
            if verdict.taken or "missing field" in verdict.said:
                rule.setdefault("tables", []).append(word)
                yield (*way, word)


def again(judge: Judge, known: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rules of the settings that another version knows, without looking for new names.

    A setting that takes every kind of value is not known to this program.
    """
    for way, rule in known.items():
        needs = rule.get("needs")
        if needs and way not in CONTEXTS:
            CONTEXTS[way] = ({name: _right(known.get(f"{way}.{name}", {})) for name in needs},)
    ways = sorted(known)
    found: dict[str, dict[str, Any]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for way, rule in zip(ways, pool.map(lambda w: _again(judge, w), ways), strict=True):
            if set(rule["is"]) != set(SAMPLES):
                kept = {key: known[way][key] for key in ("closed", "tables") if key in known[way]}
                found[way] = {**rule, **kept}
    return found


def _again(judge: Judge, way: str) -> dict[str, Any]:
    return Probe(judge, split(way)).measure()


def _right(rule: Mapping[str, Any]) -> object:
    if words := rule.get("words"):
        return words[-1]
    return next((SAMPLES[kind] for kind in rule.get("is", "s")), "any")
