"""Functions, classes and constants beside the file that defined them: gone, or still there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.evidence.staleness.assessed import Assessed, Freshness
from mem0_tui.evidence.staleness.reference import ReferenceKind
from mem0_tui.model.memory import Memory
from tests.evidence.staleness.conftest import judged
from tests.evidence.staleness.made import Commit, git, lines, make, noon

FILE = (
    "class CardGateway:\n    pass\n\nRETRY_LIMIT = 5\n\ndef charge_card(x):\n    return x\n\n"
    "def refund_all():\n    return use_only()\n"
) + lines(40)
WITHOUT_REFUND = FILE.replace("def refund_all():\n    return use_only()\n", "")
WITHOUT_CHARGE = WITHOUT_REFUND.replace("def charge_card(x):\n    return x\n", "")
HISTORY = [
    Commit("2025-01-10", put={"src/pay.py": FILE, "src/shop.py": "g = CardGateway()\n"}),
    Commit("2025-03-01", put={"src/pay.py": WITHOUT_REFUND}),
    Commit("2025-04-01", move={"src/pay.py": "src/billing.py"}),
    Commit("2025-05-01", put={"src/billing.py": WITHOUT_CHARGE}),
    Commit("2025-06-01", drop=["src/billing.py"]),
]


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("symbols") / "pay", HISTORY)


def symbol(pay: Path, text: str, day: str = "2025-02-01") -> Assessed:
    said = judged(pay, Memory("m", text, created_at=noon(day)))["m"]
    [found] = [each for each in said if each.reference.kind is ReferenceKind.SYMBOL]
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("`refund_all()` in src/pay.py takes a list", "2025-03-01"),
        ("pay.py has refund_all() for that", "2025-03-01"),
        ("Call pay.charge_card() of src/pay.py", "2025-05-01"),
        ("`RETRY_LIMIT` is set in src/pay.py", "2025-06-01"),
    ],
)
def test_it_is_gone_with_the_commit_that_took_it_out(pay: Path, text: str, day: str) -> None:
    said = symbol(pay, text)
    commits = dict(line.split()[::-1] for line in git(pay, "log", "--format=%H %cs").splitlines())
    assert (said.freshness, said.commit, said.counts) == (Freshness.GONE, commits[day], True)
    assert said.path == "src/pay.py"


@pytest.mark.parametrize(
    ("text", "freshness"),
    [
        ("`CardGateway` of src/pay.py wraps it", Freshness.FRESH),  # the word is left elsewhere
        ("`refund_all()` takes a list", Freshness.UNVERIFIABLE),  # beside no file
        ("src/pay.py calls use_only() a lot", Freshness.UNVERIFIABLE),  # never defined there
        ("src/shop.py has refund_all()", Freshness.UNVERIFIABLE),  # not there
    ],
)
def test_else_it_is_not(pay: Path, text: str, freshness: Freshness) -> None:
    said = symbol(pay, text)
    assert (said.freshness, said.counts) == (freshness, False)


def test_words_of_a_sentence_are_no_symbols(pay: Path) -> None:
    text = "Use `tabs` and `main` (see docs), e.g. foo or CardGateway, in src/shop.py"
    said = judged(pay, Memory("m", text, created_at=noon("2025-02-01")))["m"]
    assert ReferenceKind.SYMBOL not in {each.reference.kind for each in said}
