"""The table ``[engine]``: where batches are done, and what each stage needs for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from wunderkammer.core.engine import Needs
from wunderkammer.core.errors import ConfigurationError, StageError, nearest
from wunderkammer.core.limits import memory_allowed
from wunderkammer.core.settings import Settings
from wunderkammer.core.stage import Stage, TableStage


class Resources(Settings):
    """What a stage needs of the machines it runs on; it changes no result and no key."""

    cores: int | None = Field(
        None,
        ge=1,
        description="Cores that a batch may use. Default: one; for a stage that needs all media "
        "at once, all there are.",
    )
    gpus: float | None = Field(
        None,
        ge=0,
        description="GPUs that a batch needs with '--device cuda'; 0.25 lets four batches share "
        "one, 0 computes this stage without. Default: as many batches as fit share what is there.",
    )
    memory_gb: float = Field(
        0.0,
        ge=0,
        description="Memory that a batch needs; for a stage that needs all media at once, what "
        "the driver's machine must have. 0: not looked at.",
    )
    at_once: int | None = Field(
        None, ge=1, description="Batches done at the same time, at most. Default: what fits."
    )


class EngineSettings(Settings):
    """Where batches are done; it changes no result and no key. `wk run --engine` goes before it."""

    kind: str = Field("local", description="local (processes on this machine), dask or ray.")
    address: str = Field(
        "",
        description="Where the cluster answers: of Dask tcp://host:8786 or a scheduler file, of "
        "Ray host:6379, ray://host:10001 or auto. Empty: what the library's own settings say.",
    )
    workers: int | None = Field(
        None, ge=0, description="Processes of the local engine; default: one a core."
    )
    stages: dict[str, Resources] = Field(
        default_factory=dict,
        description="What stages need, one table each, such as [engine.stages.features].",
    )

    def of(self, stage: Stage) -> Resources:
        """Return what a stage needs: its group's table, else its name's."""
        return self.stages.get(stage.group) or self.stages.get(stage.name) or Resources()


def check_stages(settings: EngineSettings, stages: Sequence[Stage], kinds: Sequence[str]) -> None:
    """Refuse resources of a stage that nobody knows.

    Raises
    ------
    ConfigurationError
        Names the nearest.
    """
    known = {*kinds, *(stage.group for stage in stages)}
    for name in settings.stages:
        if name not in known:
            raise ConfigurationError(
                f"collection.toml, [engine.stages]: no stage is called '{name}'.",
                hint=nearest(name, known),
            )


def needs_of(resources: Resources, device: str) -> Needs:
    """Return what one batch of a row stage needs on a device."""
    n_gpus = (resources.gpus or 0.0) if device == "cuda" else 0.0
    return Needs(resources.cores or 1, n_gpus, resources.memory_gb)


def device_of(resources: Resources, device: str) -> str:
    """Return where a stage computes: without a GPU if it is to have none."""
    return "cpu" if resources.gpus == 0 else device


def threads_of(stage: TableStage, resources: Resources, n_threads: int) -> int:
    """Return the threads a table stage may use in this process, which has the memory it needs.

    Raises
    ------
    StageError
        If this machine has less memory than is declared.
    """
    there = memory_gb()
    if resources.memory_gb > there > 0:
        raise StageError(
            f"{stage.group} is declared to need {resources.memory_gb:g} GB of memory, and this "
            f"machine has {there:.1f}.",
            hint="Run it where there is as much, or change memory_gb in collection.toml, "
            f"[engine.stages.{stage.name}].",
        )
    return resources.cores or n_threads


def in_words(resources: Resources, n_at_once: int) -> str:
    """Return what a stage was given, for people; empty where nothing is declared.

    Examples
    --------
    >>> in_words(Resources(cores=4, gpus=0.5), 8)
    '8 batches at once, each with 4 cores, 0.5 GPU'
    >>> in_words(Resources(), 8)
    ''
    """
    declared: Mapping[str, float | None] = {
        "cores": resources.cores,
        "GPU": resources.gpus,
        "GB": resources.memory_gb or None,
    }
    words = [f"{value:g} {unit}" for unit, value in declared.items() if value is not None]
    if not words and resources.at_once is None:
        return ""
    batches = f"{n_at_once} {'batch' if n_at_once == 1 else 'batches'} at once"
    return f"{batches}, each with {', '.join(words)}" if words else batches


def memory_gb() -> float:
    """Return the memory in GB that this process may use; 0 where the system does not say."""
    return memory_allowed() / 1e9
