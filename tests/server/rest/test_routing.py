"""Paths as Mem0's clients send them: encoded per segment, with or without the final slash."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.server.rest.routing import RouteMatch, Routes, WrongMethod


async def events(_request: Request) -> Response:
    return Response()


async def one(_request: Request, _memory_id: str) -> Response:
    return Response()


async def history(_request: Request, _memory_id: str) -> Response:
    return Response()


async def of_user(_request: Request, _entity_id: str) -> Response:
    return Response()


async def of_entity(_request: Request, _kind: str, _entity_id: str) -> Response:
    return Response()


@pytest.fixture
def routes() -> Routes:
    routes = Routes()
    routes.add("GET", "/v1/memories/{}/", one)
    routes.add("PUT", "/v1/memories/{}/", one)
    routes.add("GET", "/v1/memories/{}/history/", history)
    routes.add("GET", "/v1/memories/{}/{}/", of_entity)
    routes.add("GET", "/v1/memories/events/", events)
    routes.add("GET", "/v1/memories/user/{}/", of_user)
    return routes


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/memories/events/", RouteMatch(events, ())),
        ("/v1/memories/events", RouteMatch(events, ())),
        ("/v1/memories/abc/", RouteMatch(one, ("abc",))),
        ("/v1/memories/a%20b%2F%C3%BC/", RouteMatch(one, ("a b/ü",))),
        ("/v1/memories/abc/history/", RouteMatch(history, ("abc",))),
        ("/v1/memories/user/history/", RouteMatch(of_user, ("history",))),
        ("/v1/memories/app/shop/", RouteMatch(of_entity, ("app", "shop"))),
        ("/v1/memories/events/history/", RouteMatch(history, ("events",))),
        ("/v1/memories/", None),
        ("/v1/memories//history/", None),
        ("/v1//memories/abc/", None),
        ("/V1/memories/abc/", None),
        ("/", None),
        ("", None),
    ],
)
def test_the_most_literal_route_wins(
    routes: Routes, path: str, expected: RouteMatch | None
) -> None:
    assert routes.find("GET", path.encode()) == expected


def test_another_method_is_told_apart_from_another_path(routes: Routes) -> None:
    assert routes.find("DELETE", b"/v1/memories/abc/") == WrongMethod(("GET", "PUT"))
    assert routes.find("DELETE", b"/nothing/") is None


def test_a_path_that_is_not_utf_8_is_an_error(routes: Routes) -> None:
    with pytest.raises(UnicodeDecodeError):
        routes.find("GET", b"/v1/memories/%ff/")


@given(st.text(min_size=1))
def test_every_name_survives_the_path(name: str) -> None:
    routes = Routes()
    routes.add("GET", "/v2/entities/user/{}/", of_user)
    try:
        path = f"/v2/entities/user/{quote(name, safe='')}/".encode()
    except UnicodeEncodeError:
        return
    assert routes.find("GET", path) == RouteMatch(of_user, (name,))


def test_the_same_route_twice_is_a_mistake(routes: Routes) -> None:
    with pytest.raises(ValueError, match="twice"):
        routes.add("GET", "/v1/memories/{}", one)
