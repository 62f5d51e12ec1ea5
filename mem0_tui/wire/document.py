"""The base of every shape on the wire: unknown fields are welcome, the JSON as received is kept."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr, ValidationError

from mem0_tui.model.errors import InvalidRequestError, ResponseError
from mem0_tui.model.text import one_line


class WireDocument(BaseModel):
    """A JSON object of Mem0's."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, protected_namespaces=())

    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def raw(self) -> dict[str, Any]:
        """The object as it was received; empty for one made here."""
        return self._raw

    @classmethod
    def read(cls, value: object) -> Self:
        """*value*, an answer's JSON, as this shape.

        Raises:
            ResponseError: it does not have the fields that this shape cannot do without.
        """
        if not isinstance(value, dict):
            raise ResponseError(f"expected {cls.__name__} as a JSON object, got {_kind(value)}")
        try:
            document = cls.model_validate(value)
        except ValidationError as error:
            raise ResponseError(f"{cls.__name__}: {_first(error)}") from None
        document._raw = value
        return document

    @classmethod
    def parse(cls, value: object) -> Self:
        """*value*, a request's JSON, as this shape.

        Raises:
            InvalidRequestError: it does not fit; the message names the first field that does not.
        """
        if not isinstance(value, dict):
            raise InvalidRequestError("the body must be a JSON object")
        try:
            document = cls.model_validate(value)
        except ValidationError as error:
            raise InvalidRequestError(_first(error)) from None
        document._raw = value
        return document


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return one_line(f"{where}: {first['msg']}" if where else first["msg"])


def _kind(value: object) -> str:
    names = {list: "a list", str: "a string", type(None): "null", bool: "a truth value"}
    return names.get(type(value), "a number")


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def _flag(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() == "true")


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _names(value: object) -> list[str]:
    found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [item for item in found if isinstance(item, str)]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _score(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = float(value)
    return number if number - number == 0 else None


LooseText = Annotated[str | None, BeforeValidator(_text)]
"""A string or number as text; anything else counts as absent."""
LooseFlag = Annotated[bool, BeforeValidator(_flag)]
"""True only for ``true``; anything else counts as false."""
LooseObject = Annotated[dict[str, Any], BeforeValidator(_object)]
"""An object; null and anything else count as empty."""
LooseObjects = Annotated[list[dict[str, Any]], BeforeValidator(_objects)]
"""The objects of a list; anything else counts as none."""
LooseNames = Annotated[list[str], BeforeValidator(_names)]
"""The strings of a list, or a single string; anything else counts as none."""
LooseCount = Annotated[int | None, BeforeValidator(_count)]
"""A whole number from zero up; anything else counts as not said."""
LooseScore = Annotated[float | None, BeforeValidator(_score)]
"""A finite number; anything else counts as not said."""
