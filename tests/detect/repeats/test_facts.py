"""Conflicts of texts that put one fact in other words, and texts that only seem to."""

from __future__ import annotations

import pytest

from mem0_tui.detect.suspicion import Queue, Tier
from tests.detect.repeats.labelled import found_in, memory


def _tiers(one: str, other: str) -> list[Tier]:
    found = found_in([memory("a", one), memory("b", other, days=1)])
    assert [each for each in found if each.proposal] == []
    return [each.tier for each in found if each.queue is Queue.CONFLICTS]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Mulberry server runs on 5173.", "Mulberry's server uses port 3000."),
        ("Osier requires Node 20.11.", "Node 22 is required by the Osier monorepo."),
        ("Keys are rotated every 90 days.", "Rotate keys every 30 days."),
        ("Prisma is pinned to 5.14.", "The Prisma pin is at 5.22."),
        ("The pool size in the cellar is 20.", "Cellar pool size: 25"),
        ("The timeout of the webhook is 20 s.", "Webhook timeout: 30 seconds."),
        ("In the forge, the pool holds 20 links.", "The pool holds 40 links in the forge."),
        ("Python 3.11 is the minimum.", "The minimum is Python 3.12."),
        ("Tokens expire after 15 minutes.", "As agreed, tokens expire after one hour."),
        ("Skua's settings are in etc/skua.toml.", "Settings of Skua live in conf/skua.toml."),
        ("Merging needs 2 approvals in Osier.", "Osier needs 3 approvals for merging."),
        ("Deployments go out on Tuesdays.", "Deployment day is Thursday."),
        ("The user eats meat.", "The user doesn't eat meat any more."),
        ("Redis holds sessions of Tamarack.", "Redis no longer holds Tamarack sessions."),
        ("The Tern panel is on in the hub.", "In the hub the Tern panel is off."),
        ("Der Rabe-Server läuft unter Debian 11.", "Auf dem Rabe-Server ist Debian 12."),
    ],
)
def test_another_value_of_one_subject_is_a_conflict_however_it_is_put(one: str, other: str) -> None:
    assert _tiers(one, other) == [Tier.FINDING]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Quill API gateway listens on 8443.", "The gateway of Quill uses port 9443."),
        ("Unit tests in Kittiwake use Jest.", "Kittiwake's unit tests run on Vitest."),
        ("Terraform changes are reviewed by Bo.", "Ansgar reviews Terraform changes."),
        ("The default branch of Osier is master.", "Osier's default branch is trunk."),
        ("Feature flags of Gribble live in Flagd.", "Gribble keeps feature flags in Unleash."),
        ("A patched pgbouncer fork is needed.", "The pgbouncer fork is no longer needed."),
    ],
)
def test_a_word_more_or_another_name_is_for_people(one: str, other: str) -> None:
    assert _tiers(one, other) == [Tier.LOOK]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The staging database is on 5433.", "The production database is on 5432."),
        ("The gateway listens on 8443 for HTTPS.", "The gateway listens on 9100 for metrics."),
        ("Hazel's pool size is 40.", "Hazel's idle timeout is 90 seconds."),
        ("The portal allows uploads of 2 GB.", "The portal allows 50 downloads per hour."),
        ("Moorhen in eu-west-1 has 5 nodes.", "Moorhen in us-east-1 has 9 nodes."),
        ("The full backup runs on Saturday.", "The incremental backup runs on Sunday."),
        ("Step 1 of the release is tagging.", "Step 2 of the release is building."),
        ("The cap of Hazel is 40.", "The version of Hazel is 41."),
        ("Tove prefers Vim.", "Ansgar prefers Emacs."),
        ("The pool of the forge holds 20 links.", "The pool in staging holds 40 links."),
        (
            "The test run took 6 minutes 9 seconds, 1,205 passed, 2 skipped.",
            "The test run took 6 minutes 12 seconds, 1,204 passed, 2 skipped.",
        ),
    ],
)
def test_another_subject_is_no_conflict(one: str, other: str) -> None:
    assert _tiers(one, other) == []
