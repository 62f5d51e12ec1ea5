"""Measures every setting of config.toml that a Codex program knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from scripts.codexrules.judge import Judge
from scripts.codexrules.names import Candidates
from scripts.codexrules.probe import SAMPLES, Probe, Rules, learn
from scripts.codexrules.shape import Way, contexts, dotted, fitting, members, shown, split, text

_DEEPEST = 9
_AT_ONCE = 3


def settings(
    judge: Judge, candidates: Candidates, features: Sequence[str], tell: Callable[[str], None]
) -> Rules:
    """The rule of every setting, by its dotted way."""
    ways: list[Way] = [(name,) for name in members(judge, (), candidates).names]
    ways += [("features", name) for name in features if _is_table(judge, ("features", name))]
    return below(judge, candidates, ways, tell)


def below(
    judge: Judge, candidates: Candidates, ways: Iterable[Way], tell: Callable[[str], None]
) -> Rules:
    """The rules of the settings at *ways*, which need nothing around them, and of those below."""
    return _measured(judge, candidates, {}, [(way, 0) for way in ways], tell)


def counts(judge: Judge, way: Way, context: int = 0) -> bool:
    """Whether Codex reads the setting at *way*: it refuses some value, or knows the name.

    ``config/read`` also shows what a config.toml cannot set, such as ``tui.status_line_provider``
    (0.171.0), which ``--strict-config`` does not know.
    """
    tried = [text(way, value, context) for value in SAMPLES.values()]
    taken = all(judge.ask(document).taken for document in tried)
    return not taken or any(judge.strict(document).taken for document in tried)


def more(
    judge: Judge, candidates: Candidates, known: Mapping[str, Any], tell: Callable[[str], None]
) -> Rules:
    """*known*, the rules of this very program, and those of the settings that Codex shows and they
    lack; of a table of which nothing is known, those with likely names."""
    learn(known)
    few = Candidates.of(candidates.likely)
    found: Rules = {way: dict(rule) for way, rule in known.items()}
    left: list[tuple[Way, int]] = []
    for name, rule in {"": {"is": "t"}, **known}.items():
        if "t" not in rule["is"] or rule.get("one") or rule.get("unsure"):
            continue
        if f"{name}.*" in known or (name.startswith("hooks") and name != "hooks.state"):
            continue
        way = split(name) if name else ()
        at = fitting(way, known)
        if any(other.startswith(f"{name}." if name else "") for other in known if other != name):
            new = sorted(n for n in shown(judge, way, at) if dotted((*way, n)) not in found)
            names = [n for n in new if counts(judge, (*way, n), at)]
        else:
            inner = members(judge, way, few, at)
            names = [*inner.names, *(["*"] if inner.others else [])]
        left += [((*way, n), at) for n in names if dotted((*way, n)) not in found]
    return _measured(judge, few, found, left, tell)


def _measured(
    judge: Judge,
    candidates: Candidates,
    found: Rules,
    left: Sequence[tuple[Way, int]],
    tell: Callable[[str], None],
) -> Rules:
    """*found* with the rules of the ways *left*, each with its context, and of what is below."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = {pool.submit(_measure, judge, *one, candidates) for one in left}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                way, rule, context, children = future.result()
                if dotted(way) in found:
                    continue
                found[dotted(way)] = rule
                tell(f"{len(found)} {dotted(way)} {rule}")
                running |= {pool.submit(_measure, judge, w, context, candidates) for w in children}
    return found


def _is_table(judge: Judge, way: Way) -> bool:
    return judge.ask(text(way, {})).taken


def _measure(
    judge: Judge, way: Way, context: int, names: Candidates
) -> tuple[Way, dict[str, Any], int, list[Way]]:
    probe = Probe(judge, way, context)
    rule = probe.measure()
    at = probe.context
    below = _children(judge, way, rule, names, at) if len(way) < _DEEPEST else ()
    return way, rule, at, list(below)


def _children(
    judge: Judge, way: Way, rule: dict[str, Any], names: Candidates, context: int
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
