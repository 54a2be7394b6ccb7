"""How hosts are treated, and which files are accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from wunderkammer.core.settings import CONTEXT, Settings
from wunderkammer.fetch.errors import LicenceRefusedError
from wunderkammer.vocab.licences import licence

_HOW: dict[str, Any] = {CONTEXT: True}


class HostRules(Settings):
    """What differs for one host; what is not set is as for all hosts."""

    requests_per_second: float | None = Field(
        None, description="Most requests in any second; 0 for no limit.", ge=0, le=10_000
    )
    concurrency: int | None = Field(
        None, description="Requests that may be open at a time.", ge=1, le=256
    )
    delay_s: float | None = Field(
        None, description="Least seconds between two requests.", ge=0, le=86_400
    )


@dataclass(frozen=True, slots=True)
class FullRules:
    """The rules of one host, none left open; fields as in :class:`HostRules`."""

    requests_per_second: float
    concurrency: int
    delay_s: float


class Policy(Settings):
    """How hosts are treated (context), and which files are accepted (settings).

    A host's robots.txt is always obeyed: there is no setting for it. It can make
    a host's rate lower than is set here, never higher.
    """

    requests_per_second: float = Field(
        1.0,
        description="Most requests to one host in any second; 0 for no limit.",
        ge=0,
        le=10_000,
        json_schema_extra=_HOW,
    )
    concurrency_per_host: int = Field(
        2,
        description="Requests that may be open at one host at a time.",
        ge=1,
        le=256,
        json_schema_extra=_HOW,
    )
    concurrency: int = Field(
        128,
        description="Requests that may be open at all hosts together.",
        ge=1,
        le=4096,
        json_schema_extra=_HOW,
    )
    hosts: Mapping[str, HostRules] = Field(
        default_factory=dict,
        description="Rules of single hosts, by name or name:port.",
        json_schema_extra=_HOW,
    )
    allow_hosts: tuple[str, ...] = Field(
        (),
        description="If any are named, only these are asked; '*.example.org' means all below.",
        json_schema_extra=_HOW,
    )
    deny_hosts: tuple[str, ...] = Field(
        (),
        description="Hosts that are never asked; '*.example.org' takes in all below.",
        json_schema_extra=_HOW,
    )
    allow_private: tuple[str, ...] = Field(
        (),
        description="Hosts or networks that may be asked though they are private or this machine, "
        "such as '127.0.0.1' or '10.1.0.0/16'.",
        json_schema_extra=_HOW,
    )
    connect_s: float = Field(
        20, description="Seconds to wait for a connection.", gt=0, le=600, json_schema_extra=_HOW
    )
    first_byte_s: float = Field(
        60, description="Seconds to wait for an answer.", gt=0, le=3600, json_schema_extra=_HOW
    )
    stall_s: float = Field(
        30,
        description="Seconds without a byte after which a file is given up for now.",
        gt=0,
        le=3600,
        json_schema_extra=_HOW,
    )
    least_bytes_per_s: int = Field(
        500,
        description="A file that comes slower, over stall_s seconds, is given up for now.",
        ge=0,
        json_schema_extra=_HOW,
    )
    tries: int = Field(
        4, description="How often a file is asked for at most.", ge=1, le=20, json_schema_extra=_HOW
    )
    backoff_s: float = Field(
        2.0,
        description="Longest first pause after a failed try; it doubles with each.",
        gt=0,
        le=600,
        json_schema_extra=_HOW,
    )
    patience_s: float = Field(
        900,
        description="How long a run waits for a host that asks for time (Retry-After); "
        "beyond it, the rest of the host is left for the next run.",
        ge=0,
        le=86_400,
        json_schema_extra=_HOW,
    )
    max_redirects: int = Field(
        10, description="Redirects that are followed.", ge=0, le=30, json_schema_extra=_HOW
    )
    resume_bytes: int = Field(
        1_000_000,
        description="From so many bytes on, a broken-off file is gone on with, not begun anew.",
        ge=1,
        json_schema_extra=_HOW,
    )
    max_bytes: int = Field(
        500_000_000, description="Files of more bytes are refused.", ge=1, le=1 << 40
    )
    max_pixels: int = Field(300_000_000, description="Images of more pixels are refused.", ge=1)
    licences: tuple[str, ...] = Field(
        (),
        description="Only media under these licences are fetched, such as 'cc0' or 'cc-by'; "
        "without a version, any version. Empty: all.",
    )
    copy_px: int = Field(
        0,
        description="Longest side in pixels of a JPEG copy made of each image; 0 for none.",
        ge=0,
        le=20_000,
    )

    @field_validator("allow_hosts", "deny_hosts", "allow_private", "licences", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take words with commas between them for a list, as they are given in one option."""
        if not isinstance(value, str):
            return value
        return tuple(word.strip() for word in value.split(",") if word.strip())

    @field_validator("licences")
    @classmethod
    def _named(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({_licence_name(value) for value in values}))

    def rules_for(self, host: str) -> FullRules:
        """Return the rules of one host, named ``name`` or ``name:port``."""
        own = self.hosts.get(host) or self.hosts.get(host.rpartition(":")[0]) or HostRules()
        rate, places = own.requests_per_second, own.concurrency
        return FullRules(
            requests_per_second=self.requests_per_second if rate is None else rate,
            concurrency=self.concurrency_per_host if places is None else places,
            delay_s=own.delay_s or 0.0,
        )

    def licence_refusal(self, statement: str) -> LicenceRefusedError | None:
        """Return why a medium's licence keeps it out, or None if it does not.

        Parameters
        ----------
        statement : str
            The licence as the source wrote it; empty if there is none.
        """
        if not self.licences:
            return None
        spdx = licence(statement).spdx if statement else None
        if spdx and (spdx in self.licences or _unversioned(spdx) in self.licences):
            return None
        return LicenceRefusedError(
            f"its licence is {statement!r}, and only {', '.join(self.licences)} may be fetched."
            if statement
            else f"it states no licence, and only {', '.join(self.licences)} may be fetched.",
            hint="Add its licence to [fetch] licences, or leave it out.",
        )


def _licence_name(value: str) -> str:
    """Return a licence's SPDX name, without a version if none was written."""
    spdx = licence(value).spdx
    if spdx is None:
        raise ValueError(
            f"{value!r} is no licence that is known; cc0, cc-by, cc-by-sa, cc-by-nc, cc-by-nc-sa, "
            "cc-by-nd, cc-by-nc-nd, pdm are"
        )
    versioned = re.search(r"\d", value.casefold().replace("cc0", ""))
    return spdx if versioned else _unversioned(spdx)


def _unversioned(spdx: str) -> str:
    return re.sub(r"-\d+(\.\d+)*$", "", spdx)
