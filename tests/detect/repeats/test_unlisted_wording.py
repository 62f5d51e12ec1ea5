"""Repeats whose differing words no list of synonyms holds: what they are tells that they say
nothing of their own. Beside each kind, pairs that only look like it."""

from __future__ import annotations

import pytest

from mem0_tui.detect.repeats.judgement import judge
from mem0_tui.detect.repeats.reading import read
from mem0_tui.detect.repeats.relation import Relation
from tests.detect.repeats.labelled import found_in, memory

_FLAGS = "Feature flags expire after a sprint."


def _relation(one: str, other: str) -> Relation | None:
    """How they are related where nothing was learned from other memories."""
    found = judge(read(one), read(other))
    back = judge(read(other), read(one))
    assert (found and found.sort) == (back and back.sort)
    if found is None or found.affixes:
        return found.otherwise if found else None
    return found.sort


@pytest.mark.parametrize(
    "told",
    [
        f"Good to know: {_FLAGS}",
        f"Just so it is on record: {_FLAGS}",
        f"It came up in the review that {_FLAGS}",
        f"Learned during this session that {_FLAGS}",
        f"Observed in the code and stated by the user: {_FLAGS}",
        f"Once more from the user: {_FLAGS}",
        f"From yesterday's standup: {_FLAGS}",
        f"Noted. {_FLAGS}",
        f"Mireille pointed out that {_FLAGS}",
        f"For the avoidance of doubt: {_FLAGS}",
        f"The user made it clear that {_FLAGS}",
        f"The user asked that {_FLAGS}",
        f"According to Mireille, {_FLAGS}",
        f"In session 14 we agreed that {_FLAGS}",
        f"Bo confirmed on Monday that {_FLAGS}",
        "Feature flags expire after a sprint (confirmed by Bo).",
        "Feature flags expire after a sprint, no exceptions.",
        "Feature flags expire after a sprint, if I recall correctly.",
        "Feature flags expire after a sprint, good to know.",
        "Feature flags expire after a sprint; nothing new here.",
        "Feature flags expire after a sprint. Same as before.",
        "Feature flags expire after a sprint, and that has been so for a while.",
        "Feature flags expire after a sprint, in case that is useful later.",
    ],
)
def test_talk_around_what_is_said_is_seen_through(told: str) -> None:
    assert _relation(told, _FLAGS) is Relation.REPEAT


