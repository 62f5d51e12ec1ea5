"""Texts by the hundred thousand for the detectors, with repeats and twins planted among them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from mem0_tui.demo.bulk import TEMPLATES, sentence

COUNT, REPEATS, TWINS = 100_000, 5_000, 2_000
_LOGS = ("session_summary", "compact_summary", "session_state")
_TYPES = [type_ for type_ in TEMPLATES if type_ not in _LOGS]
_NUMBER = re.compile(r"\d+")


def _synonym(text: str) -> str:
    for one, other in (("until", "till"), ("prefers", "favours"), ("needs", "requires")):
        if one in text:
            return text.replace(one, other, 1)
    return f"Note that {text}"


_CHANGES: tuple[Callable[[str], str], ...] = (
    str.upper,
    lambda text: f"The user said that {text}",
    lambda text: f"Reminder: {text}",
    lambda text: f"{text} (confirmed)",
    lambda text: f"As discussed, {text.rstrip('.')}; still valid.",
    lambda text: text.replace(" the ", " ", 1).replace(".", ""),
    lambda text: " ".join(reversed(re.split(r"(?<=\.) ", text))),
    _synonym,
)


def write_crowd(path: Path) -> None:
    """Write id and text of each memory, a JSON array a line; the id of a planted one ends with the
    number of what it repeats (``r17``) or resembles (``t17``)."""
    rng = Random(11)
    texts = [_text(rng) for _ in range(COUNT - REPEATS - TWINS)]
    rows = [(f"m{number}", text) for number, text in enumerate(texts)]
    chosen = rng.sample(range(len(texts)), REPEATS + TWINS)
    for at, number in enumerate(chosen[:REPEATS]):
        rows.append((f"r{number}", _CHANGES[at % len(_CHANGES)](texts[number])))
    rows += [(f"t{number}", _twin(texts[number])) for number in chosen[REPEATS:]]
    rng.shuffle(rows)
    _write(path, iter(rows))


def write_templates(path: Path) -> None:
    """Write as many texts of one form: what a hook writes that nobody masks."""
    rng = Random(12)
    places = ("app/cart", "app/tax", "charts", "src/api", "docs", "modules/data")
    rows = (
        (
            f"m{number}",
            f"Session {number}: the assistant edited {rng.choice(places)}/f{rng.randrange(9999)}.py"
            f" and ran {rng.randrange(900)} tests in {rng.randrange(300)} seconds; the user wants"
            f" turn {rng.randrange(50)} to be summed up before the next release.",
        )
        for number in range(COUNT)
    )
    _write(path, rows)


def read_rows(path: Path) -> Iterator[tuple[str, str]]:
    """The ids and texts of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            id_, text = json.loads(line)
            yield id_, text


def _text(rng: Random) -> str:
    return " ".join(sentence(rng.choice(_TYPES), rng) for _ in range(rng.randint(2, 3)))


def _twin(text: str) -> str:
    found = _NUMBER.search(text)
    if found is None:
        return f"It is no longer true that {text}"
    return f"{text[: found.start()]}{int(found.group()) + 1}{text[found.end() :]}"


def _write(path: Path, rows: Iterator[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
