"""Typed reading of a file's JSON: what does not fit is named with its place in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import JsonObject, as_day, as_moment
from mem0_tui.model.text import one_line


class Fields:
    """One JSON object and where it stands (``line 3.memory``), read field by field."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise FileFormatError(f"{where}: expected a JSON object")
        self.value: dict[str, Any] = value
        self.where = where

    def wrong(self, name: str, expected: str) -> FileFormatError:
        """The error for the field *name*, which is not *expected*."""
        return FileFormatError(f"{self.where}.{name}: expected {expected}")

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self.value.get(name)
        if not isinstance(value, str):
            raise self.wrong(name, "a string")
        return value

    def optional_text(self, name: str) -> str | None:
        """A string, or None where it is missing or null."""
        return None if self.value.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        """True or false; false where it is missing."""
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def whole(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.value.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(name, "a whole number")
        return value

    def json(self, name: str) -> JsonObject:
        """An object as it stands; empty where it is missing or null."""
        value = self.value.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(name, "an object")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings; empty where it is missing or null."""
        value = self.value.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(name, "a list of strings")
        return tuple(value)

    def moment(self, name: str) -> datetime | None:
        """An ISO 8601 date-time, or None where it is missing or null."""
        value = self.optional_text(name)
        moment = as_moment(value)
        if value is not None and moment is None:
            raise self.wrong(name, "an ISO 8601 date and time")
        return moment

    def day(self, name: str) -> date | None:
        """A date, or None where it is missing or null."""
        value = self.optional_text(name)
        day = as_day(value)
        if value is not None and day is None:
            raise self.wrong(name, "a date such as 2026-05-31")
        return day

    def inner(self, name: str) -> Fields:
        """The object that *name* holds."""
        return Fields(self.value.get(name), f"{self.where}.{name}")

    def each(self, name: str) -> Iterator[Fields]:
        """The objects of the list that *name* holds; none where it is missing."""
        value = self.value.get(name, [])
        if not isinstance(value, list):
            raise self.wrong(name, "a list")
        for index, item in enumerate(value):
            yield Fields(item, f"{self.where}.{name}[{index}]")


def parse_json(text: str, where: str) -> Fields:
    """*text*, which is to be one JSON object.

    Raises:
        FileFormatError: it is not; names *where* with line and column.
    """
    try:
        value = json.loads(text)  # as to_json wrote it: infinity stays a number
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text.strip() else ""
        reason = one_line(error.msg).removesuffix(" starting at").removesuffix(" at")
        place = f"{where}, {line}column {error.colno}"
        raise FileFormatError(f"{place}: not valid JSON ({reason})") from error
    except RecursionError as error:
        raise FileFormatError(f"{where}: the JSON is nested too deeply") from error
    except ValueError as error:  # Python 3.11 converts 4,300 digits at most
        raise FileFormatError(f"{where}: a number in the JSON is too long") from error
    return Fields(value, where)


def to_json(value: object) -> str:
    """*value* as one line of ASCII JSON, in which every string survives, surrogates too."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
