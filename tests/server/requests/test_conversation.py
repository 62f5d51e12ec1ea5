"""Of a conversation only what is worth recalling is kept, and the rest is left out for a reason."""

from __future__ import annotations

import pytest

from mem0_tui.server.requests.conversation import passed_over

OTHER = "another message of the same exchange was kept"


def reasons(*turns: tuple[str, str], captured: bool = True) -> list[str | None]:
    messages = [{"role": role, "content": content} for role, content in turns]
    return passed_over(messages, captured=captured)


@pytest.mark.parametrize(
    "prompt",
    [
        "How do releases of the shop work?",
        "how do i run the tests",
        "what's the port of the staging database",
        "so why is this test flaky",
        "Can you add a health check to the API",
        "could you please rename the module",
        "is there a script for releases",
        "Isn't it the same as last week",
        "CI is red since this morning. Why?",
        "Why is CI red?! It was green yesterday.",
        "The build fails on main (is it the cache?)",
        "wie laufen die Releases ab?",
        "测试怎么运行？",
        "كيف أشغل الاختبارات؟",
        "¿Cómo se publica la tienda?",
        "really?",
    ],
)
def test_a_question_is_not_kept(prompt: str) -> None:
    assert reasons(("user", prompt)) == ["a question"]
    assert reasons(("user", prompt), captured=False) == ["a question"]


@pytest.mark.parametrize(
    "prompt",
    [
        "/compact",
        "/mem0:status please",
        "/review the last commit of the release branch",
        "$mem0:remember we deploy on Fridays",
        "$deploy",
        "  $release-shop to staging",
        "[$release-shop](skill://release-shop) to staging",
        "use $release-shop to ship it to staging",
        "!git status --short",
        "<command-name>/review</command-name> the diff",
        "/explain why does this fail?",
    ],
)
def test_a_call_of_a_skill_is_not_kept(prompt: str) -> None:
    assert reasons(("user", prompt)) == ["a call of a skill or command"]


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("yes", "a single word"),
        ("continue", "a single word"),
        ("是", "a single word"),
        ("ok!", "a single word"),
        ("...", "a single word"),
        ("yes please, go ahead", "no more than a short reply"),
        ("Looks good, thanks a lot!", "no more than a short reply"),
        ("try again", "no more than a short reply"),
        ("", "blank"),
        (" \n\t", "blank"),
    ],
)
def test_what_says_nothing_is_not_kept(prompt: str, reason: str) -> None:
    assert reasons(("user", prompt)) == [reason]
    assert reasons(("assistant", prompt)) == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "I prefer small releases of the shop on Thursdays.",
        "$HOME is read-only on the build machines",
        "/etc/hosts of the build machines names the registry",
        "/srv is where the shop lives",
        "Releases go out on Thursdays; `really?` is the name of a flag",
        'The error "why not?" comes from the payment service',
        "Docs are at https://docs.example/search?q=shop and nowhere else",
        "Whatever happens, releases go out on Thursdays",
        "Likes pizza",
        "I'm vegetarian.",
        "发布总是在星期四进行",
        "Das Team gibt donnerstags frei",
    ],
)
def test_a_statement_is_kept(text: str) -> None:
    assert reasons(("user", text)) == [None]
    assert reasons(("user", text), captured=False) == [None]


@pytest.mark.parametrize(
    "prompt",
    [
        "Please look at how releases of the shop work.",
        "fix the flaky test of the payment service",
        "I want you to rename the module",
        "let's bump the version to 1.4",
    ],
)
def test_a_request_that_was_captured_is_not_kept(prompt: str) -> None:
    assert reasons(("user", prompt)) == ["a request"]
    assert reasons(("user", prompt), ("assistant", "Done.")) == ["a request", "a single word"]
    answer = "The flaky test waited for the clock; it waits for the queue now."
    assert reasons(("user", prompt), ("assistant", answer)) == ["a request", None]


def test_a_lone_rule_that_somebody_adds_is_kept_although_it_begins_like_a_request() -> None:
    assert reasons(("user", "Run make lint before each commit"), captured=False) == [None]


@pytest.mark.parametrize(
    "rule",
    [
        "Always run the linter before you commit.",
        "From now on, use pnpm for everything",
        "never push to main directly",
        "We use pnpm, not npm. Fix the lockfile.",
        "Fix the lockfile. We always use pnpm here.",
        "our staging database is called shop_stage",
        "Remember that the shop is closed on Sundays",
    ],
)
def test_what_holds_beyond_the_task_is_kept_before_its_answer(rule: str) -> None:
    answer = "The lockfile was written anew by the package manager."
    assert reasons(("user", rule), ("assistant", answer)) == [None, OTHER]


def test_of_each_exchange_one_message_is_kept() -> None:
    found = reasons(
        ("assistant", "The session begins with a greeting of the agent"),
        ("user", "Please fix the flaky test"),
        ("assistant", "I will look at the test of the queue first."),
        ("assistant", "The flaky test waited for the clock; it waits for the queue now."),
        ("user", "The release failed because a tag was missing"),
        ("user", "We never tag by hand"),
        ("assistant", "CI tags each release from the version file now."),
        ("user", "thanks!"),
        ("assistant", "You're welcome. Shall I commit it?"),
    )
    assert [reason is None for reason in found] == [
        *(True, False, False, True),
        *(True, True, False, False, False),
    ]
    assert found[1:3] == ["a request", OTHER]
    assert found[6:8] == [OTHER, "a single word"]
    assert found[8] == "a question"


def test_an_answer_may_end_in_a_question() -> None:
    said = "CI tags each release from the version file. Shall I push it?"
    assert reasons(("assistant", said)) == [None]
    assert reasons(("assistant", "Which of the two files do you mean?")) == ["a question"]
    assert reasons(("assistant", "Sure. Which of the two files do you mean?")) == ["a question"]
