"""Configurations made from the rules: for each setting right values, wrong kinds, words, ranges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mem0_tui.codex.rules import Measured, Rule
from scripts.codexrules.probe import LEAST, MOST, SAMPLES, learn
from scripts.codexrules.shape import Way, contexts, dotted, fitting, split, text


class Case(NamedTuple):
    """A config.toml with one value to be judged."""

    way: str
    about: str
    """``right``, ``kind``, ``word``, ``range`` or ``reference``."""
    text: str


def cases(rules: Measured, file: str) -> Iterator[Case]:
    """Every case for every setting of config.toml; *file* is one that exists."""
    document = rules.document("config")
    learn(document)
    for way, rule in sorted(document.items()):
        if way.startswith("hooks.") and not way.startswith("hooks.state"):
            continue
        yield from _cases(split(way), rule, file, fitting(split(way), document))


def _cases(way: Way, rule: Rule, file: str, at: int) -> Iterator[Case]:
    ways = contexts(way[:-1])

    def case(about: str, value: object, context: int = at) -> Case:
        return Case(dotted(way), about, text(way, value, context))

    for kind, value in SAMPLES.items():
        if kind not in rule["is"]:
            yield case("kind", value)
    for about, value in _values(way, rule, file):
        yield case(about, value)
    for other in range(len(ways)):
        if other != at and rule["is"] and len(ways) > 1:
            for _, value in list(_values(way, rule, file))[:1]:
                yield case("beside", value, other)


def right(way: Way, rule: Rule, file: str) -> object:
    """A value that *rule* takes, a text where it takes none; *file* is a file that exists."""
    return next((found for about, found in _values(way, rule, file) if about == "right"), "zz")


def _values(way: Way, rule: Rule, file: str) -> Iterator[tuple[str, Any]]:
    kinds = rule["is"]
    own = contexts(way)[0]
    if "s" in kinds:
        yield from _texts(rule, file)
    if "b" in kinds:
        yield from (("right", True), ("right", False))
    if "i" in kinds:
        least = rule["above"] + 1 if "above" in rule else rule.get("min", LEAST)
        most = rule.get("max", MOST)
        yield from (("right", least), ("right", most if "max" in rule else max(least, 7)))
        yield from (("range", n) for n in (least - 1, most + 1) if LEAST <= n <= MOST)
    if "f" in kinds:
        yield from (("right", 2.5), ("range", float("nan")), ("range", -0.5))
    if "a" in kinds:
        yield "right", []
    if "t" in kinds and not rule.get("one"):
        yield "right", dict(own)
        if rule.get("needs"):
            yield "kind", {}
    if "t" in kinds and rule.get("one"):
        yield from (("kind", {}), ("word", {"zz": {}}))


def _texts(rule: Rule, file: str) -> Iterator[tuple[str, str]]:
    if words := rule.get("words"):
        yield from (("right", word) for word in words)
        yield from (("word", wrong) for wrong in ("zz", "", words[0] + "x") if wrong not in words)
    elif kind := rule.get("file"):
        yield "reference", "/nonexistent/any.txt"
        if kind == "text":
            yield "right", file
    elif "names" in rule:
        yield "reference", "zz"
        yield from (("right", name) for name in rule["builtin"])
    elif rule.get("unsure"):
        return
    else:
        yield from (("right", "zz"), ("word", ""))