@pytest.mark.parametrize(
    "told",
    [
        f"Mireille doubts that {_FLAGS}",
        f"The user asked whether {_FLAGS}",
        f"It was rumoured that {_FLAGS}",
        f"To be decided: {_FLAGS}",
        f"Since session 14, {_FLAGS}",
        f"By Monday, {_FLAGS}",
        f"According to Bo's plan, {_FLAGS}",
        f"It will be agreed that {_FLAGS}",
        f"It is no longer agreed that {_FLAGS}",
        f"Docs convention: {_FLAGS}",
        "Feature flags expire after a sprint, except in billing.",
        "Feature flags expire after a sprint, as a workaround.",
        "Feature flags expire after a sprint in the mobile app.",
        "Feature flags expire after a sprint, before the review.",
    ],
)
def test_what_narrows_or_doubts_is_no_talk(told: str) -> None:
    assert _relation(told, _FLAGS) is not Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Noor said that she owns billing.", "Kim said that she owns billing."),
        ("Noor noted that the build is slow.", "Kim noted that the build is slow."),
        ("The team said they prefer tabs.", "The user said they prefer tabs."),
        ("According to Bo, the build is slow.", "According to Kim, the build is slow."),
        ("The build is slow, as Bo said.", "The build is slow, as Kim said."),
        ("On Monday Bo said that CI is red.", "On Friday Bo said that CI is red."),
    ],
)
def test_who_says_it_is_told_apart(one: str, other: str) -> None:
    assert _relation(one, other) is not Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User runs OrbStack on the laptop.", "Runs OrbStack on the laptop."),
        ("User's project Gribble is in Elixir.", "Project Gribble is in Elixir."),
        ("The codebase uses pnpm workspaces.", "This project uses pnpm workspaces."),
        ("El usuario prefiere Bun.", "Prefiere Bun."),
        ("L'utilisateur préfère Symfony.", "Préfère Symfony."),
        ("Der Nutzer bevorzugt pnpm.", "Bevorzugt pnpm."),
        ("The developer likes small commits.", "User likes small commits."),
    ],
)
def test_the_subject_that_a_store_tells_may_be_left_out(one: str, other: str) -> None:
    assert _relation(one, other) is Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User runs are logged in staging.", "Runs are logged in staging."),
        ("User tests run at night.", "Tests run at night."),
        ("Project builds fail on ARM.", "Builds fail on ARM."),
        ("The client prefers small commits.", "User prefers small commits."),
    ],
)
def test_a_noun_before_another_is_no_subject(one: str, other: str) -> None:
    assert _relation(one, other) is not Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Validating input is the gateway's job.", "Validation of input is the gateway's job."),
        ("For deployment, use the blue lane.", "For deploying, use the blue lane."),
        ("Reports are normalised at night.", "Reports are normalized at night."),
        ("The user chose Hono for the edge.", "The user has chosen Hono for the edge."),
        ("Use multi-stage builds.", "Use multistage builds."),
        ("The infra repo holds the charts.", "The infrastructure repository holds the charts."),
        ("User would like short replies.", "The user wants short replies."),
        ("The job won't retry mails.", "The job will not retry mails."),
        ("It takes about 14 seconds.", "It takes roughly 14 seconds."),
        ("The user dislikes long functions.", "The user doesn't like long functions."),
        ("Grebe owns the table auth_sess.", "Grebe owns auth_sess."),
        ("Le projet Grebe tourne sur OVH.", "Grebe tourne sur OVH."),
        ("Use Bun to run scripts.", "Use Bun for running scripts."),
        ("Grebe has been ported to Bun.", "Grebe was ported to Bun."),
    ],
)
def test_forms_of_one_word_are_one(one: str, other: str) -> None:
    assert _relation(one, other) is Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The trainer picks the slots.", "The trainee picks the slots."),
        ("The stack is deployed nightly.", "The stack is redeployed nightly."),
        ("Payloads are signed at the edge.", "Payloads are unsigned at the edge."),
        ("The re-sign step is manual.", "The resign step is manual."),
        ("Keep the document in docs.", "Keep the documentation in docs."),
        ("The station is in the north.", "The stating is in the north."),
        ("Int columns are indexed.", "Internal columns are indexed."),
        ("The training is in Rome.", "The train is in Rome."),
        ("The test of the parser is slow.", "The parser of the test is slow."),
        ("The config is editable.", "The config is edited."),
        ("Answer formally in mails.", "Answer casually in mails."),
    ],
)
def test_words_that_only_share_their_letters_are_told_apart(one: str, other: str) -> None:
    assert _relation(one, other) is not Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("On Fridays no deploys are made.", "No deploys are made on Fridays."),
        ("For icons we use Lucide.", "We use Lucide for icons."),
        ("Response times of the search are low.", "Search response times are low."),
        ("Vor jedem Deploy muss das Skript laufen.", "Das Skript muss vor jedem Deploy laufen."),
        ("Avant la fusion, les tests passent.", "Les tests passent avant la fusion."),
        ("Los viernes no se despliega.", "No se despliega los viernes."),
        ("If the cache is cold, warm it first.", "Warm the cache first if it is cold."),
        ("Locally, Grebe runs in Docker.", "Grebe runs in Docker locally."),
        ("For large sets, user prefers polars.", "User prefers polars for large sets."),
        ("Every 30 seconds the probe is read.", "The probe is read every 30 seconds."),
    ],
)
def test_a_part_may_stand_elsewhere(one: str, other: str) -> None:
    assert _relation(one, other) is Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Each worker has two threads.", "Both workers have two threads."),
        ("Stop if any test fails.", "Stop if all tests fail."),
        ("The nightly job always fails.", "The nightly job usually fails."),
        ("We do not log all requests.", "We do not log requests."),
        ("His laptop runs Debian.", "Her laptop runs Debian."),
    ],
)
def test_small_words_that_stand_against_each_other_are_for_people(one: str, other: str) -> None:
    """They weigh nothing, so both texts are of one class."""
    found = found_in([memory("a", one), memory("b", other, days=1)])
    assert [each for each in found if each.proposal] == []


def test_a_name_with_a_colon_alone_is_no_talk() -> None:
    one, other = (f"Fix: put a bound of {count} entries on the cache." for count in (100, 200))
    assert _relation(one, other) is Relation.CONFLICT
