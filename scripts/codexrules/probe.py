"""Measures one setting: the kinds of value that Codex takes for it, its words and its range."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scripts.codexrules.judge import Judge, Verdict
from scripts.codexrules.shape import CONTEXTS, NAME, Way, contexts, dotted, text

Rules = dict[str, dict[str, Any]]
"""Rules by dotted way, while they are measured."""

_TYPE = re.compile(
    r"invalid type|string only|did not match any variant|invalid value: (?:string|map)"
    r"|invalid length|(?:wanted|expected table with) exactly 1"
)
_WORDS = re.compile(
    r"(?:unknown variant `zz`, expected (?:one of )?|unsupported .* `zz`; expected )(.*)"
)
_MUST = re.compile(r"must be `([^`]+)`")
_MISSING = re.compile(r"missing field `([^`]+)`")
SAMPLES: dict[str, object] = {
    "s": "zz",
    "b": True,
    "i": 1,
    "f": 1.5,
    "d": datetime.date(1979, 5, 27),
    "a": [],
    "t": {},
}
"""A value of each kind: text, boolean, whole number, other number, date, list (array), table."""

EMPTY: dict[str, object] = {"a": [], "t": {}}

LEAST, MOST = -(1 << 63), (1 << 63) - 1
_EDGES = (-(1 << 31), 1, 2, 10, 100, 1000, 255, 65535, 65536, (1 << 31) - 1, (1 << 32) - 1, 1 << 32)
_CLOCK = 1 << 62
"""A limit above this moves with the clock: it is none of the setting's."""


class Probe:
    """Asks about the setting at *way*; *context* is the one that the table around it stands in."""

    def __init__(self, judge: Judge, way: Way, context: int = 0) -> None:
        self.judge = judge
        self.way = way
        self.context = context

    def ask(self, value: object) -> Verdict:
        return self.judge.ask(text(self.way, value, self.context))

    def takes(self, value: object) -> bool:
        return self.ask(value).taken

    def measure(self) -> dict[str, Any]:
        """The setting's rule, as `mem0_tui.codex.rules` describes it."""
        ways = contexts(self.way[:-1])
        verdicts: dict[str, Verdict] = {}
        tried = range(len(ways)) if len(ways) > 1 else (self.context,)
        for self.context in tried:
            verdicts = {kind: self.ask(value) for kind, value in self._samples()}
            if any(verdict.taken for verdict in verdicts.values()):
                break
        kinds = {kind for kind, verdict in verdicts.items() if verdict.taken}
        rule: dict[str, Any] = {}
        if not _TYPE.search(verdicts["s"].said) and (said := self._text(verdicts["s"])) is not None:
            rule.update(said)
            kinds.add("s")
        if "s" not in kinds and (words := self._some_words(verdicts["s"])):
            rule["words"] = words
            kinds.add("s")
        if rule.get("words") and "exactly 1" in verdicts["t"].said + verdicts["s"].said:
            kinds.add("t")
            rule["one"] = True
        if "t" not in kinds and not _TYPE.search(verdicts["t"].said):
            kinds |= self._fill(verdicts["t"], rule)
        if "t" not in kinds and "untagged enum" in verdicts["t"].said:
            kinds |= self._named(rule)
        if "i" in kinds or "invalid value: integer" in verdicts["i"].said:
            kinds |= self._range(rule)
        if {"i", "f"} <= kinds:
            self._fractions(rule)
        unclear = {kind for kind in verdicts if kind not in kinds and _unclear(verdicts[kind])}
        unclear -= {"d"}  # a date is taken as text, and then refused as one
        if len(unclear) > 1 and len({verdict.said for verdict in verdicts.values()}) == 1:
            unclear &= {"t"}  # Codex says what a table must hold, whatever stands there
        if unclear:
            kinds |= unclear
            rule["unsure"] = True
        if full := "".join(k for k in ("a", "t") if k in unclear and not self.takes(EMPTY[k])):
            rule["full"] = full
        own = contexts(self.way)
        always = set(own[0]).intersection(*own[1:]) - {NAME}
        if "t" in kinds and always and not self.takes({}):
            rule["needs"] = sorted(always)
        if (
            "b" in kinds
            and (taken := [x for x in (True, False) if self.takes(x)])
            and taken[1:] == []
        ):
            rule["only"] = taken[0]
        rule["is"] = "".join(kind for kind in SAMPLES if kind in kinds)
        if not kinds:
            rule["said"] = verdicts["s"].said
        elif len(ways) > 1:
            self._only(rule)
        return rule

    def _samples(self) -> Iterable[tuple[str, object]]:
        own = contexts(self.way)[0] if self.way[-1:] != ("[]",) or len(self.way) < 5 else {}
        return [(kind, own if kind == "t" and own else value) for kind, value in SAMPLES.items()]

    def _only(self, rule: dict[str, Any]) -> None:
        """Note the contexts in which the setting may stand, unless it is all of them."""
        right = self.right(rule)
        ways = contexts(self.way[:-1])
        keep, taking = self.context, []
        for self.context in range(len(ways)):
            if right is not None and self.takes(right):
                taking.append(_mark(ways, self.context))
        self.context = keep
        if len(taking) < len(ways):
            rule["with"] = taking

    def right(self, rule: Mapping[str, Any]) -> object:
        """A value that is taken, None where none is known."""
        if words := rule.get("words"):
            return words[0]
        samples = dict(self._samples())
        for kind in rule["is"]:
            if self.takes(samples[kind]):
                return samples[kind]
        if "i" in rule["is"]:
            return rule.get("min", rule.get("max"))
        return self.judge.file if "file" in rule else None

    def _text(self, verdict: Verdict) -> dict[str, Any] | None:
        """What the setting asks of a text; None where it takes none."""
        if listed := _WORDS.search(verdict.said):
            words = re.findall(r"`([^`]+)`", listed[1])
            taken = sorted(word for word in words if self.takes(word))
            return {"words": taken} if taken else {"unsure": True}
        if (must := _MUST.search(verdict.said)) and self.takes(must[1]):
            return {"words": [must[1]]}
        if verdict.taken:
            return {} if self.takes("") else {"filled": True}
        if "No such file" in verdict.said:
            return {"file": "text" if self.takes(self.judge.file) else "other"}
        if self.takes("a") or self.takes("http://127.0.0.1:1/"):
            return {"unsure": True}
        if dotted(self.way) in REFERENCES:
            return {"names": REFERENCES[dotted(self.way)]}
        return None

    def _some_words(self, verdict: Verdict) -> list[str]:
        """The words of a list that Codex does not print, as far as they are used elsewhere."""
        if "did not match any variant" not in verdict.said:
            return []
        return sorted(word for word in _COMMON if self.takes(word))

    def _fill(self, verdict: Verdict, rule: dict[str, Any]) -> set[str]:
        """Find what a table must hold before it is taken."""
        needs: dict[str, object] = {}
        while (missing := _MISSING.search(verdict.said)) and len(needs) < 8:
            name = missing[1]
            if name in needs:
                break
            for value in _FILLERS:
                needs[name] = value
                verdict = self.ask(needs)
                if listed := re.search(
                    r"unknown variant `any`, expected (?:one of )?(.*)", verdict.said
                ):
                    needs[name] = re.findall(r"`([^`]+)`", listed[1])[-1]
                    verdict = self.ask(needs)
                    break
                if must := _MUST.search(verdict.said):
                    needs[name] = must[1]
                    verdict = self.ask(needs)
                    break
                if verdict.taken or not _TYPE.search(verdict.said):
                    break
        if not verdict.taken:
            return set()
        if needs:
            rule["needs"] = sorted(needs)
            CONTEXTS[dotted(self.way)] = (needs,)
        return {"t"}

    def _named(self, rule: dict[str, Any]) -> set[str]:
        """Try a table with a name, where Codex does not say what a table must hold."""
        needs = {"name": "any"}
        if not self.takes(needs):
            return set()
        rule["needs"] = sorted(needs)
        CONTEXTS[dotted(self.way)] = (needs,)
        return {"t"}

    def _range(self, rule: dict[str, Any]) -> set[str]:
        taken = [n for n in (LEAST, -1, 0, 1, MOST) if self.takes(n)]
        if LEAST not in taken or MOST not in taken:
            taken += [n for n in _EDGES if self.takes(n)]
        if not taken:
            return set()
        known = sorted({LEAST, -1, 0, 1, MOST, *_EDGES})
        if (least := min(taken)) > LEAST:
            rule["min"] = _edge(max(n for n in known if n < least), least, self.takes)
        if (most := max(taken)) < MOST:
            limit = _edge(min(n for n in known if n > most), most, self.takes)
            if limit < _CLOCK:
                rule["max"] = limit
        return {"i"}

    def _fractions(self, rule: dict[str, Any]) -> None:
        if not self.takes(float("nan")) or not self.takes(float("inf")):
            rule["finite"] = True
        if not self.takes(0.0):
            rule.pop("min", None)
            rule["above"] = 0
        elif not self.takes(-0.5):
            rule["min"] = 0


