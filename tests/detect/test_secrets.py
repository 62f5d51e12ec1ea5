"""Secrets are found whatever their wording; what only looks like one is left alone."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections import Counter
from collections.abc import Mapping

import pytest

from mem0_tui.detect.secrets import SecretDetector
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Update
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret import find, redact
from tests.detect.labelled import read_set

FLOORS = {"shape": 0.99, "url": 0.99, "assigned": 0.97, "prose": 0.94}
UNSEEN = {"shape": 0.98, "url": 0.99, "assigned": 0.97, "prose": 0.88}
"""By layer on the set ``wordings``, written by one who had not seen the rules for wording. At first
sight .97, 1.0, .91, .69, together .89. The misses of every third, *apart*, were looked at only
after the others had been mended; of these .92 were found by then. Of a newer set, written
later by others, .93 of shapes, .93 of URLs, .92 of assignments and .61 of prose were found before
it was looked at, .85 of all; 5 of its 200 look-alikes were taken for secrets."""
APART = 0.94
SENTENCES = (
    "fixed in {}", "commit {}.", "the session {} timed out", "token refresh broke in {}", "sha: {}",
    "request id {}", "password hashing landed in {} last week", "run {} used the old key",
    "id={}", "the secret scanner passed on {}", "digest {}", "trace {} shows the login call",
)  # fmt: skip


def is_found(row: Mapping[str, str]) -> bool:
    """Whether all of the row's secret but a bracket or a quote at its ends lies in one hit."""
    start = row["text"].index(row["secret"])
    end = start + len(row["secret"])
    return any(hit.start <= start + 1 and hit.end >= end - 1 for hit in find(row["text"]))


@pytest.mark.parametrize("layer", FLOORS)
def test_secrets_of_each_layer_are_found(layer: str) -> None:
    rows = [row for row in read_set("secrets") if row["layer"] == layer]
    missed = [row["text"] for row in rows if not is_found(row)]
    assert 1 - len(missed) / len(rows) >= FLOORS[layer], missed


@pytest.mark.parametrize("layer", UNSEEN)
def test_secrets_in_the_wording_of_others_are_found(layer: str) -> None:
    rows = [row for row in read_set("wordings") if row["layer"] == layer]
    missed = [row["text"] for row in rows if not is_found(row)]
    assert 1 - len(missed) / len(rows) >= UNSEEN[layer], missed


def test_so_are_those_that_no_rule_was_made_after() -> None:
    rows = [row for row in read_set("wordings") if row.get("apart")]
    missed = [row["text"] for row in rows if not is_found(row)]
    assert len(rows) >= 50
    assert 1 - len(missed) / len(rows) >= APART, missed


