"""``collection.toml``: what a collection is called and how its stages are set."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from wunderkammer.core.digests import with_file_digests
from wunderkammer.core.errors import ConfigurationError, NotACollectionError, nearest
from wunderkammer.core.formats import FORMAT, KEY, format_of
from wunderkammer.core.resources import EngineSettings, check_stages
from wunderkammer.core.settings import Settings, build
from wunderkammer.core.stage import RecordStage, Stage

FILE = "collection.toml"
MEND_TOML = (
    "Mend that place in a text editor: texts stand in quotation marks, tables are named in "
    "brackets, and each setting has a line."
)

MADE = (
    "records", "annotations", "media", "columns", "blobs", "artifacts", "runs", "cache", "weights",
    "evaluation", "curation", "damaged",
)  # fmt: skip
"""Folders beside it that hold what a collection keeps and makes."""

REFERS_TO = "refers_to"
"""Mark of a field that holds the label of an earlier stage, or one of several stages' names.

Its value is the name of the stage whose label the field holds; an empty field means
the first there is. Or it is a list of names of stages, the preferred one first: the
field holds one of these, and an empty one means the first of them that the collection has.
"""

EACH = "each"
"""Mark of a field that refers to a stage's label: left empty, it means each there is.

There is then one stage for each label that no other table of its kind names.
"""


class Translation(Settings):
    """The texts of a collection in one more language; an empty one stays as it is."""

    title: str = Field("", description="Name of the collection.")
    description: str = Field("", description="What it is.")
    citation: str = Field("", description="How to cite it.")
    introduction: str = Field("", description="A few words of welcome.")
    disclaimer: str = Field("", description="What visitors should know before they rely on it.")
    layout_titles: dict[str, str] = Field(
        default_factory=dict,
        description="What visitors read of layouts, by what these are called in addresses.",
    )


class About(Settings):
    """What the collection is, for the people who open its atlas."""

    title: str = Field("Untitled collection", description="Name of the collection.")
    description: str = Field("", description="What it is, from whom; shown in the atlas.")
    citation: str = Field("", description="How to cite it; shown in the atlas.")
    contact: str = Field(
        "", description="E-mail address or web page sent to image hosts with each request."
    )
    publisher: str = Field("", description="Who publishes the atlas; shown in it.")
    website: str = Field("", description="Address of the publisher's page, http or https.")
    introduction: str = Field(
        "", description="A few words of welcome, shown over the map at the first visit."
    )
    disclaimer: str = Field("", description="What visitors should know before they rely on it.")
    logo: str = Field(
        "", description="Image file, from the folder of the collection: PNG, JPEG, WebP or SVG."
    )
    language: Literal["", "en", "de"] = Field(
        "", description="Language of the page; empty: what the visitor's browser asks for."
    )
    theme: Literal["auto", "light", "dark"] = Field(
        "auto", description="Light or dark; auto: what the visitor's device is set to."
    )
    accent: str = Field("", description="Colour of links and buttons, such as '#7d2d1d'.")
    accent_dark: str = Field("", description="The same where the page is dark: a light colour.")
    paper: str = Field("", description="Ground of the panels, a light colour.")
    paper_dark: str = Field("", description="The same where the page is dark: a dark colour.")
    translations: dict[Literal["en", "de"], Translation] = Field(
        default_factory=dict,
        description="Title and texts in further languages: a table [collection.translations.de].",
    )


class Configuration:
    """The content of ``collection.toml``, checked.

    Parameters
    ----------
    about : About
        The table ``[collection]``.
    stages : sequence of Stage
        In the order of the pipeline, the record stage first if there is a source.
    written : sequence of str, optional
        Groups of the stages as ``collection.toml`` has them; "the first of a name" goes by it.
    engine : EngineSettings, optional
        The table ``[engine]``.
    stored_as : int, optional
        The format of the collection on disk.

    Raises
    ------
    ConfigurationError
        If two stages write one column.
    """

    def __init__(
        self,
        about: About,
        stages: Sequence[Stage],
        written: Sequence[str] | None = None,
        engine: EngineSettings | None = None,
        *,
        stored_as: int = FORMAT,
    ) -> None:
        self.about = about
        self.stored_as = stored_as
        self.engine = engine or EngineSettings()
        self.stages = tuple(stages)
        self._check_writers()
        order = {group: place for place, group in enumerate(written or ())}
        self._as_written = sorted(stages, key=lambda stage: order.get(stage.group, -1))

    def called(self, name: str) -> list[Stage]:
        """Return the stage of a group, or all stages of a name.

        Raises
        ------
        ConfigurationError
            If there is none; says the nearest.
        """
        found = [stage for stage in self._as_written if name in {stage.name, stage.group}]
        return found or [self.stage(name)]

    def stage(self, name: str) -> Stage:
        """Return the stage of a group, or the first of a name.

        Raises
        ------
        ConfigurationError
            If there is none; says the nearest.
        """
        for stage in self._as_written:
            if name in {stage.name, stage.group}:
                return stage
        known = [stage.group for stage in self.stages]
        raise ConfigurationError(f"no stage is called '{name}'.", hint=nearest(name, known))

    @property
    def record_stage(self) -> RecordStage | None:
        """The stage that reads the source, or None."""
        first = self.stages[0] if self.stages else None
        return first if isinstance(first, RecordStage) else None

    def _check_writers(self) -> None:
        writers: dict[str, str] = {}
        groups: set[str] = set()
        for stage in self.stages:
            if stage.group in groups:
                raise ConfigurationError(
                    f"{FILE}: two stages are called '{stage.group}'.",
                    hint="A stage is told from its like by the plug-in it uses, or by what it is "
                    "called where it has such a setting: keep one of each.",
                )
            groups.add(stage.group)
            for column in stage.writes():
                if column.name in writers:
                    raise ConfigurationError(
                        f"{FILE}: both '{writers[column.name]}' and '{stage.group}' write the "
                        f"column '{column.name}'."
                    )
                writers[column.name] = stage.group


def read_configuration(root: Path, kinds: Sequence[type[Stage]]) -> Configuration:
    """Read and check ``collection.toml``.

    Parameters
    ----------
    root : Path
        The collection's folder.
    kinds : sequence of type
        The stages there are, in the order of the pipeline.

    Raises
    ------
    NotACollectionError
        If the folder has no such file.
    ConfigurationError
        If it is not TOML, or a table, setting or value in it is not allowed.
    """
    path = root / FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotACollectionError(
            f"{root} is not a collection: it has no {FILE}.",
            hint="Make one with 'wk new', or name another folder with -C.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.", hint=MEND_TOML) from None
    except RecursionError:
        raise ConfigurationError(
            f"{path} is not TOML: it is nested too deeply.", hint=MEND_TOML
        ) from None
    return configure(tables, kinds, root)


def configure(
    tables: dict[str, Any], kinds: Sequence[type[Stage]], root: Path | None = None
) -> Configuration:
    """Make a configuration from the tables of ``collection.toml``; see above for errors.

    With a ``root`` each stage knows the content of the files it uses; without, none does.
    """
    names = [_name(kind) for kind in kinds]
    known = ["collection", "engine", *names]
    stored_as = format_of(tables, root)
    for table in tables.keys() - {KEY}:
        if table not in known:
            raise ConfigurationError(
                f"{FILE}: there is no table [{table}].", hint=nearest(table, known)
            )
    engine = build(EngineSettings, tables.get("engine", {}), where=f"{FILE}, [engine]")
    about = build(About, tables.get("collection", {}), where=f"{FILE}, [collection]")
    stages: list[Stage] = []
    for kind, name in zip(kinds, names, strict=True):
        if name not in tables and (kind.optional or issubclass(kind, RecordStage)):
            continue
        for stage in _for_each(_instances(kind, name, tables.get(name, {})), stages):
            stages.append(_referred(stage, stages))
    settled = _settled(stages)
    found = settled if root is None else with_file_digests(settled, root)
    check_stages(engine, found, names)
    written = [stage.group for stage in stages]
    return Configuration(about, found, written, engine, stored_as=stored_as)


def _settled(stages: Sequence[Stage]) -> list[Stage]:
    """Put each stage that floats right after the last one it reads from."""
    settled = [stage for stage in stages if not stage.floats]
    waiting = [stage for stage in stages if stage.floats]
    while waiting:
        stage = _next_of(waiting)
        waiting.remove(stage)
        read = set(stage.reads())
        place = 1 + max(
            (
                place
                for place, other in enumerate(settled)
                if isinstance(other, RecordStage) or read & _written(other)
            ),
            default=-1,
        )
        while place < len(settled) and settled[place].floats:
            place += 1
        settled.insert(place, stage)
    return settled


def _next_of(waiting: Sequence[Stage]) -> Stage:
    """Return the first that reads nothing of the others; of a circle the first there is."""
    for stage in waiting:
        written = {name for other in waiting if other is not stage for name in _written(other)}
        if not written & set(stage.reads()):
            return stage
    return waiting[0]


def _written(stage: Stage) -> set[str]:
    return {column.name for column in stage.writes()}


def _for_each(stages: Sequence[Stage], earlier: Sequence[Stage]) -> list[Stage]:
    """Make several of a stage whose field means each label of an earlier one."""
    found: list[Stage] = []
    for stage in stages:
        field, meant = _field_of_each(stage)
        if not field or getattr(stage, field):
            found.append(stage)
            continue
        named = {getattr(other, field) for other in stages}
        labels = [other.label for other in earlier if other.name == meant]
        own = [label for label in labels if label not in named]
        found += [stage.model_copy(update={field: label}) for label in own]
        if not labels:
            found.append(stage)
    return found


def _field_of_each(stage: Stage) -> tuple[str, str]:
    """Return the field that may mean each label, and the name of the stage whose they are."""
    for field, information in type(stage).model_fields.items():
        extra = information.json_schema_extra
        if isinstance(extra, dict) and extra.get(EACH):
            return field, str(extra[REFERS_TO])
    return "", ""


def _referred(stage: Stage, earlier: Sequence[Stage]) -> Stage:
    """Fill the fields that name an earlier stage, or one of its instances, and are empty."""
    chosen = {}
    for field, information in type(stage).model_fields.items():
        extra = information.json_schema_extra
        if not isinstance(extra, dict) or REFERS_TO not in extra:
            continue
        meant, wanted = extra[REFERS_TO], getattr(stage, field)
        if isinstance(meant, list):
            known, problem = _present(meant, earlier), f"there is no [{wanted}]"
        else:
            known = [other.label for other in earlier if other.name == meant]
            problem = f"no [{meant}] is called so"
        if wanted and wanted not in known:
            raise ConfigurationError(
                f"{FILE}, [{stage.name}]: {field} = '{wanted}', and {problem}.",
                hint=nearest(wanted, known),
            )
        if not wanted and known:
            chosen[field] = known[0]
    return stage.model_copy(update=chosen) if chosen else stage


def _present(names: Sequence[Any], earlier: Sequence[Stage]) -> list[str]:
    """Return those names of stages that are among the earlier ones, in their order."""
    there = {other.name for other in earlier}
    return [str(name) for name in names if name in there]


def _instances(kind: type[Stage], name: str, table: Any) -> list[Stage]:
    """Make one stage of a table, several of an array of tables."""
    if isinstance(table, list):
        return [build(kind, one, where=f"{FILE}, [[{name}]]") for one in table]
    if not isinstance(table, dict):
        raise ConfigurationError(
            f"{FILE}: '{name}' must be a table, and it is {repr(table)[:60]}.",
            hint=f"Write [{name}] on a line of its own, and its settings on the lines below it.",
        )
    return [build(kind, table, where=f"{FILE}, [{name}]")]


def _name(kind: type[Stage]) -> str:
    return str(kind.model_fields["name"].default)
