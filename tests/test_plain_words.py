"""What is shown, and handbooks, are in the words of docs/words.md; what they name exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What the code is made of is not shown; tables of what is kept say the names of columns.
NOT_SHOWN = {"consent/storage", "consent/retention/inventory.py"}
# Pages that say what was said before, or what the program prints.
RECORDS = {"CHANGELOG.md", "words.md", "commands.md"}


def never() -> list[str]:
    """Return what the table of words forbids."""
    found = []
    for line in (ROOT / "docs" / "words.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0] not in {"Say", "---"}:
            found += [phrase.strip() for phrase in cells[1].split(",")]
    return found


def sentences(source: str, *, docstrings: bool) -> Iterator[str]:
    """Yield the texts of a module; those for the reader of the code only where they are shown."""
    nodes = list(ast.walk(ast.parse(source)))
    hidden = set()
    if not docstrings:
        for node in nodes:
            match node:
                case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                    if ast.get_docstring(node, clean=False) is not None:
                        hidden.add(id(node.body[0].value))  # type: ignore[attr-defined]
    for node in nodes:
        # Headings of lists that people bring say it in their words.
        if isinstance(node, ast.keyword) and node.arg == "headings":
            hidden.update(map(id, ast.walk(node.value)))
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if " " in text.strip() and id(node) not in hidden:
                yield text


def shown() -> Iterator[tuple[str, str]]:
    """Yield every text that a person may read, with the file it is in."""
    for folder in ("consent", "media_index", "pages"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            if not any(name.startswith(hidden) for hidden in NOT_SHOWN):
                command = name.startswith("consent/cli/")
                for text in sentences(file.read_text(), docstrings=command):
                    yield name, text
    for file in (
        *sorted((ROOT / "data" / "texts").glob("*.toml")),
        *sorted((ROOT / "consent" / "web").rglob("*.html")),
    ):
        yield (
            file.relative_to(ROOT).as_posix(),
            re.sub(r"^#.*", "", file.read_text(), flags=re.MULTILINE),
        )
    for file in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))):
        if file.name not in RECORDS:
            # Names in the code, and addresses, are what they are.
            prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", file.read_text(), flags=re.DOTALL)
            yield file.relative_to(ROOT).as_posix(), prose


def test_the_list_is_read():
    assert {"reference face", "face template", "whoever", "anew"} <= set(never())


@pytest.fixture(scope="module")
def texts():
    return list(shown())


@pytest.mark.parametrize("phrase", never())
def test_nothing_that_is_shown_says(phrase, texts):
    spaced = r"\s+".join(map(re.escape, phrase.split()))
    words = re.compile(rf"(?<![\w-]){spaced}(?!\w)", re.IGNORECASE)
    said = [f"{name}: {text.strip()[:100]}" for name, text in texts if words.search(text)]
    assert said == []


def on_the_screen() -> str:
    """Return a pattern of all that a page may show, with anything in place of what it fills in."""
    patterns = set()
    for folder in ("pages", "consent/domain", "consent/access"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.JoinedStr(values=parts):
                        fixed = [str(p.value) for p in parts if isinstance(p, ast.Constant)]
                        if re.search(r"\w{3}", "".join(fixed)):
                            patterns.add(
                                "".join(
                                    re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+"
                                    for p in parts
                                )
                            )
                    case ast.Constant(value=str(text)):
                        patterns.update(map(re.escape, [text, *re.findall(">([^<>]+)<", text)]))
    return "|".join(sorted(patterns))


@pytest.mark.parametrize("name", ["README.md", "docs/guide.md"])
def test_what_is_in_bold_is_on_a_page(name):
    """Buttons, pages and views keep the names by which they are looked for."""
    screen = re.compile(on_the_screen(), re.DOTALL)
    bold = re.findall(r"\*\*([^*]+)\*\*", (ROOT / name).read_text())
    named = {" ".join(words.split()).rstrip(".") for words in bold}

    assert len(named) > 3
    assert sorted(words for words in named if not screen.fullmatch(words)) == []


# Rooms whose refusals clerks read on pages.
READ_ON_PAGES = ("cases", "checking", "printing", "publishing", "review", "takedowns", "domain")


def refusals(tree: ast.AST) -> Iterator[str]:
    """Yield what errors say, but for those that only the library's IT can mend."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(bases=[ast.Name(id=base)]) if base.endswith("Error"):
                said = [] if base == "SetupError" else node.body
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name), args=args)):
                said = [] if name == "SetupError" else args
            case _:
                said = []
        for part in said:
            for inner in ast.walk(part):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value


@pytest.mark.parametrize("room", READ_ON_PAGES)
def test_no_refusal_sends_a_clerk_to_the_command_line(room):
    """An error's `command` is named at the command line alone."""
    told = [
        f"{file.name}: {text}"
        for file in sorted((ROOT / "consent" / room).glob("*.py"))
        for text in refusals(ast.parse(file.read_text()))
        if re.search(r"(?<!^)\blikeness [a-z]", text)
    ]
    assert told == []
