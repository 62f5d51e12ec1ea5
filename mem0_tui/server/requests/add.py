"""Reads what a client wants to add: messages and whom they belong to, as drafts.

This server runs no language model. With ``infer`` it keeps, as they are, those messages that are
worth recalling, see :mod:`.conversation`; without, every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.memory import Draft, JsonObject, as_moment
from mem0_tui.server.requests.body import flag, optional_object, optional_text
from mem0_tui.server.requests.catalogue import Catalogue, read_categories
from mem0_tui.server.requests.conversation import Message, passed_over
from mem0_tui.store.jobs import Candidate

ROLES = ("user", "assistant", "system")

NO_ENTITY = "At least one of the filters: agent_id, user_id, app_id, run_id is required!"

NO_CATALOGUE: Final = Catalogue({})

_PLUGIN: Final = "MEM0_PLUGIN"
"""``source`` of what Mem0's plugins (0.3) capture of a session."""

_TEXT_OPTIONS = (
    "custom_instructions",
    "agent_custom_instructions",
    "includes",
    "excludes",
    "output_format",
    "prompt_profile_id",
    "timezone",
    "source",
)


@dataclass(frozen=True, slots=True)
class NewMemories:
    """What an add asks for."""

    candidates: tuple[Candidate, ...]
    """What to store, and what is left out because of its form."""
    scope: Scope
    infer: bool
    options: JsonObject
    """What the event says about the request."""
    catalogue: Catalogue = NO_CATALOGUE
    """The categories that this add brings along, in the place of the project's."""

    def filed(self, project: Catalogue) -> tuple[Candidate, ...]:
        """The candidates with their categories: those that were asked for, else, with ``infer``,
        what fits of this add's catalogue or, where it brings none, the *project*'s.

        Raises:
            InvalidRequestError: a category was asked for that the catalogue does not have.
        """
        catalogue = self.catalogue or project
        for candidate in self.candidates:
            catalogue.check(candidate.draft.categories)
        if not self.infer or not catalogue:
            return self.candidates
        return tuple(
            candidate
            if candidate.skipped or candidate.draft.categories
            else replace(candidate, draft=_fitted(candidate.draft, catalogue))
            for candidate in self.candidates
        )


def read_add(body: JsonObject) -> NewMemories:
    """The memories that the body of an add asks for.

    Raises:
        InvalidRequestError: it names no messages or no entity, or a value does not fit.
    """
    _check_options(body)
    scope = _scope(body)
    metadata = optional_object(body.get("metadata"), "metadata") or {}
    expires_on = expiry(body.get("expiration_date"))
    created_at = unix_moment(body.get("timestamp"), "timestamp")
    immutable = flag(body.get("immutable"), "immutable", default=False)
    infer = flag(body.get("infer"), "infer", default=True)
    categories = read_categories(body) or ()
    messages = _messages(body.get("messages"))
    drafts = [
        Draft(
            text=message["content"].strip() if infer else message["content"],
            scope=speaker_scope(scope, message["role"]) if infer else scope,
            metadata=metadata,
            expires_on=expires_on,
            created_at=created_at,
            immutable=immutable,
            categories=categories,
        )
        for message in messages
    ]
    if infer:
        reasons = passed_over(messages, captured=body.get("source") == _PLUGIN)
        candidates = tuple(map(Candidate, drafts, messages, reasons))
    else:
        candidates = tuple(
            Candidate(draft, message)
            for draft, message in zip(drafts, messages, strict=True)
            if message["role"] != "system" and message["content"].strip()
        )
    names = ("expiration_date", "timestamp", "immutable", "source")
    options = {name: body[name] for name in names if body.get(name) is not None}
    options |= {"infer": infer, "metadata": metadata}
    if categories:
        options["categories"] = list(categories)
    catalogue = Catalogue.read(body.get("custom_categories"))
    return NewMemories(candidates, scope, infer, options, catalogue)


def _fitted(draft: Draft, catalogue: Catalogue) -> Draft:
    return replace(draft, categories=catalogue.fitting(draft.text))


def speaker_scope(scope: Scope, role: str) -> Scope:
    """Whose a message of *role* is, where both a user and an agent are named: what the user says is
    the user's, what the assistant says is the agent's; app and run belong to both.

    So it is at Mem0, whose extraction gives each fact to its speaker. The Codex plugin 0.3 relies
    on it: its ``forget`` deletes all of the user and keeps what the agents of a project share.
    """
    if scope.user_id is None or scope.agent_id is None:
        return scope
    return replace(scope, **{"user_id" if role == "assistant" else "agent_id": None})


def _messages(value: object) -> list[Message]:
    if not isinstance(value, list) or not value:
        raise InvalidRequestError("messages is required and must be a list that is not empty.")
    messages: list[Message] = []
    for at, message in enumerate(value):
        role = message.get("role") if isinstance(message, dict) else None
        content = message.get("content") if isinstance(message, dict) else None
        if role not in ROLES or not isinstance(content, str):
            raise InvalidRequestError(
                f"messages[{at}] must have a role ({', '.join(ROLES)}) and a content string."
            )
        messages.append({"role": role, "content": content})
    return messages


def _scope(body: Mapping[str, Any]) -> Scope:
    """The ids at the top level or, as the SDK's typed options send them, inside ``filters``."""
    filters = optional_object(body.get("filters"), "filters") or {}
    parts = filters["AND"] if isinstance(filters.get("AND"), list) else [filters]
    ids: dict[str, str] = {}
    for source in (*parts, body):
        if not isinstance(source, dict):
            raise InvalidRequestError("filters must be objects.")
        for kind in EntityKind:
            value = source.get(kind.id_field)
            if value is not None:
                ids[kind.id_field] = _id(value, kind)
    if not ids:
        raise InvalidRequestError(NO_ENTITY)
    return Scope(**ids)


def _id(value: object, kind: EntityKind) -> str:
    if not isinstance(value, str):
        raise InvalidRequestError(f"{kind.id_field} must be a string.")
    if not value.strip() or value.strip() == "*":
        raise InvalidRequestError(f"{kind.id_field} must neither be blank nor a wildcard.")
    return value


def _check_options(body: Mapping[str, Any]) -> None:
    """What only a language model would use must at least be well-formed."""
    for name in _TEXT_OPTIONS:
        optional_text(body.get(name), name)
    for name in ("enable_graph", "temporal_reasoning"):
        flag(body.get(name), name, default=False)
    optional_object(body.get("structured_data_schema"), "structured_data_schema")
    for name in ("observation_datetime", "observation_date"):
        if body.get(name) is not None and as_moment(body[name]) is None:
            raise InvalidRequestError(f"{name} must be an ISO 8601 date or date-time.")


def expiry(value: object) -> date | None:
    """``YYYY-MM-DD`` as a date; None stays None.

    Raises:
        InvalidRequestError: it is no such date.
    """
    if value is None:
        return None
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidRequestError("expiration_date must be a date in the form YYYY-MM-DD.")


def unix_moment(value: object, name: str) -> datetime | None:
    """Seconds since 1970 as a moment; None stays None.

    Raises:
        InvalidRequestError: it is no number, or no moment of the years 1 to 9999.
    """
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise InvalidRequestError(f"{name} must be a Unix time in seconds.")
