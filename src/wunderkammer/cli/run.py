"""``wk run``: the whole pipeline, or one stage with options made from its fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wunderkammer.cli.options import folder, stage_options
from wunderkammer.engines import ENGINES

_CHOSEN = "wunderkammer.stage"

_HOW = ("retry_failed", "workers", "engine", "address", "device", "strict")
"""Options that say how to run."""


class Stages(click.Group):
    """One subcommand a stage, made from the stage itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the stages in order."""
        from wunderkammer.stages import STAGES

        return [str(stage.model_fields["name"].default) for stage in STAGES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of a stage."""
        from wunderkammer.stages import STAGES

        for stage in STAGES:
            if stage.model_fields["name"].default == cmd_name:
                return stage_command(cmd_name, stage)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take 'features/vae' as the stage 'features'; name the nearest where there is none."""
        name = args[0].split("/")[0]
        if name not in self.list_commands(ctx):
            from wunderkammer.core.errors import nearest

            ctx.fail(f"there is no stage '{args[0]}'. {nearest(name, self.list_commands(ctx))}")
        ctx.meta[_CHOSEN] = args[0]
        return name, self.get_command(ctx, name), args[1:]


def _running(command: Any) -> Any:
    """Add the options that say how to run, which change no result."""
    for option in (
        click.option("--retry-failed", is_flag=True, help="Do again what failed before."),
        click.option("--workers", type=int, help="Processes; default: one a core."),
        click.option("--engine", type=click.Choice(ENGINES),
                     help="Where batches are done; default: as [engine] says, else this machine."),
        click.option("--address", help="Of the cluster: tcp://host:8786 or a scheduler file of "
                     "Dask; host:6379, ray://host:10001 or auto of Ray."),
        click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu",
                     help="Where encoders compute."),
        click.option("--strict", is_flag=True, help="Exit with 4 if any medium has failed."),
        folder,
    ):  # fmt: skip
        command = option(command)
    return command


@click.group(cls=Stages, invoke_without_command=True, short_help="Bring stages up to date.")
@_running
@click.pass_context
def command(ctx: click.Context, /, path: Path, **how: Any) -> None:
    """Bring every stage up to date; with a STAGE, that one and what it needs.

    Only what is new or has changed is done. Ctrl-C stops after the batch at hand;
    the same command goes on from there, also after a crash. 'wk run STAGE --help'
    lists a stage's settings; those given are written to collection.toml.
    """
    if ctx.invoked_subcommand is None:
        _run(path, None, how)


def stage_command(name: str, stage: Any, summary: str | None = None) -> click.Command:
    """Return the command of a stage: an option a setting, and how to run it."""
    families = _families(stage)

    @_running
    @click.option("--only", is_flag=True, help="Do not bring what it needs up to date first.")
    @click.option(
        "--again",
        *(["--refresh"] if _goes_on(stage) else []),
        is_flag=True,
        help=stage.redoing,
    )
    def run_one(path: Path, only: bool, again: bool, **given: Any) -> None:
        how = {key: given.pop(key) for key in _HOW}
        chosen = click.get_current_context().meta.get(_CHOSEN, name)
        label = chosen.partition("/")[2]
        _change(path, f"{name}[{label}]" if label else name, families, given)
        _run(path, chosen, how, only=only, again=again)

    made = click.command(name, help=summary or stage.__doc__)(run_one)
    made.params += list(stage_options(stage, families))
    return made


def _goes_on(stage: Any) -> bool:
    """Tell whether a stage goes on from what it made before: that is refreshed."""
    from wunderkammer.core.stage import TableStage

    return issubclass(stage, TableStage) and stage.remembers is not TableStage.remembers


def _families(stage: Any) -> dict[str, Any]:
    """Return the registry of each field that holds a plug-in."""
    from wunderkammer.core.registry import family_of

    found = {name: family_of(field) for name, field in stage.model_fields.items()}
    return {name: family for name, family in found.items() if family is not None}


def _change(path: Path, stage: str, families: dict[str, Any], given: dict[str, Any]) -> None:
    """Write the settings that were given to collection.toml, and say so."""
    import wunderkammer
    from wunderkammer.core.template import edit, parse_assignment

    changes = {}
    for key, text in given.items():
        if text is not None:
            name = key.replace("__", ".")
            full = f"{stage}.{name}.name" if name in families else f"{stage}.{name}"
            changes[full] = parse_assignment(f"x={text}")[1]
    if changes:
        collection = wunderkammer.open(path)
        for line in edit(collection.root, changes, collection.pipeline.stages):
            click.echo(f"collection.toml: {line}")


def _run(
    path: Path,
    stage: str | None,
    how: dict[str, Any],
    *,
    only: bool = False,
    again: bool = False,
) -> None:
    import wunderkammer
    from wunderkammer.cli import INTERRUPTED, SOME_FAILED
    from wunderkammer.cli.progress import watching
    from wunderkammer.core.arrow import spare_pandas

    spare_pandas()
    collection = wunderkammer.open(path)
    names = None if stage is None else [stage] if only else collection.upstream(stage)
    kind = how["engine"] or collection.configuration.engine.kind
    if how["address"] and kind == "local":
        raise click.UsageError("--address is that of a cluster: say --engine dask or ray, too.")
    engine = collection.engine(how["engine"] or "", how["address"] or "", n_workers=how["workers"])
    if kind != "local":
        click.echo(engine.about)
    with watching() as progress:
        report = collection.run(
            names,
            retry_failed=how["retry_failed"],
            again=[stage] if stage is not None and again else (),
            engine=engine,
            device=how["device"],
            progress=progress,
        )
    ctx = click.get_current_context()
    if report.status == "interrupted":
        click.echo("Stopped. What was finished is kept; the same command goes on.", err=True)
        ctx.exit(INTERRUPTED)
    n_failed = collection.failures().num_rows
    if n_failed:
        rows = "row has" if n_failed == 1 else "rows have"
        click.echo(f"{n_failed:,} {rows} failed so far: 'wk failures' says why.")
    if stage is None and any(run.group.startswith("atlas") and run.n_done for run in report.stages):
        where = "" if path.resolve() == Path.cwd() else f" -C {path}"
        click.echo(f"Next: wk serve{where}")
    if n_failed and how["strict"]:
        ctx.exit(SOME_FAILED)
