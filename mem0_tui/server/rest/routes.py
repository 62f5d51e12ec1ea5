"""The Mem0 Platform's REST interface as one application: where all nouns come together."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp

from mem0_tui.server.app import Mount, create_app
from mem0_tui.server.auth import Access
from mem0_tui.server.rest.entities import EntityRoutes
from mem0_tui.server.rest.events import EventRoutes
from mem0_tui.server.rest.exports import ExportRoutes
from mem0_tui.server.rest.listing import ListingRoutes
from mem0_tui.server.rest.memories import MemoryRoutes
from mem0_tui.server.rest.project import ProjectRoutes
from mem0_tui.server.rest.routing import Routes
from mem0_tui.server.service import Service


def platform_app(service: Service, access: Access, *, mounts: Sequence[Mount] = ()) -> ASGIApp:
    """The application that serves *service*, and closes it when the server stops.

    Args:
        service: the store.
        access: who is let in.
        mounts: other protocols beside the REST interface, such as MCP at ``/mcp``.
    """
    routes = Routes()
    for noun in (
        ListingRoutes(service),
        MemoryRoutes(service),
        EntityRoutes(service),
        EventRoutes(service),
        ExportRoutes(service),
        ProjectRoutes(service),
    ):
        noun.add_to(routes)
    return create_app(routes, access, mounts=mounts, lifespan=service.running)