REFERENCES = {"model_provider": "model_providers", "default_permissions": "permissions"}
"""Settings that name a table of the user's, and where those tables stand."""

_FILLERS: tuple[object, ...] = ("any", True, 1, [], {})
_COMMON = ("auto", "default", "high", "low", "medium", "none", "off", "on", "always", "never")


def learn(document: Mapping[str, Mapping[str, Any]]) -> None:
    """Note what the tables of *document* need, with values that its own rules take."""
    for way, rule in document.items():
        needs = {name: _right(document.get(f"{way}.{name}", {})) for name in rule.get("needs", ())}
        if needs and way not in CONTEXTS:
            CONTEXTS[way] = (needs,)


def _right(rule: Mapping[str, Any]) -> object:
    if words := rule.get("words"):
        return words[-1]
    return next((SAMPLES[kind] for kind in rule.get("is", "s")), "any")


def _unclear(verdict: Verdict) -> bool:
    """Whether a value was refused for what it says, so that another of its kind may be taken."""
    said = verdict.said
    return not (_TYPE.search(said) or "invalid value" in said or "supported" in said)


def _mark(ways: Any, index: int) -> str:
    """The key that tells one context from the others."""
    return str(next(key for key in ways[index] if any(key not in way for way in ways)))


def _edge(refused: int, taken: int, takes: Callable[[int], bool]) -> int:
    """The taken whole number next to the refused ones, between *refused* and *taken*."""
    while abs(refused - taken) > 1:
        middle = (refused + taken) // 2
        if takes(middle):
            taken = middle
        else:
            refused = middle
    return taken


__all__ = ["LEAST", "MOST", "NAME", "SAMPLES", "Probe", "Rules", "learn"]
