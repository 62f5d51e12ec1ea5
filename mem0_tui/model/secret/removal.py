"""Secrets that are to be taken out of everything that says them: which, and what takes their place.

A value is looked for as it is and as JSON writes it within a text. One that is short or a plain
word is taken only out of what is known to be about its memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeAlias

from mem0_tui.model.change import Edit
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret import find, find_named, may_hold

_LONG = 12
"""Characters from which on a value is one wherever it stands, even in the middle of a word."""
_TELLING, _PHRASE = 8, 15
"""Characters from which on a value with letters and digits, or any at all, says by itself where it
comes from."""


@late_dataclass(frozen=True)
class Removal:
    """Values, and what a text says in the place of each: ``[password removed]``."""

    values: Mapping[str, str]
    texts: frozenset[str] = frozenset()
    """The texts of the memories that hold them, whole: with one of these goes a plain word, too."""

    def __bool__(self) -> bool:
        return bool(self.values)

    def own(self, text: str) -> str:
        """*text*, which the memory itself said, without any of the values."""
        if not self.values:
            return text
        if may_hold(text):
            parts: list[str] = []
            at = 0
            for hit in find(text):
                if (place := self.values.get(text[hit.start : hit.end])) is not None:
                    parts += (text[at : hit.start], place)
                    at = hit.end
            text = "".join((*parts, text[at:]))
        return _replaced(self._all, self._places, text)

    def anywhere(self, text: str) -> str:
        """*text*, whoever said it, without those of the values that tell by themselves, and
        without any where it holds a whole text of the memory."""
        if any(whole in text for whole in self.texts):
            return self.own(text)
        return _replaced(self._telling, self._places, text)

    def value(self, value: Any, ids: Collection[str], *, own: bool = False) -> Any:
        """The JSON *value* without them: the objects of these *ids* as :meth:`own`, all the rest
        as :meth:`anywhere`, unless all of it is the memory's *own*."""
        if isinstance(value, str):
            return self.own(value) if own else self.anywhere(value)
        if isinstance(value, Mapping):
            own = own or value.get("id") in ids
            return {key: self.value(each, ids, own=own) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(each, ids, own=own) for each in value]
        return value

    def edit(self, memory: Memory) -> Edit:
        """The edit that takes them out of *memory*'s text and metadata."""
        metadata = self.value(memory.metadata, (), own=True)
        return Edit.between(memory, replace(memory, text=self.own(memory.text), metadata=metadata))

    @cached_property
    def _places(self) -> Mapping[str, str]:
        return {form: place for value, place in self.values.items() for form in _forms(value)}

    @cached_property
    def _all(self) -> re.Pattern[str] | None:
        return _pattern(self._places)

    @cached_property
    def _telling(self) -> re.Pattern[str] | None:
        return _pattern(form for value in filter(tells, self.values) for form in _forms(value))


def tells(value: str) -> bool:
    """Whether *value* says by itself where it comes from, and is no plain word."""
    mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return len(value) >= (_TELLING if mixed else _PHRASE)


Said: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""By the id of a memory what it said: texts, each with its name as of :func:`said_by`."""


def removal_of(said: Iterable[tuple[str, str]], kept: Iterable[str] = ()) -> Removal:
    """What takes the secrets out of all that was *said*, texts with their names as of
    :func:`said_by`; no documented example, and no value that one of the *kept* texts holds."""
    values: dict[str, str] = {}
    texts: set[str] = set()
    for name, text in said:
        if not text or not may_hold(f"{name}={text}"):
            continue
        for hit in find_named(name, text) if name else find(text):
            if not hit.example:
                values.setdefault(text[hit.start : hit.end], hit.removed())
                if not name:
                    texts.add(text)
    kept = tuple(kept)
    left = {value: place for value, place in values.items() if not any(value in k for k in kept)}
    return Removal(left, frozenset(texts) if left else frozenset())


def said_by(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the JSON *value* with its name: that of its key where it is metadata, which may
    say that it is secret, else blank."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key == "metadata" and isinstance(each, Mapping):
                yield from said_by_metadata(each)
            else:
                yield from said_by(each, str(key) if name else "")
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from said_by(each, name)


def said_by_metadata(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text in *metadata* with the name of its key."""
    for key, value in metadata.items():
        yield from said_by(value, str(key))


def said_in(memory: Memory) -> Iterator[tuple[str, str]]:
    """Every text in *memory*, as :func:`said_by`."""
    yield "", memory.text
    yield from said_by_metadata(memory.metadata)


def _forms(value: str) -> set[str]:
    """*value* as it is, and as JSON writes it within a text."""
    return {value, *(json.dumps(value, ensure_ascii=ascii_)[1:-1] for ascii_ in (True, False))}


def _pattern(forms: Iterable[str]) -> re.Pattern[str] | None:
    """What finds each of *forms*, the longest first."""
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    return re.compile("|".join(map(_bounded, ordered))) if ordered else None


def _bounded(form: str) -> str:
    if len(form) >= _LONG:
        return re.escape(form)
    before = r"(?<![^\W_])" if form[:1].isalnum() else ""
    after = r"(?![^\W_])" if form[-1:].isalnum() else ""
    return f"{before}{re.escape(form)}{after}"


def _replaced(pattern: re.Pattern[str] | None, places: Mapping[str, str], text: str) -> str:
    return pattern.sub(lambda found: places[found.group()], text) if pattern else text
