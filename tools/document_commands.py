"""Write docs/commands.md, docs/fields.md and docs/roles.md as the code has it.

What people have written between the blocks stays; a command without a section gets one at the end.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.md"
FIELDS_PAGE = ROOT / "docs" / "fields.md"
ROLES_PAGE = ROOT / "docs" / "roles.md"
_BLOCK = re.compile(r"<!-- begin: (?P<name>[a-z -]+) -->\n.*?<!-- end -->\n", re.DOTALL)


def commands() -> dict[str, Any]:
    """Return every command that --help shows, by its words."""
    from consent.cli import app  # noqa: PLC0415 - the path is set below

    return dict(_walk(typer.main.get_command(app), ""))


def _walk(group: Any, before: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Typer's own
    for name, command in group.commands.items():
        words = f"{before} {name}".strip()
        if hasattr(command, "commands"):
            yield from _walk(command, words)
        elif not command.hidden:
            yield words, command


def options(command: Any) -> dict[str, str]:  # noqa: ANN401 - Typer's own
    """Return the options and arguments of a command with what they are for."""
    found = {}
    for parameter in command.params:
        if parameter.name == "help" or parameter.hidden:
            continue
        if parameter.param_type_name == "argument":
            name = f"{parameter.name.upper()}{'...' if parameter.nargs == -1 else ''}"
        else:
            name = " / ".join([*parameter.opts, *parameter.secondary_opts])
        needed = " Required." if parameter.required else ""
        found[name] = f"{parameter.help}{needed}"
    return found


def examples(command: Any) -> list[str]:  # noqa: ANN401 - Typer's own
    """Return the examples of a command's help, one line each."""
    text = inspect.cleandoc(command.help or "")
    return [
        " ".join(part.removeprefix("Example:").split())
        for part in text.split("\n\n")
        if part.startswith("Example:")
    ]


def block(name: str, command: Any) -> str:  # noqa: ANN401 - Typer's own
    """Return what stands on the page of a command."""
    text = inspect.cleandoc(command.help or "")
    says = [
        " ".join(part.split()) for part in text.split("\n\n") if not part.startswith("Example:")
    ]
    lines = [f"<!-- begin: {name} -->", "\n\n".join(says), "", "```"]
    lines += [*examples(command), "```", ""]
    if listed := options(command):
        lines += ["| option | what for |", "|---|---|"]
        lines += [f"| `{option}` | {said} |" for option, said in listed.items()]
        lines += [""]
    return "\n".join([*lines, "<!-- end -->", ""])


def renewed(page: str) -> str:
    """Return the page with every block as the code has it."""
    known = commands()
    there = {match["name"] for match in _BLOCK.finditer(page)}
    page = _BLOCK.sub(
        lambda match: block(match["name"], known[match["name"]]) if match["name"] in known else "",
        page,
    )
    for name, command in known.items():
        if name not in there:
            page = f"{page.rstrip()}\n\n## likeness {name}\n\n{block(name, command)}"
    return page


def renewed_fields(page: str) -> str:
    """Return the page of fields with every table as the code has it."""
    from consent.cases.csv_import import REQUIRED  # noqa: PLC0415 - the path is set below
    from consent.cases.export import EXPORTED, LISTED  # noqa: PLC0415
    from consent.domain.fields import NOT_AT, Door, fields_at  # noqa: PLC0415

    tables = {
        "csv": [
            (field.name, f"{field.what}{' Required.' if field.name in REQUIRED else ''}")
            for field in fields_at(Door.CSV)
        ],
        "export": [(column.name, column.what) for column in EXPORTED],
        "list": [(column.name, column.what) for column in LISTED],
        "gaps": [
            ("`, `".join(names.split()), f"Not at {door}: {why}.")
            for door, reasons in NOT_AT.items()
            for names, why in reasons.items()
        ],
    }
    return _BLOCK.sub(lambda match: _table(match["name"], tables[match["name"]]), page)


def renewed_roles(page: str) -> str:
    """Return the page of roles with its tables as the code and the policy in data/ have them."""
    import consent  # noqa: PLC0415 - the path is set below
    from consent.domain.roles import USE_CASES, Duty, table_of_roles  # noqa: PLC0415
    from consent.policy_file import load_policy  # noqa: PLC0415

    for module in pkgutil.walk_packages(consent.__path__, "consent."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    policy = load_policy(ROOT / "data" / "policy.toml")
    names: dict[Duty, list[str]] = {duty: [] for duty in Duty}
    for name, duty in sorted(USE_CASES.items()):
        names[duty].append(name.removeprefix("consent."))
    cases = ["| may | use cases |", "|---|---|"]
    cases += [f"| {duty.words} | {', '.join(f'`{n}`' for n in names[duty])} |" for duty in Duty]
    tables = {"roles": [table_of_roles(policy)], "use cases": cases}
    return _BLOCK.sub(
        lambda match: "\n".join(
            [f"<!-- begin: {match['name']} -->", *tables[match["name"]], "", "<!-- end -->", ""]
        ),
        page,
    )


def _table(name: str, rows: list[tuple[str, str]]) -> str:
    lines = [
        f"<!-- begin: {name} -->",
        f"| {'field' if name == 'gaps' else 'column'} | |",
        "|---|---|",
    ]
    lines += [f"| `{column}` | {what} |" for column, what in rows]
    return "\n".join([*lines, "", "<!-- end -->", ""])


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for path, renew in (
        (PAGE, renewed),
        (FIELDS_PAGE, renewed_fields),
        (ROLES_PAGE, renewed_roles),
    ):
        path.write_text(renew(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"{path.relative_to(ROOT)} is up to date with the code.")
