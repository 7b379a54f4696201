"""likeness serve, weights, status, policy."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role

FAULTY = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(weights)
    app.command()(status)
    policy = typer.Typer(help="The library's policy file.", no_args_is_help=True)
    policy.command("check")(policy_check)
    app.add_typer(policy, name="policy")


def serve(
    *,
    samples: Annotated[
        bool,
        typer.Option(
            "--samples",
            help="Demonstration: the sample photos, without a sign-in. Works only in a data "
            "home with nothing else.",
        ),
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the web app.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    json: AsJson = False,
) -> None:
    """Open the web app.

    Example: likeness serve --port 8600
    """
    from consent.serve import address_of, index_samples, run_web_app
    from consent.settings import Settings
    from consent.web.door_file import read_door
    from media_index.faces.weights import install, missing_from

    file = read_door(Settings().door)
    if samples:
        # Without them nothing can be tried, and every photo would be a problem.
        if missing_from(Settings().weights):
            install(Settings().weights, None, show.aside)
        with show.progress("Indexing the sample photos") as tell:
            index_samples(tell)
    if json:
        show.as_json({"address": address_of(port, file)})
    say = show.aside if json else show.line
    raise typer.Exit(run_web_app(port, open_browser=browser, say=say, demo=samples))


def weights(
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with the two files.", show_default=False),
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Put the face models (weights) in the data home.

    Example: likeness weights --from /media/usb/weights
    """
    from consent.settings import Settings
    from media_index.faces.dlib import converted, described
    from media_index.faces.weights import install

    folder = Settings().weights
    say = show.aside if json else show.line
    paths = install(folder, source, say)
    converted(folder, retry=True)
    dlib_network = described(folder)
    say(f"dlib's network: {dlib_network}.")
    if json:
        files = [{"file": path.name, "path": str(path)} for path in paths]
        show.as_json({"folder": str(folder), "weights": files, "dlib_network": dlib_network})


def status(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """Show counts, register version, weights, problems and settings.

    Example: likeness status --json
    """
    from consent.jobs.figures import count_figures
    from consent.status import read_status

    services, who = open_services(anybody=True), actor(staff, Role.ADMIN)
    found = read_status(services, who, count_figures(services, who))
    if json:
        show.as_json(found.to_dict())
        return
    for heading, rows in found.sections():
        show.console().print(f"[bold]{heading}[/]")
        for name, value in rows:
            show.line(f"  {name:<26} {value}")


def policy_check(
    file: Annotated[Path, typer.Argument(help="The policy file.", show_default=False)],
    *,
    json: AsJson = False,
) -> None:
    """Check if a policy file can be used, and name the wrong line.

    Exit code: 0 it can, 1 it cannot, 2 wrong usage.

    Example: likeness policy check data/policy.toml
    """
    from consent.domain.errors import BadInputError, PolicyError
    from consent.policy_file import load_policy

    if not file.is_file():
        raise BadInputError(f"There is no file {file}: give the path of the policy file.")
    try:
        policy = load_policy(file)
    except PolicyError as error:
        # The answer to the question, not a failure of the command.
        if json:
            show.as_json({"usable": False, "line": error.line, "reason": str(error)})
        else:
            show.line(str(error))
        raise typer.Exit(FAULTY) from error
    if json:
        show.as_json(
            {
                "usable": True,
                "library": policy.library,
                "name": policy.name,
                "version": policy.version,
                "channels": [asdict(channel) for channel in policy.channels],
            },
        )
        return
    channels = ", ".join(channel.label for channel in policy.channels)
    show.line(f"{policy.library}: {policy.name}, version {policy.version}.")
    show.line(f"Channels: {channels}.")
