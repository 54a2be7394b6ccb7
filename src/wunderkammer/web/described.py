"""The OpenAPI document of an application, true to what it answers: bodies, files and problems."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from wunderkammer.web.problems import MEDIA_TYPE
from wunderkammer.web.schemas import Problem

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_ANYTHING = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


def _files() -> dict[str, Any]:
    """Return the one route of an atlas, for GET and HEAD."""
    name = {"name": "name", "in": "path", "required": True,
            "schema": {"type": "string", "minLength": 1},
            "description": "The path of a file as it is published."}  # fmt: skip
    part = {"name": "Range", "in": "header", "required": False, "schema": {"type": "string"},
            "description": "One range of bytes."}  # fmt: skip
    answers: dict[str, Any] = {
        "200": {"description": "The file, or JSON.", "content": _ANYTHING},
        "206": {"description": "A part of it.", "content": _ANYTHING},
        "304": {"description": "What the client has is current."},
    }
    answers |= {code: {"description": "A problem."} for code in ("401", "403", "404", "414", "416")}
    asked = {"summary": "A file of the atlas", "parameters": [name, part], "responses": answers}
    return {"/{name}": {method: copy.deepcopy(asked) for method in ("get", "head")}}


FILES = _files()
"""The files of an atlas, as OpenAPI has routes."""


def atlas_document() -> dict[str, Any]:
    """Return the OpenAPI document of an atlas that is served read-only."""
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Wunderkammer atlas", "version": "1"},
        "paths": copy.deepcopy(FILES),
    }
    return _mended(document)


def describe(app: FastAPI, further: Mapping[str, Any] | None = None) -> None:
    """Let an application's document name problems as they are sent, and further routes.

    Parameters
    ----------
    app : FastAPI
        Its routes are described by themselves.
    further : mapping, optional
        Routes that are no routes of FastAPI, such as :data:`FILES`, by path.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        document["paths"].update(copy.deepcopy(dict(further or {})))
        return _mended(document)

    app.openapi = openapi  # type: ignore[method-assign]


def sent(media_type: str, schema: type[BaseModel] | None = None) -> dict[str, Any]:
    """Return what the document says of a body that a route reads by itself.

    Parameters
    ----------
    media_type : str
        As what it is sent.
    schema : type of BaseModel, optional
        What it says; without one, any bytes.
    """
    told: dict[str, Any] = {"type": "string", "format": "binary"}
    if schema is not None:
        told = schema.model_json_schema()
        told = _inlined(told, told.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {media_type: {"schema": told}}}}


def answered(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return what the document says of a route that answers bytes."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "Bytes.", "content": dict.fromkeys(media_types, schema)}}


def _inlined(part: Any, known: Mapping[str, Any]) -> Any:
    """Return a schema with what it refers to in place."""
    if isinstance(part, list):
        return [_inlined(one, known) for one in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).removeprefix("#/$defs/")
    if name in known:
        return _inlined(known[name], known)
    return {key: _inlined(value, known) for key, value in part.items()}


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose refusals are problems, each with its schema."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for item in document["paths"].values():
        for operation in item.values():
            for code, answer in operation["responses"].items():
                if code >= "400":
                    answer["content"] = {MEDIA_TYPE: {"schema": dict(_PROBLEM)}}
    return document
