"""The same in the passive, as a command or with a part moved is seen; nothing is turned round."""

from __future__ import annotations

import pytest

from mem0_tui.detect.repeats.judgement import judge
from mem0_tui.detect.repeats.reading import read
from mem0_tui.detect.repeats.relation import Relation


def _relation(one: str, other: str) -> Relation | None:
    found = judge(read(one), read(other))
    back = judge(read(other), read(one))
    assert (found and found.sort) == (back and back.sort)
    return found.sort if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim reviews all changes to billing.", "All changes to billing are reviewed by Kim."),
        ("CSV files are written to S3 by the job.", "The job writes CSV files to S3."),
        ("The index gets rebuilt by the cron job.", "The cron job rebuilds the index."),
        ("Never edit old migrations.", "Old migrations must not be edited."),
        ("Flaky tests must be fixed at once.", "Fix flaky tests at once."),
        ("Use `just dev` to start the dev server.", "Start the dev server with `just dev`."),
        ("The docs should use British spelling.", "Use British spelling in the docs."),
        ("Docs are built using mkdocs.", "Docs are built with MkDocs."),
        ("Prefer plain functions in this codebase.", "In this codebase, prefer plain functions."),
        ("Only maintainers may merge.", "Only maintainers are allowed to merge."),
        ("We now use Poetry for builds.", "We use Poetry for builds."),
        ("User stated they prefer pytest over nose.", "The user prefers pytest over nose."),
        ("As of today, the index is Meilisearch.", "The index is Meilisearch."),
    ],
)
def test_the_same_in_another_voice_is_a_repeat(one: str, other: str) -> None:
    assert _relation(one, other) is Relation.REPEAT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tests are run with `make test`.", "Run the tests with `make test`."),
        ("CI treats warnings as errors.", "Warnings are treated as errors in CI."),
        ("[2026-10-02] Billing uses decimals.", "Billing uses decimals."),
        ("The login bug is fixed.", "The login bug must be fixed."),
        ("Now the importer is slow.", "Then the importer is slow."),
    ],
)
def test_what_may_report_what_the_other_demands_is_for_people(one: str, other: str) -> None:
    assert _relation(one, other) is Relation.ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim is reviewed by Sam.", "Sam is reviewed by Kim."),
        ("The gateway calls the worker.", "The gateway is called by the worker."),
        ("The index was rebuilt by Kim.", "Kim rebuilds the index."),
        ("Kim reviewed the code.", "The code is reviewed by Kim."),
        ("Data is imported from Xero.", "Xero imports data."),
        ("The docs should not use tabs.", "Use tabs in the docs."),
        ("Secrets must not be read by admins.", "Admins read secrets."),
        ("Errors must be shown in the UI.", "Show errors in the CLI."),
        ("The API should use the queue.", "Use the API in the queue."),
        ("The parser is used to test the lexer.", "Use the lexer to test the parser."),
        ("Fix the login bug.", "Fixed the login bug."),
        ("Deploy staging from main.", "Deploy production from main."),
        ("Swipe left to archive it.", "Swipe right to archive it."),
        ("Open the valve before the pump.", "Open the pump before the valve."),
    ],
)
def test_what_is_turned_round_or_done_is_no_repeat(one: str, other: str) -> None:
    assert _relation(one, other) not in (Relation.REPEAT, Relation.ALIKE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bucket is public.", "The bucket is private."),
        ("The old API is still supported.", "The old API is no longer supported."),
        ("The user prefers verbose logs.", "The user no longer prefers verbose logs."),
        ("CI uses Node 20.", "CI uses Node 22 now."),
    ],
)
def test_what_no_longer_holds_is_a_conflict(one: str, other: str) -> None:
    assert _relation(one, other) is Relation.CONFLICT


def test_reports_of_what_was_done_are_no_conflict() -> None:
    assert _relation("Release 2.1 was shipped.", "Release 2.2 was shipped.") is None
    assert _relation("Migration 014 was applied.", "Migration 015 was applied.") is None
