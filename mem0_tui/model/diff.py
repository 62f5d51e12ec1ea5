"""What changed between two texts, word by word, for whoever shows it."""

from __future__ import annotations

from difflib import SequenceMatcher

from mem0_tui.model.late import late_dataclass
from mem0_tui.model.late_pattern import late

_WORDS = late(r"\n|[^\S\n]+|\d+(?:[.,:]\d+)+|\w+|[^\w\s]+")
"""A number with its separators is one word: ``1,207``, ``16.4``, ``12:30``."""
_MOST = 4000
"""Words beyond which the two texts count as wholly replaced: matching takes quadratic time."""


@late_dataclass(frozen=True)
class Difference:
    """A piece of text that stayed (*gone* is *came*), or that was replaced by another."""

    gone: str
    came: str

    @property
    def same(self) -> bool:
        """Whether it stayed."""
        return self.gone == self.came


def word_diff(before: str, after: str) -> list[Difference]:
    """*before* and *after* as pieces in order; joined, each side gives its text.

    Blanks alone between two changed words belong to the change, so that it reads as one.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MOST:
        return [Difference(before, after)] if before or after else []
    found: list[Difference] = []
    held = ""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            if found and not found[-1].same and gone.isspace() and "\n" not in gone:
                held = gone
                continue
            found.append(Difference(gone, gone))
        elif held or (found and not found[-1].same):
            last = found.pop()
            found.append(Difference(last.gone + held + gone, last.came + held + came))
            held = ""
        else:
            found.append(Difference(gone, came))
    if held:
        found.append(Difference(held, held))
    return found
