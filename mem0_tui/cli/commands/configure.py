"""``config`` and ``backends``: the settings and where each is from, and what backends can do."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.rendering.layout import Cell, Column, table, wrap
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.capability import Capabilities, Capability
from mem0_tui.model.errors import SettingsError, UsageError
from mem0_tui.model.secret import mask, redact
from mem0_tui.settings.load import unknown_key
from mem0_tui.settings.locations import Locations, locations, tilde
from mem0_tui.settings.schema import SETTINGS, Settings

ACTIONS = ("get", "set", "unset", "path")


def add_config_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=ACTIONS, help="by default all are shown")
    parser.add_argument("key", nargs="?", metavar="KEY", help="a setting's name")
    parser.add_argument("value", nargs="?", metavar="VALUE")


def config(args: Namespace) -> int:
    output: Output = args.output
    places = locations(os.environ)
    match args.action, args.key, args.value:
        case None, None, None:
            return _show(output, settings_of(args), places)
        case "path", None, None:
            return _answer(output, {"path": str(places.settings_file)}, places.settings_file)
        case "get", str(key), None:
            return _get(output, settings_of(args), key)
        case "set", str(key), str(value):
            return _set(output, args, places.settings_file, key, value)
        case "unset", str(key), None:
            return _set(output, args, places.settings_file, key, None)
        case _:
            raise UsageError(
                f"config {args.action or ''} does not take these arguments",
                hint="config · config get KEY · config set KEY VALUE · config unset KEY · "
                "config path",
            )


def values_of(settings: Settings) -> dict[str, Any]:
    """The settings by name, ready for JSON; the key is masked."""
    scope = {f"{kind}_id": settings.scope.get(kind) for kind in _kinds()}
    values: dict[str, Any] = {
        "backend": settings.backend,
        "url": settings.url,
        "command": redact(settings.command) if settings.command else None,
        "api_key": mask(settings.api_key) if settings.api_key else None,
        "api_key_file": str(settings.api_key_file) if settings.api_key_file else None,
        "store": str(settings.store),
        "read_only": settings.read_only,
        **scope,
        "timeout": settings.timeout,
        "allow_plain_http": settings.allow_plain_http,
        "color": settings.color,
        "hold_back": settings.hold_back,
        "mask_recalled": settings.mask_recalled,
        "theme": settings.theme,
        "profile": settings.profile,
    }
    return values


def _kinds() -> list[Any]:
    from mem0_tui.model.entity import EntityKind

    return list(EntityKind)


def _show(output: Output, settings: Settings, places: Locations) -> int:
    for warning in settings.warnings:
        output.warn(warning)
    values = values_of(settings)
    if output.json_only:
        document = {
            name: {"value": value, "from": _origin(settings, name)}
            for name, value in values.items()
        }
        output.document(
            {
                "path": str(places.settings_file),
                "settings": document,
                "warnings": list(settings.warnings),
            }
        )
        return 0
    columns = [Column("SETTING"), Column("VALUE", limit=48), Column("FROM", style="dim")]
    rows: list[list[str | Cell]] = [
        [name, Cell(_text(value), "dim" if value is None else "bold"), _origin(settings, name)]
        for name, value in values.items()
    ]
    output.lines(table(output, columns, rows))
    there = "" if places.settings_file.exists() else " (not there yet)"
    output.note(f"Settings file: {safe(tilde(places.settings_file, os.environ))}{there}")
    return 0


def _origin(settings: Settings, name: str) -> str:
    return safe(settings.origins.get(name, ""))


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return tilde(value, os.environ) if isinstance(value, str) and os.sep in value else safe(value)


def _get(output: Output, settings: Settings, key: str) -> int:
    values = values_of(settings)
    if key not in values:
        raise SettingsError(f"there is no setting {key!r}", hint=unknown_key(key, values))
    document = {"name": key, "value": values[key], "from": _origin(settings, key)}
    value = values[key]
    shown = "" if value is None else str(value).lower() if isinstance(value, bool) else value
    return _answer(output, document, shown)


def _set(output: Output, args: Namespace, path: Path, key: str, value: str | None) -> int:
    from mem0_tui.settings.write import set_value, unset_value

    if value is not None:
        set_value(path, key, value, profile=args.profile)
        what = f"{key} = {value}"
    else:
        there = unset_value(path, key, profile=args.profile)
        what = f"{key} is unset" if there else f"{key} was not set"
    output.note(f"{safe(what)} in {safe(tilde(path, os.environ))}")
    overriding = [v for v in SETTINGS[key].variables if os.environ.get(v)]
    if overriding:
        output.warn(f"{overriding[0]} is set and takes precedence over the file")
    if output.json_only:
        output.document({"name": key, "value": value, "path": str(path)})
    return 1 if overriding else 0


def _answer(output: Output, document: Mapping[str, Any], text: object) -> int:
    if output.json_only:
        output.document(document)
    output.line(safe(text))
    return 0


def _nothing(_parser: ArgumentParser) -> None:
    """No options but the global ones."""


def backends(args: Namespace) -> int:
    from mem0_tui.backends.capabilities import capability_matrix

    output: Output = args.output
    matrix = capability_matrix()
    if output.json_only:
        output.document({"backends": {name: _matrix_document(c) for name, c in matrix.items()}})
        return 0
    columns = [Column("CAN")] + [Column(name.upper()) for name in matrix]
    rows: list[list[str | Cell]] = []
    notes: list[str] = []
    for capability in Capability:
        row: list[str | Cell] = [capability.value]
        for name, capabilities in matrix.items():
            note = capabilities.notes.get(capability)
            mark = ""
            if note:
                notes.append(f"{name}, {capability.value}: {note}")
                mark = f" {len(notes)})"
            can = capability in capabilities
            row.append(Cell(("✓ yes" if can else "✗ no") + mark, "green" if can else "red"))
        rows.append(row)
    output.lines(table(output, columns, rows))
    output.line()
    for number, note in enumerate(notes, start=1):
        first, *rest = wrap(f"{number:>2}) {note}", output.width - 4)
        output.lines([first, *(f"    {line.strip()}" for line in rest)])
    for name, capabilities in matrix.items():
        if capabilities.restore_losses:
            losses = ", ".join(capabilities.restore_losses)
            text = f"{name}: undoing a delete does not give back {losses}"
            output.lines(wrap(text, output.width))
    return 0


def _matrix_document(capabilities: Capabilities) -> dict[str, Any]:
    return {
        "can": {c.name.lower(): c in capabilities for c in Capability},
        "notes": {c.name.lower(): note for c, note in capabilities.notes.items()},
        "restore_losses": list(capabilities.restore_losses),
        "page_size": capabilities.page_size,
        "batch_size": capabilities.batch_size,
    }


COMMANDS = {
    "config": Command(add_config_arguments, config),
    "backends": Command(_nothing, backends),
}
