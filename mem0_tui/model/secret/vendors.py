"""Vendors that :mod:`shapes` does not list, by the rules of gitleaks (MIT, ``LICENSE.gitleaks``).

``vendors.tsv`` is made by ``scripts/build_vendor_rules.py``: kind, keyword, length
of the prefix that tells the kind, the vendor's name where one must stand before, the expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import is_name, is_placeholder
from mem0_tui.model.secret.hit import Hit
from mem0_tui.model.secret.rule import AFTER, BEFORE, Rule

_BETWEEN = (
    r"[ \t\w.\-]{0,30}(?i:key|token|secret|pat|password|auth|cred\w*)[ \t\w.\-]{0,12}"
    r"[\s\"']{0,3}(?:=>|:=|=|:|\bis\b)[`'\"\s=]{0,5}"
)
"""What stands between a vendor's name and a value: a word that says that it is secret, a sign."""

_RUN = late(r"[A-Za-z0-9_\-.+=~]{14,}")
_NO_WORD = late(r"[A-Z0-9]")


@cache
def _rules() -> Mapping[str, tuple[Rule, ...]]:
    """The rules by their keyword."""
    from pathlib import Path

    rules: dict[str, tuple[Rule, ...]] = {}
    data = Path(__file__).with_name("vendors.tsv").read_text(encoding="utf-8")
    for row in data.splitlines():
        if row and not row.startswith("#"):
            kind, keyword, prefix, name, key = row.split("\t")
            before = rf"(?<![A-Za-z])(?:{name}){_BETWEEN}" if name else BEFORE
            expression = f"{before}({key}){AFTER}"
            rule = Rule(kind, keyword, expression, int(prefix) if prefix else None)
            rules[keyword] = (*rules.get(keyword, ()), rule)
    return rules


def find(text: str, lower: str) -> Iterator[Hit]:
    """The keys of these vendors in *text*, which is *lower* in lower case."""
    if not any(map(_NO_WORD.search, _RUN.findall(text))):
        return  # every value holds a long run in which not all is lower case
    for keyword, rules in _rules().items():
        if keyword in lower:
            for rule in rules:
                for hit in rule.search(text):
                    value = text[hit.start : hit.end]
                    if not is_placeholder(value) and not is_name(value):
                        yield hit
