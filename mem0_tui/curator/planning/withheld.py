"""Plan files hold no secret: each is written as its kind and a number, and read from its memory
again when the plan is applied.

What a plan adds that no memory of the item says cannot be read from anywhere: such a plan is
written whole, or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.errors import PlanChangedError, RefusedError
from mem0_tui.model.memory import Memory, canonical_json
from mem0_tui.model.secret.removal import Removal, removal_of, said_by, said_in
from mem0_tui.store.formats.codec import change_json, memory_json


def withheld(item: PlanItem) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The change of *item* and the memories before it, as a plan file holds them without secrets.

    Raises:
        RefusedError: it adds text with a secret that none of its memories says.
    """
    names = _names(item.before)
    change = change_json(item.change)
    written = names.value(change, (), own=True)
    if _back(written, item.before) != change or removal_of(said_by(written)):
        raise RefusedError(
            "the plan adds text with a secret, which a plan file does not hold",
            hint="--with-secrets writes it whole; keep such a file to yourself",
        )
    if written != change:
        written["withheld"] = _digest(change)
    return written, [_before(memory, names) for memory in item.before]


def read_again(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the memories that have to be read for the secrets that *items*, of a plan file,
    do not hold."""
    entries = chain.from_iterable(item.get("before") or () for item in items)
    masked = [entry.get("memory") for entry in entries if entry.get("masked") is True]
    return [memory["id"] for memory in masked if isinstance(memory, dict) and "id" in memory]


def whole(change: dict[str, Any], before: Sequence[Memory], *, complete: bool) -> dict[str, Any]:
    """*change*, as read from a plan file, with the secrets that its memories say. With one that has
    been changed since, so that the item will be refused, it is not *complete* and stays.

    Raises:
        PlanChangedError: it is not what was written.
    """
    if "withheld" not in change or not complete:
        return change
    found = _back({key: each for key, each in change.items() if key != "withheld"}, before)
    if _digest(found) != change["withheld"]:
        raise PlanChangedError(
            "the secrets that were left out of the plan file cannot be put back into it",
            hint="write the plan again with --with-secrets",
        )
    return found


def _before(memory: Memory, names: Removal) -> dict[str, Any]:
    plain = memory_json(memory)
    masked = names.value(memory_json(memory, raw=False), (), own=True)
    raw = names.value(plain.get("raw"), (), own=True)
    if not names or {**masked, **({"raw": raw} if "raw" in plain else {})} == plain:
        return {"hash": memory.content_hash, "memory": plain}
    return {"hash": memory.content_hash, "memory": masked, "masked": True}


def _names(before: Iterable[Memory]) -> Removal:
    """What is written in the place of each secret that *before* says, the same every time."""
    found = removal_of(chain.from_iterable(map(said_in, before))).values
    kinds = (place.strip("/[]").removesuffix(" removed") for place in found.values())
    return Removal(
        {
            value: f"<{kind} {n}>"
            for n, (value, kind) in enumerate(zip(found, kinds, strict=True), 1)
        }
    )


def _back(written: dict[str, Any], before: Iterable[Memory]) -> dict[str, Any]:
    names = _names(before).values
    found: dict[str, Any] = Removal({name: value for value, name in names.items()}).value(
        written, (), own=True
    )
    return found


def _digest(change: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(change).encode()).hexdigest()
