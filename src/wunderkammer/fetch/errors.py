"""What can be wrong with a medium's address, host or file; names are read in reports."""

from __future__ import annotations

from wunderkammer.core.errors import ConfigurationError, WunderkammerError


class FetchError(WunderkammerError):
    """One medium could not be fetched; the others can."""


class AddressError(FetchError):
    """The record holds no address that can be asked: none, not http(s), or malformed."""


class NotFoundError(FetchError):
    """The host says that there is no such file (404, 410): a dead link."""


class RefusedError(FetchError):
    """The host will not hand the file out (401, 403, or another 4xx)."""


class RobotsError(FetchError):
    """The host's robots.txt forbids the address."""


class HostDownError(FetchError):
    """The host cannot be reached: no such name, refused, or no answer."""


class ServerError(FetchError):
    """The host answers with an error of its own (5xx) each time."""


class BrokenOffError(FetchError):
    """The file never came whole: reset, cut short, stalled, or too slow."""


class RedirectError(FetchError):
    """Redirects lead in a circle, on without end, or nowhere."""


class WrongTypeError(FetchError):
    """What came is no image, such as a web page with status 200."""


class BrokenImageError(FetchError):
    """The file begins as an image and cannot be decoded whole."""


class TooLargeError(FetchError):
    """The file has more bytes or pixels than are allowed."""


class LicenceRefusedError(FetchError):
    """The record's licence is not among those that were asked for."""


class HostRefusedError(FetchError):
    """The settings keep this host out: deny list, allow list, or a private address."""


class NotStoredError(FetchError):
    """The file came and cannot be written here: permission, or a path too long."""


class ContactMissingError(ConfigurationError):
    """A real host is to be asked, and nothing says who asks."""
