"""What the apps of all tests would each work out anew: parsed style sheets, and which rules apply.

Nothing of it is a test's own: the same rules apply to the same path of widgets, with the same ids,
classes and pseudo-classes, in whichever app.
"""

from __future__ import annotations

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.strip import Strip

_PARSE_RULES = Stylesheet._parse_rules
_APPLY = Stylesheet.apply
_FLAGS = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}
_rules: dict[tuple[object, ...], tuple[RulesMap, tuple[object, ...]]] = {}
_sheets: dict[tuple[int, ...], int] = {}
_seen: list[dict[Any, Any]] = []
"""What selectors can ask of the nodes above those that are being styled; nothing of it changes
before all of an update are."""


def _parse_once(self: Stylesheet, css: str, *origin: Any, **named: Any) -> list[RuleSet]:
    """What Textual's own method gives, which each app would work out anew, and more than once."""
    variables = tuple(sorted(self._variables.items()))
    key = (css, variables, origin, tuple(sorted(named.items())))
    if key not in _parsed:
        _parsed[key] = _PARSE_RULES(self, css, *origin, **named)
    return _parsed[key]


class _Recorded(dict[tuple[object, ...], RulesMap]):
    """Textual's cache of one update: only what is put into it is of use here."""

    def get(self, _key: object, _default: object = None) -> Any:
        return None


def _apply_what_is_known(
    self: Stylesheet, node: DOMNode, *, animate: bool = False, cache: Any = None
) -> None:
    if cache is None:
        cache = _seen[-1] if _seen else {}
    key = (_number_of(self), _path(node, cache))
    known = _rules.get(key)
    _seen.append(cache)  # for the parts of the node, which are styled within
    try:
        if known is not None:
            rules, flags = known
            for name, flag in zip(_FLAGS, flags, strict=True):
                setattr(node, name, flag)
            self.replace_rules(node, rules, animate=animate)
            self._process_component_classes(node)
            return
        recorded = _Recorded()
        _APPLY(self, node, animate=animate, cache=recorded)
    finally:
        _seen.pop()
    for rules in recorded.values():
        _rules[key] = rules, tuple(getattr(node, name) for name in _FLAGS)


def _number_of(sheet: Stylesheet) -> int:
    """The same number for style sheets with the same rules."""
    rules = sheet.rules
    last, number = getattr(sheet, "_numbered", (None, 0))
    if last is not rules:
        number = _sheets.setdefault(tuple(map(id, rules)), len(_sheets))
        sheet._numbered = rules, number  # type: ignore[attr-defined]
    return number


def _path(node: DOMNode, known: dict[Any, Any]) -> tuple[object, ...]:
    """All that the selectors of rules can ask for; *known* is what they can ask of other nodes."""
    *above, last = node.css_path_nodes
    for each in above:
        if each not in known:
            known[each] = _asked_for(each)
    return (*(known[each] for each in above), _asked_for(last))


def _asked_for(node: DOMNode) -> tuple[object, ...]:
    return type(node), node._id, node.classes, node.pseudo_classes


class _NoCache:
    """Stands for the seven caches that each line on the screen has."""

    def get(self, _key: object, default: object = None) -> Any:
        return default

    def __setitem__(self, _key: object, _value: object) -> None:
        pass


_CACHES = ("divide", "crop", "style", "filter", "line_length", "crop_extend", "offsets")
_no_cache = _NoCache()


def _line(self: Strip, segments: Any, cell_length: int | None = None) -> None:
    self._segments, self._cell_length = list(segments), cell_length
    self._render_cache = self._link_ids = self._cell_count = None
    self._divide_cache = self._crop_cache = self._style_cache = _no_cache  # type: ignore[assignment]
    self._filter_cache = self._line_length_cache = _no_cache  # type: ignore[assignment]
    self._crop_extend_cache = self._offsets_cache = _no_cache  # type: ignore[assignment]


def share_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have apps share all of this from now on."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parse_once)
    monkeypatch.setattr(Stylesheet, "apply", _apply_what_is_known)
    monkeypatch.setattr(Strip, "__init__", _line)
