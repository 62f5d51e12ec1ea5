"""The orders of the list: those of a listing, and one that only the records of Codex know."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from mem0_tui.model.page import Sort


class UseOrder(StrEnum):
    """Orders by what Codex did with the memories."""

    USED = "used"
    """What it was given most often first; the latest of those first."""


Order: TypeAlias = Sort | UseOrder
ORDERS: Final[dict[str, Order]] = {order.value: order for order in (*Sort, *UseOrder)}
"""All orders, by name."""


def listing_order(order: Order) -> Sort:
    """The order in which the backend is asked for memories that are shown in *order*."""
    return order if isinstance(order, Sort) else Sort.NEWEST


def led_by(first: Sequence[int], keys: array[int]) -> array[int]:
    """The row keys *keys* with those of them that are in *first* at the front, in that order.

    A million keys take a few tenths of a second: call it in a thread.
    """
    there = set(keys)
    led = dict.fromkeys(key for key in first if key in there)
    return array("q", [*led, *(key for key in keys if key not in led)])
