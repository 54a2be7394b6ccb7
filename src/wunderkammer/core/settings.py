"""Settings: frozen models whose fields are what changes a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from wunderkammer.core.errors import ConfigurationError, nearest

CONTEXT = "context"
"""Mark of a field that says where or how, never what: it stays out of every key."""

LATER = "later"
"""Mark of a field that its model got after results were made with it: the default is what
was done before, and stays out of the key, so that those results stay fresh."""

_Model = TypeVar("_Model", bound="Settings")


class Settings(BaseModel):
    """Base of stages and plug-ins: frozen, no unknown field, documented fields.

    A field changes the result and enters the key, unless it is declared with
    ``json_schema_extra={"context": True}`` (a path, a number of workers): what
    lies at a path is digested by its content instead.

    Examples
    --------
    >>> from pydantic import Field
    >>> class Blur(Settings):
    ...     sigma: float = Field(1.0, description="Width of the blur in pixels.")
    >>> Blur(sigma=2).settings()
    {'sigma': 2.0}
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, defer_build=True)

    def model_post_init(self, context: Any, /) -> None:
        """Build what dumps it: a model within another is dumped by its own class."""
        self._build()

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Take what another process had."""
        super().__setstate__(state)
        self._build()

    def _build(self) -> None:
        if not type(self).__pydantic_complete__:
            type(self).model_rebuild()

    def settings(self) -> dict[str, Any]:
        """Return the fields that change the result, nested ones included, as JSON values."""
        return _without_context(self, self.model_dump(mode="json", serialize_as_any=True))

    def settings_digest(self) -> str:
        """Return the SHA-256 (hex) of :meth:`settings`, whatever the order of fields."""
        return digest_of(self.settings())


def digest_of(value: Any) -> str:
    """Return the SHA-256 (hex) of a JSON value in canonical form.

    Examples
    --------
    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _without_context(model: BaseModel, dumped: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, field in type(model).model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if extra.get(CONTEXT):
            continue
        default = field.get_default(call_default_factory=True) if extra.get(LATER) else None
        if extra.get(LATER) and getattr(model, name) == default:
            continue
        kept[name] = _strip(getattr(model, name), dumped[name])
    return kept


def _strip(value: Any, dumped: Any) -> Any:
    if isinstance(value, BaseModel):
        return _without_context(value, dumped)
    if isinstance(value, Mapping):
        return {
            key: _strip(inner, out)
            for inner, (key, out) in zip(value.values(), dumped.items(), strict=True)
        }
    if isinstance(value, tuple | list):
        return [_strip(inner, out) for inner, out in zip(value, dumped, strict=True)]
    return dumped


def build(kind: type[_Model], values: Mapping[str, Any], *, where: str) -> _Model:
    """Make a settings model from a TOML table or options, with errors a user can act on.

    Parameters
    ----------
    kind : type
        The model to make.
    values : mapping
        Field names and values.
    where : str
        Where the values were written, such as ``"collection.toml, [layout]"``.

    Raises
    ------
    ConfigurationError
        For an unknown field (with the nearest known), or a value that is not allowed.
    """
    if not isinstance(values, Mapping):
        raise ConfigurationError(
            f"{where}: this must be a table, and it is {repr(values)[:60]}.",
            hint="Write its settings as name = value, on lines below its name in brackets.",
        )
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        raise _explain(kind, error.errors()[0], where) from None


def _explain(kind: type[Settings], detail: ErrorDetails, where: str) -> ConfigurationError:
    path = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        known = [name for name in kind.model_fields if name not in {"name", "version"}]
        return ConfigurationError(
            f"{where}: there is no setting '{path}'.", hint=nearest(path, known)
        )
    if detail["type"] == "missing":
        field = kind.model_fields.get(path)
        return ConfigurationError(
            f"{where}: the setting '{path}' is missing.",
            hint=f"It says: {field.description}" if field and field.description else "",
        )
    message = detail["msg"][0].lower() + detail["msg"][1:]
    return ConfigurationError(f"{where}: {path} = {detail['input']!r}: {message}.")
