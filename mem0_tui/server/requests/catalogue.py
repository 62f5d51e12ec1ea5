"""The categories that a project, or one add, knows, and which of them a memory is filed under.

At Mem0 a language model files each memory under the ``custom_categories`` of the add, else of the
project. This server has none: it goes by the words that a text shares with a category's name and
description, files under one category at most, and under none where the words say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.memory import named_categories
from mem0_tui.model.words import words_of
from mem0_tui.server.requests.body import texts
from mem0_tui.wire.platform import NO_CATEGORY

_STEM: Final = 5
"""Characters of a word that are compared, so that ``releases`` fits ``release``."""
_EMPTY: Final = frozenset(
    words_of(
        "about above after against also among and any are because been before being between both"
        " but can come could did does doing done each ever every few for from further had has have"
        " having here how however into its itself just like made make many more most much not now"
        " off once one only other others our out over own part rather same should some such than"
        " that the their them then there these they thing things this those through under until"
        " use used uses using very was way ways were what when where whether which while who whom"
        " why will with within without work worked works would you your"
    )
)
"""Words of a description that tell nothing."""
_SIGNS: Final[Mapping[str, str]] = {
    "project_knowledge": "api architecture code config configuration database endpoint file folder"
    " lives module package port repository schema server service stored table written",
    "decisions_and_constraints": "agreed allowed always avoid chose chosen constraint decided"
    " decision forbidden instead must never prefer preferred policy required rule settled",
    "workflows": "branch build builds ci command commit deploy deploys lint merge pipeline publish"
    " release releases run runs script step steps tag",
    "problems_and_fixes": "broke broken bug bugs cause caused crash crashed error errors exception"
    " failed fails failure fix fixed flaky issue regression timeout traceback workaround",
    "results": "benchmark complete completed faster finished green measured ms passed passes"
    " percent result seconds shipped slower",
}
"""Words that tell the categories which Mem0's Codex plugin (0.3) asks for."""
_GENERAL: Final = "project_knowledge"
"""Of these, the one whose words are found in most texts: they count half."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Categories by name with their descriptions, in the order in which they were given."""

    entries: Mapping[str, str]

    @classmethod
    def read(cls, value: object) -> Catalogue:
        """The catalogue that ``custom_categories`` holds, a list of ``{name: description}``.

        Raises:
            InvalidRequestError: it is something else; bare names are refused by Mem0 too.
        """
        if value is None:
            return cls({})
        if not isinstance(value, list) or not all(
            isinstance(entry, dict) and all(isinstance(text, str) for text in entry.values())
            for entry in value
        ):
            raise InvalidRequestError("custom_categories must be a list of {name: description}.")
        pairs = [(name.strip(), text) for entry in value for name, text in entry.items()]
        return cls({name: text for name, text in pairs if name})

    def __bool__(self) -> bool:
        return bool(self.entries)

    def check(self, names: Iterable[str]) -> None:
        """Do nothing if there are no entries, or all of *names* are among them.

        Raises:
            InvalidRequestError: one is not; names those that there are.
        """
        for name in names:
            if self.entries and name not in self.entries:
                known = ", ".join(self.entries)
                raise InvalidRequestError(f"{NO_CATEGORY} {name!r}; there are: {known}.")

    def fitting(self, text: str) -> tuple[str, ...]:
        """The category whose words *text* shares most, the first of equals; empty for none."""
        words = words_of(text)
        known, stems = frozenset(words), _stems(words)
        best, weight = "", 0.0
        for name, description in self.entries.items():
            found = _weight(name, description, known, stems)
            if found > weight:
                best, weight = name, found
        return (best,) if weight >= 1 else ()


def read_categories(body: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The categories that *body* names, None where it does not; null names none.

    Raises:
        InvalidRequestError: they are no list of strings, or one is blank.
    """
    if "categories" not in body:
        return None
    given = () if body["categories"] is None else texts(body["categories"], "categories")
    if not all(name.strip() for name in given):
        raise InvalidRequestError("categories must not be blank.")
    return named_categories(given)


def _weight(name: str, description: str, known: frozenset[str], stems: frozenset[str]) -> float:
    """How much of *name* and *description* a text has: its words *said* and their *stems*.

    A word of the name, or a sign of a category that is known, is enough; of a description two are.
    """
    named = _stems(words_of(name.replace("_", " ").replace("-", " ")))
    described = _stems(words_of(description)) - named
    found = len(named & stems) + 0.5 * len(described & stems)
    if name in _SIGNS:
        found += len(known.intersection(_SIGNS[name].split()))
    return found / 2 if name == _GENERAL else found


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words if len(word) > 2 and word not in _EMPTY)
