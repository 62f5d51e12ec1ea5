"""JSON in and out, at a fifth of what importing ``json`` costs.

``json`` brings in ``re`` and with it a third of a hook's time; its two halves in C need neither.
Where there are none, ``json`` itself is used.
"""

from __future__ import annotations

try:
    from _json import encode_basestring_ascii as _quoted
    from _json import make_scanner as _make_scanner
except ImportError:  # another Python than CPython
    from json.encoder import encode_basestring_ascii as _quoted
    from json.scanner import make_scanner as _make_scanner


class _Rules:
    """How the scanner reads: as ``json.loads`` does, control characters in texts allowed."""

    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    memo: dict[str, str] = {}

    @staticmethod
    def parse_constant(name: str) -> float:
        return float(name)


_scan = _make_scanner(_Rules())  # type: ignore[arg-type]


def loads(data: bytes | str) -> object:
    """What the JSON text *data* means; ValueError where it is none."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    text = text.strip(" \t\r\n\ufeff")
    try:
        value, end = _scan(text, 0)
    except (StopIteration, RecursionError, SystemError):
        # SystemError: the scanner finds no module ``json`` to take its own error from.
        raise ValueError("that is not JSON") from None
    if end != len(text):
        raise ValueError("there is more text after the JSON")
    return value


def dumps(value: object) -> str:
    """*value*, made of tables, lists, texts, numbers, truths and None, as ASCII JSON."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case int() | float():
            return repr(value)
        case dict():
            parts = [f"{_quoted(str(key))}: {dumps(inner)}" for key, inner in value.items()]
            return "{" + ", ".join(parts) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(dumps, value)) + "]"
        case _:
            raise ValueError(f"{type(value).__name__} has no JSON")
