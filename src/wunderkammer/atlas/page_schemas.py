"""Parts of ``atlas.json`` and of cards that say how the page speaks and looks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Schema(BaseModel):
    """Base of what an atlas' JSON files hold: frozen, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class When(Schema):
    """A date or a span of time; years, months and days in ISO 8601 as far as they are known."""

    start: str = Field(description="First day, month or year, such as 1979-02.")
    end: str = Field(description="Last day, month or year; equal to start for a single date.")
    approximate: bool = Field(default=False, description="Whether the source says so.")


class Translation(Schema):
    """The texts of the collection in one more language; an empty one stays as it is."""

    title: str = Field(default="", description="Name of the collection.")
    description: str = Field(default="", description="What it is; plain text.")
    citation: str = Field(default="", description="How to cite it.")
    introduction: str = Field(default="", description="A few words of welcome.")
    disclaimer: str = Field(default="", description="What visitors should know.")
    layout_titles: dict[str, str] = Field(
        default={}, description="Names of layouts for people, by their names in addresses."
    )


class Appearance(Schema):
    """How the page looks and which language it speaks."""

    language: str = Field(default="", description="en or de; empty: the visitor's.")
    theme: Literal["auto", "light", "dark"] = Field(
        default="auto", description="auto: what the visitor's device is set to."
    )
    logo: str = Field(default="", description="An image, relative to atlas.json; or empty.")
    light: dict[str, str] = Field(
        default={}, description="Colours by their names in the page; empty for the page's own."
    )
    dark: dict[str, str] = Field(default={}, description="The same where the page is dark.")
