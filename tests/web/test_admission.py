"""The token and the cookie: good once, for one browser, compared in constant time."""

from __future__ import annotations

import hmac

import pytest

from mem0_tui.web.admission import Admission, TokenUse


def made() -> Admission:
    return Admission("127.0.0.1", 8000)


def token_of(admission: Admission) -> str:
    return admission.address.partition("=")[2]


def test_a_token_is_good_once() -> None:
    admission = made()
    token = token_of(admission)
    assert admission.take(token + "x") is TokenUse.WRONG
    assert admission.take(token) is TokenUse.TAKEN
    assert admission.take(token) is TokenUse.USED
    assert admission.take("") is TokenUse.WRONG


def test_a_cookie_counts_only_after_the_token_and_is_another_secret() -> None:
    admission = made()
    assert admission.cookie != token_of(admission)
    assert not admission.knows(admission.cookie)
    admission.take(token_of(admission))
    assert admission.knows(admission.cookie)
    assert not admission.knows(None)
    assert not admission.knows(admission.cookie[:-1])


def test_no_two_servers_have_a_secret_in_common() -> None:
    one, other = made(), made()
    assert len({one.address, other.address}) == 2
    assert len({one.cookie, other.cookie}) == 2
    assert len({one.folder, other.folder}) == 2


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(len(one))
        assert len(one) == len(other), "its length would tell how long the secret is"
        return hmac.compare_digest(one, other)

    class Recorded:
        compare_digest = staticmethod(compare)

    monkeypatch.setattr("mem0_tui.web.admission.hmac", Recorded)
    admission = made()
    admission.take("short")
    admission.take(token_of(admission))
    admission.knows("x")
    assert len(compared) == 3


def test_it_does_not_tell_its_secrets_in_a_traceback() -> None:
    admission = made()
    assert token_of(admission) not in repr(admission)
    assert admission.cookie not in repr(admission)
