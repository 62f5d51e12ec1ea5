"""The account as clients see it: ping, the one project and its settings, numbers, and what is not.

What needs Mem0's own service (webhooks, profiles, members, sign-up) is refused as 501 in words.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.entity import EntityKind
from mem0_tui.model.errors import InvalidRequestError, NotFoundError
from mem0_tui.server.requests.body import flag, json_object, optional_text
from mem0_tui.server.requests.catalogue import Catalogue
from mem0_tui.server.responses.answers import answer, refusal
from mem0_tui.server.rest.routing import Routes
from mem0_tui.server.service import Service
from mem0_tui.wire.platform import MOVES
from mem0_tui.wire.platform import OWN_ORGANIZATION as ORGANIZATION

PROJECT = "default"
EMAIL = "local@localhost"

_TEXTS = ("name", "description", "custom_instructions", "agent_custom_instructions")
_MORE_TEXTS = ("memory_depth", "usecase_setting")
_FLAGS = ("multilingual", "decay", "enable_graph")
_NOT_HERE = (
    ("GET", "/v2/entities/user/{}/profile/"),
    ("POST", "/v2/profiles/jobs/"),
    ("GET", "/v2/profiles/jobs/{}/"),
    ("GET", "/v2/profiles/settings/"),
    ("POST", "/v2/profiles/settings/"),
    ("GET", "/api/v1/webhooks/projects/{}/"),
    ("POST", "/api/v1/webhooks/projects/{}/"),
    ("PUT", "/api/v1/webhooks/{}/"),
    ("DELETE", "/api/v1/webhooks/{}/"),
    ("POST", "/api/v1/orgs/organizations/{}/projects/"),
    ("DELETE", "/api/v1/orgs/organizations/{}/projects/{}/"),
    ("GET", "/api/v1/orgs/organizations/{}/projects/{}/members/"),
    ("POST", "/api/v1/orgs/organizations/{}/projects/{}/members/"),
    ("PUT", "/api/v1/orgs/organizations/{}/projects/{}/members/"),
    ("DELETE", "/api/v1/orgs/organizations/{}/projects/{}/members/"),
    ("POST", "/api/v1/auth/agent_mode/"),
    ("POST", "/api/v1/auth/email_code/"),
    ("POST", "/api/v1/auth/email_code/verify/"),
    ("POST", "/v1/agent-rush/memories/"),
    ("POST", "/v1/agent-rush/memories/search/"),
)


class ProjectRoutes:
    """Handlers of ping, stats, the project, and what this server does not do."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def add_to(self, routes: Routes) -> None:
        """Register the handlers."""
        routes.add("GET", "/v1/ping/", self.ping)
        routes.add("GET", "/v1/stats/", self.stats)
        project = "/api/v1/orgs/organizations/{}/projects/{}/"
        routes.add("GET", project, self.project)
        routes.add("PATCH", project, self.change_project)
        for method, path in _NOT_HERE:
            routes.add(method, path, self.not_here)

    async def ping(self, _request: Request) -> Response:
        """Say that the key is right, with the ids that the SDK's constructor asks for."""
        return answer(
            {
                "status": "ok",
                "org_id": ORGANIZATION,
                "project_id": PROJECT,
                "user_email": EMAIL,
                "mem0_tui": {MOVES: True},
            }
        )

    async def stats(self, _request: Request) -> Response:
        """Answer how much there is."""
        entities = await self._service.entities()
        adds, searches = await self._service.event_counts()
        total = await self._service.count()
        kinds = {
            kind: [each for each in entities if each.kind is kind and each.memory_count]
            for kind in EntityKind
        }
        body = {
            "total_memories": total,
            "total_retrieval_events": searches,
            "total_api_retrieval_events": searches,
            "total_add_events": adds,
        }
        for kind, found in kinds.items():
            memories = sum(each.memory_count or 0 for each in found)
            body[f"total_{kind.value}s_with_memories"] = len(found)
            body[f"memories_per_{kind.value}"] = round(memories / len(found)) if found else 0
        return answer(body)

    async def project(self, _request: Request, organization: str, project: str) -> Response:
        """Answer the project with its settings."""
        _known(organization, project)
        return answer(
            {
                "id": PROJECT,
                "project_id": PROJECT,
                "org_id": ORGANIZATION,
                "name": PROJECT,
                "description": None,
                "custom_instructions": None,
                "agent_custom_instructions": None,
                "custom_categories": None,
                "multilingual": False,
                "decay": False,
                **await self._service.project(),
            }
        )

    async def change_project(self, request: Request, organization: str, project: str) -> Response:
        """Keep the settings that the body names; this server stores them and infers nothing."""
        _known(organization, project)
        changes = _project_changes(await json_object(request))
        if not changes:
            raise InvalidRequestError("Give custom_categories, custom_instructions or the like.")
        await self._service.change_project(changes)
        return answer({"message": "Project updated successfully"})

    async def not_here(self, request: Request, *_ids: str) -> Response:
        """Refuse what only Mem0's own service does."""
        return refusal(501, f"{request.url.path} is not part of this server.")


def _known(organization: str, project: str) -> None:
    if (organization, project) != (ORGANIZATION, PROJECT):
        raise NotFoundError("Project not found.")


def _project_changes(body: dict[str, Any]) -> dict[str, Any]:
    Catalogue.read(body.get("custom_categories"))
    for name in (*_TEXTS, *_MORE_TEXTS):
        optional_text(body.get(name), name)
    for name in _FLAGS:
        flag(body.get(name), name, default=False)
    known = ("custom_categories", *_TEXTS, *_MORE_TEXTS, *_FLAGS)
    return {name: body[name] for name in known if name in body}
