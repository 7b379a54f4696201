"""likeness bench: measure what the program does, with figures that can be repeated."""

from __future__ import annotations

import typer

from consent.cli import bench_speed


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    bench = typer.Typer(help="Measure what the program does.", no_args_is_help=True)
    bench_speed.add_to(bench)
    app.add_typer(bench, name="bench")
