"""Lines about a plan, what became of it or an edit, in the colours of their roles."""

from __future__ import annotations

from typing import ClassVar

from mem0_tui.tui.widgets.text_view import TextView


class PlanLines(TextView):
    """Shows lines that presenting wrote."""

    PREFIX = "plan-item"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plan-item--title",
        "plan-item--key",
        "plan-item--id",
        "plan-item--muted",
        "plan-item--warning",
        "plan-item--removed",
        "plan-item--added",
    }