def test_nothing_of_a_secret_is_shown_but_the_last_four_of_a_long_key() -> None:
    for row in read_set("secrets"):
        shown, secret = redact(row["text"]), row["secret"]
        if not is_found(row):
            continue
        assert secret not in shown
        secret = secret.split("-----")[2] if secret.startswith("-----") else secret
        pieces = [secret[at : at + 5] for at in range(max(12, len(secret) // 3), len(secret) - 4)]
        assert not [piece for piece in pieces if piece in shown], (row["text"], shown)
        assert redact(shown) == shown


def test_what_only_looks_like_a_secret_is_left_alone() -> None:
    rows = read_set("lookalikes")
    false = [row["text"] for row in rows if any(not hit.example for hit in find(row["text"]))]
    assert len(rows) >= 1500
    assert len(false) <= 3, false


def test_no_id_and_no_hash_is_a_secret() -> None:
    rng = random.Random(14)
    false = []
    for number in range(10_000):
        data = hashlib.sha512(rng.randbytes(8)).hexdigest()
        length = rng.choice((7, 8, 12, 32, 40, 64, 128))
        each = str(uuid.UUID(data[:32])) if number % 3 == 0 else data[:length]
        text = SENTENCES[number % len(SENTENCES)].format(each)
        if find(text):
            false.append(text)
    assert not false


def _look(*memories: Memory) -> list[Suspicion]:
    detector = SecretDetector()
    detector.put(memories)
    for _ in detector.work():
        pass
    return list(detector.suspicions())


TOKEN = "gh" + "p_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56Qr78"


def test_a_finding_is_masked_and_proposes_to_take_the_secret_out() -> None:
    memory = Memory("m1", f"CI uses {TOKEN} now", metadata={"type": "x", "password": "hunter2x"})
    (found,) = _look(memory)
    assert (found.queue, found.tier, found.label) == (Queue.SECRETS, Tier.FINDING, "GitHub token")
    assert TOKEN not in found.reason
    assert "hunter2x" not in found.reason
    assert "ghp_…Qr78" in found.reason
    (mark,) = found.marks["m1"]
    assert memory.text[mark.start : mark.end] == TOKEN
    (change,) = found.proposal
    assert isinstance(change, Update)
    after = change.edit.applied_to(memory)
    assert after.text == "CI uses [GitHub token removed] now"
    assert dict(after.metadata) == {"type": "x", "password": "[password removed]"}
    assert _look(after) == []


def test_a_documented_example_is_only_worth_a_look() -> None:
    (found,) = _look(Memory("m1", "docs use AKIA" + "IOSFODNN7EXAMPLE as the key id"))
    assert found.tier is Tier.LOOK
    assert found.proposal == ()
    assert found.reason.startswith("documented example")


def test_the_same_secret_elsewhere_is_told_and_an_edit_ends_it() -> None:
    detector = SecretDetector()
    first, second = Memory("m1", f"a {TOKEN}"), Memory("m2", f"token: {TOKEN}")
    detector.put([first, second, Memory("m3", "nothing here")])
    for _ in detector.work():
        pass
    assert ["also in 1 other" in each.reason for each in detector.suspicions()] == [True, True]
    detector.put([Memory("m2", "gone")])
    detector.drop(["m9"])
    for _ in detector.work():
        pass
    (left,) = detector.suspicions()
    assert left.ids == ("m1",)
    assert "also" not in left.reason
    detector.drop(["m1"])
    assert list(detector.suspicions()) == []


def test_an_immutable_memory_is_found_without_a_proposal() -> None:
    (found,) = _look(Memory("m1", f"a {TOKEN}", immutable=True))
    assert found.proposal == ()


def test_the_order_of_memories_makes_no_difference() -> None:
    memories = [
        Memory(f"m{number}", row["text"]) for number, row in enumerate(read_set("secrets")[:60])
    ]
    told = _look(*memories)
    assert told == _look(*reversed(memories))
    assert Counter(each.tier for each in told)[Tier.FINDING] >= 58


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("$env:DB_PASSWORD = 'Wald-Meister4'", "Wald-Meister4"),
        ('$c = ConvertTo-SecureString "Steinp1lz!" -AsPlainText -Force', "Steinp1lz!"),
        ("gh secret set DEPLOY_PW --body 'Fuchs-Bau88'", "Fuchs-Bau88"),
        ("set -x PGPASSWORD Erd-Beere5", "Erd-Beere5"),
        ("restic init --password-command 'echo Felsen-Tor8'", "Felsen-Tor8"),
        ("| grafana | admin | Sumpf-Dotter5 |", "Sumpf-Dotter5"),
        ("Root-PW vom NAS: H4felsteg", "H4felsteg"),
        ("the vault is unlocked with blue-falcon-42", "blue-falcon-42"),
        ("its password, which never expires, is Tor-Bogen7", "Tor-Bogen7"),
        ("Hasło do serwera to zielony-bocian-5", "zielony-bocian-5"),
        ("ステージングのパスワードは tsubame-neko77 です", "tsubame-neko77"),
        ("amber-lodge-55 is what you need to get past basic auth", "amber-lodge-55"),
        ("Elk&Ember, that's the password of the old tenant", "Elk&Ember"),
        ("Nutzer leser, Passwort bücherwurm", "bücherwurm"),
        ("senha_loja = 'caneca-rosa-31'", "caneca-rosa-31"),
        ("ALARM_PIN=7394", "7394"),
        (
            "hook: https://n8n.lan/webhook/6f1c2e54-9a1b-4c8d-8e2f-0a1b2c3d4e5f",
            "6f1c2e54-9a1b-4c8d-8e2f-0a1b2c3d4e5f",
        ),
        ("https://wiki.lan/invite?code=V9pcdhxK9oBUTc7O1jUf", "V9pcdhxK9oBUTc7O1jUf"),
        (
            "the COS bucket takes AK" + "IDh2Kd93LmQ0sXv7RtYpWz4BnGc6Jf8eUa",
            "AK" + "IDh2Kd93LmQ0sXv7RtYpWz4BnGc6Jf8eUa",
        ),
        (
            "shop: FLWSE" + "CK-4be81c7709d3f2a65518e0cd9b7a3f42-X",
            "FLWSE" + "CK-4be81c7709d3f2a65518e0cd9b7a3f42-X",
        ),
        ("PHPSESSID=k3v9d0qpl2m8xz7r5t1w4y6ub; path=/", "k3v9d0qpl2m8xz7r5t1w4y6ub"),
        ("https://zoom.lan/s/812?zak=Qm7xVd2LkP9sTz4RbWn8Yf", "Qm7xVd2LkP9sTz4RbWn8Yf"),
        (
            "http://api.lan/w?appid=3f9a1c07d2b84e65a0f7c91e8d34b26a",
            "3f9a1c07d2b84e65a0f7c91e8d34b26a",
        ),
        ("| RELAY_SECRET | qPzV7kd2LmX9sWt4RbNc8Y |", "qPzV7kd2LmX9sWt4RbNc8Y"),
        ("borg: BORG_PASSWORD=Boot_nach_Bergen", "Boot_nach_Bergen"),
        ("calm-otter-512 (password for the report user)", "calm-otter-512"),
        ("lea@relay: amber?Thyme?8 <- that password", "amber?Thyme?8"),
        ("Konto demo ma hasło Wisienka42 na serwerze", "Wisienka42"),
        ("Identifiants de recette : paul / Marmotte1720", "Marmotte1720"),
        ("we changed the db root pw from altbau-77 to Neubau-78 last Friday", "altbau-77"),
    ],
)
def test_secrets_of_a_kind_that_others_write_are_found(text: str, secret: str) -> None:
    assert secret in [text[hit.start : hit.end] for hit in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "mysql -u root -p shop",
        '"password": "hunter2" is the example in the README',
        "the db password rotates with `vault lease renew`",
        "ssh key fingerprint SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM",
        '<add key="SmtpPassword" value="#{SmtpPassword}#" />',
        "PIN layout: GPIO4-GPIO17",
        "log into k8s-node4 with kubectl debug",
        "login via Keycloak-Prod2",
        "La contraseña es obligatoria y debe tener 12 caracteres.",
        "パスワードは 1Password にあります",
        "Login fails on kestrel-7 since the upgrade.",
        "passwort = 'HIER-EINTRAGEN'",
        "https://key0b1c2d3e4f5a6b7c8d9e0f1a2b3c4@o12345.ingest.sentry.io/98765",
        "https://github.com/acme/shop/settings/hooks/412345678",
        "users log in from Win11Pro laptops",
        "const { email, password } = req.body;",
        "pass colour: 00a651, fail colour: c62828",
        "Wi-Fi is down in the hall, use Hotspot-Lea instead",
    ],
)
def test_what_stands_where_a_secret_could_is_none(text: str) -> None:
    assert find(text) == []
