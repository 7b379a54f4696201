"""Write the table of docs/retention.md from what the program says of everything that it keeps.

python tools/document_retention.py
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from consent.retention.inventory import as_table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "retention.md"
MARK = "<!-- Below: written by tools/document_retention.py -->"


def page(text: str) -> str:
    """Return the page with the table of today."""
    above = text.partition(MARK)[0]
    rows = [
        f"| `{name}` | {what} | {fate} | {columns} |" for name, what, fate, columns in as_table()
    ]
    head = [
        "| table, file or folder | what it is | what becomes of it | columns |",
        "|:--|:--|:--|:--|",
    ]
    return "\n".join([above + MARK, "", *head, *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.name} is up to date with the code.")
