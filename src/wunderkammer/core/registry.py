"""Families of plug-ins: one file each, found by name, loaded when asked for."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints, distributions
from typing import Any, Generic, TypeVar

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from wunderkammer.core.errors import UnknownNameError, nearest
from wunderkammer.core.settings import Settings, build

FILE_WORD = "collection.toml"
_Plugin = TypeVar("_Plugin", bound=Settings)


class Registry(Generic[_Plugin]):
    """The plug-ins of one family, such as the encoders.

    A built-in plug-in is a module of the family's package; a foreign one is an
    entry point in the group ``wunderkammer.<family>`` that names a module. Both
    register their classes with :meth:`register` when they are imported, which
    happens at the first look-up and never at ``import wunderkammer``.

    Parameters
    ----------
    family : str
        Name of the package below ``wunderkammer``, such as ``"encoders"``.
    singular : str
        The word for one of them in messages, such as ``"encoder"``.

    Examples
    --------
    >>> from typing import Literal
    >>> greetings = Registry("encoders", "encoder")
    >>> @greetings.register
    ... class Hello(Settings):
    ...     name: Literal["hello"] = "hello"
    >>> greetings._loaded = True
    >>> greetings.get("hello") is Hello
    True
    """

    def __init__(self, family: str, singular: str) -> None:
        self.family = family
        self.singular = singular
        self._classes: dict[str, type[_Plugin]] = {}
        self._loaded = False

    def register(self, plugin: type[_Plugin]) -> type[_Plugin]:
        """Add a class under the default of its ``name`` field; use as a decorator."""
        name = plugin.model_fields["name"].default
        present = self._classes.get(name)
        if present is not None and present.__qualname__ != plugin.__qualname__:
            raise UnknownNameError(
                f"{self.family}: two plug-ins are called '{name}': "
                f"{present.__module__} and {plugin.__module__}.",
                hint="Uninstall one of the packages that bring them.",
            )
        self._classes[name] = plugin
        return plugin

    def names(self) -> list[str]:
        """Return every known name, sorted."""
        self._load()
        return sorted(self._classes)

    def get(self, name: str, *, where: str = "") -> type[_Plugin]:
        """Return the class of a name.

        Parameters
        ----------
        name : str
            The plug-in's name.
        where : str, optional
            Where the name was written; begins the message.

        Raises
        ------
        UnknownNameError
            If nobody has that name; says the nearest and all known.
        """
        self._load()
        if name not in self._classes:
            start = f"{where}: " if where else ""
            article = "an" if self.singular[0] in "aeiou" else "a"
            raise UnknownNameError(
                f"{start}no {self.singular} is called '{name}' "
                f"({article} {self.singular} is chosen by its name).",
                hint=nearest(name, self._classes),
            )
        return self._classes[name]

    def parse(self, value: Any) -> Any:
        """Make a plug-in from its name or from a table with ``name`` and settings.

        Raises
        ------
        ConfigurationError
            For an unknown name or setting.
        """
        if isinstance(value, str):
            return self.get(value, where=FILE_WORD)()
        if isinstance(value, dict):
            where = f"{FILE_WORD}, {self.singular} '{value.get('name', '')}'"
            if "name" not in value:
                raise UnknownNameError(
                    f"{FILE_WORD}: the {self.singular} has no name.", hint=nearest("", self.names())
                )
            return build(self.get(value["name"], where=FILE_WORD), value, where=where)
        return value

    def __iter__(self) -> Iterator[type[_Plugin]]:
        """Yield the classes in the order of their names."""
        return (self._classes[name] for name in self.names())

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        for load in self._modules():
            load()

    def _modules(self) -> Iterator[Callable[[], object]]:
        package = importlib.import_module(f"wunderkammer.{self.family}")
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                name = f"{package.__name__}.{module.name}"
                yield lambda name=name: importlib.import_module(name)  # type: ignore[misc]
        foreign = _installed(tuple(sys.path)).select(group=f"wunderkammer.{self.family}")
        point: EntryPoint
        for point in sorted(foreign):
            yield point.load


@functools.cache
def _installed(path: tuple[str, ...]) -> EntryPoints:
    """Return the entry points of all packages below a search path: read once for all families."""
    packages = distributions(path=list(path))
    return EntryPoints(point for package in packages for point in package.entry_points)


def chosen_from(registry: Registry[_Plugin]) -> Any:
    """Return the annotation of a field that holds a plug-in of a family.

    The field takes a name, or a table with a ``name`` and settings, or a
    plug-in; it dumps all settings of what it holds.

    Examples
    --------
    ``encoder: Annotated[Encoder, chosen_from(encoders.registry)] = Field(…)``
    """
    return BeforeValidator(registry.parse)


def family_of(field: FieldInfo) -> Registry[Any] | None:
    """Return the family that a field chooses from, see :func:`chosen_from`; None if it does not."""
    for mark in field.metadata:
        owner = getattr(getattr(mark, "func", None), "__self__", None)
        if isinstance(owner, Registry):
            return owner
    return None
