"""Options for the fields of a revocation, from their table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from consent.cli.options import day
from consent.domain.fields import FIELDS, Door, Field, fields_at, what_is
from consent.domain.terms import Method, NewRevocation

Name = Annotated[str, typer.Option(help=what_is("name"))]
Received = Annotated[str, typer.Option(help="Day the written request came, such as 2026-05-14.")]
HowItCame = Annotated[Method, typer.Option("--method", help=what_is("method"))]
Evidence = Annotated[
    list[Path] | None,
    typer.Option(
        help="File with the signed request. You may repeat this option.", show_default=False
    ),
]
OriginalAt = Annotated[str, typer.Option("--original-at", help=what_is("original_at"))]
By = Annotated[str, typer.Option(help=what_is("by"))]
Branch = Annotated[str, typer.Option(help=what_is("branch"))]
Minor = Annotated[bool, typer.Option("--minor", help="The person is a minor.")]
Face = Annotated[
    list[int] | None,
    typer.Option(
        help="Which face, counted from 0 from the left. One for each --photo.",
        show_default=False,
    ),
]


def with_field_options(door: Door) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each field at its door that it does not name by itself.

    They come before --as, and what is said with them comes as further keyword arguments.
    """

    def give(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        *own, staff, json, _said = signature.parameters.values()
        named = {parameter.name for parameter in own}
        added = [_option(at_door) for at_door in fields_at(door) if at_door.name not in named]
        parameters = [*own, *added, staff, json]
        command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return command

    return give


def _option(field: Field) -> inspect.Parameter:
    text = field.kind in {str, date}
    kind: Any = str if text else field.kind | None
    option = typer.Option(help=field.what, show_default=False)
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default="" if text else None,
        annotation=Annotated[kind, option],
    )


def put_all(new: NewRevocation, said: Mapping[str, Any]) -> NewRevocation:
    """Return a new revocation that says what was said with such options.

    Raises:
        BadInputError: what should be a day is none.
    """
    for field in FIELDS:
        value = said.get(field.name)
        if value in {"", None}:
            continue
        if field.kind is date:
            value = day(value, f"--{field.name.replace('_', '-')}")
        new = field.put(new, value)
    return new
