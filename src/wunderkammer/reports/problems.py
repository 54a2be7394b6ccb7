"""Problems of a medium's record that its publisher can mend: what each is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem.

    Attributes
    ----------
    code : str
        Its name in tables.
    title : str
        What it is, for people; fits after a number.
    advice : str
        What the publisher can do.
    errors : tuple of str
        Classes of the errors of the stage ``fetch`` that mean it.
    """

    code: str
    title: str
    advice: str
    errors: tuple[str, ...] = ()


PROBLEMS: tuple[Problem, ...] = (
    Problem(
        "dead_link",
        "dead links",
        "The host says that there is no such file (404 or 410). Correct the address, put the "
        "file back, or take the medium out of the export.",
        ("NotFoundError",),
    ),
    Problem(
        "not_an_image",
        "web pages in place of images",
        "The address answers, but not with an image. Give the address of the file itself; the "
        "page about it belongs into 'references' (furtherInformationURL).",
        ("WrongTypeError",),
    ),
    Problem(
        "broken_image",
        "broken images",
        "The file begins as an image and cannot be decoded to its end. Upload it again.",
        ("BrokenImageError",),
    ),
    Problem(
        "broken_off",
        "files that never came whole",
        "The connection broke off, or was too slow, each time. Look at the server's log for "
        "this address.",
        ("BrokenOffError",),
    ),
    Problem(
        "refused",
        "refused files",
        "The host hands the file to nobody who asks without a log-in (401, 403 and the like). "
        "Open it, or say in the licence that it is not public.",
        ("RefusedError",),
    ),
    Problem(
        "robots",
        "files that robots.txt forbids",
        "The host's robots.txt keeps programs from this address, and they obey. If the images "
        "are meant to be used, allow their folder.",
        ("RobotsError",),
    ),
    Problem(
        "host_down",
        "files of hosts that do not answer",
        "No host of this name could be reached. Correct the name, or bring the host back.",
        ("HostDownError",),
    ),
    Problem(
        "server_error",
        "errors of the host",
        "The host answered with an error of its own (5xx) each time. Look at its log.",
        ("ServerError",),
    ),
    Problem(
        "redirect_lost",
        "redirects that lead nowhere",
        "Redirects go in a circle, on without end, or to no address. Correct the address or "
        "the redirect.",
        ("RedirectError",),
    ),
    Problem(
        "moved",
        "redirected addresses",
        "The file came from another address. If it has moved for good, write the new address "
        "into the record.",
    ),
    Problem(
        "http_for_https",
        "http in place of https",
        "The host sends on to the same address with https. Write https into the record.",
    ),
    Problem(
        "too_large",
        "files that are too large",
        "The file exceeds the limits that were set for this collection. It may be right as it "
        "is; a smaller version for viewing helps those who only look.",
        ("TooLargeError",),
    ),
    Problem(
        "bad_address",
        "addresses that cannot be asked",
        "The address is malformed, or not http or https. Correct it.",
        ("AddressError",),
    ),
    Problem(
        "private_address",
        "addresses inside a private network",
        "The address leads to a machine that only your own network can see. Give the public one.",
    ),
    Problem(
        "no_address",
        "records without an address",
        "The record speaks of an image and does not say where it is. Fill accessURI "
        "(identifier), or take the row out of the export.",
        ("ImageMissingError",),
    ),
    Problem(
        "shared_address",
        "addresses that several records share",
        "Several records give one address. That is right for a drawer or a plate that shows "
        "all of them; otherwise one of them has the wrong image.",
    ),
    Problem(
        "no_licence",
        "media without a licence",
        "Nothing says what may be done with the image. State a licence in 'license', best as "
        "an address such as https://creativecommons.org/licenses/by/4.0/.",
    ),
    Problem(
        "unclear_licence",
        "licences that are not understood",
        "The text names no known licence, or two. Replace it by the address of one licence, or "
        "of a statement of rightsstatements.org.",
    ),
    Problem(
        "no_rights_holder",
        "media without a rights holder",
        "Nobody is named whom to credit or to ask. Fill 'rightsHolder' (Owner).",
    ),
    Problem(
        "not_a_record",
        "rows that could not be read",
        "The row of the source is no record; what is found says why. Correct it in the export.",
    ),
    Problem(
        "other",
        "other failures",
        "What is found says what happened.",
    ),
)
"""In the order in which a report lists them."""

BY_CODE = {problem.code: problem for problem in PROBLEMS}

OURS = ("LicenceRefusedError", "HostRefusedError", "NotStoredError", "ContactMissingError")
"""Errors that say nothing about the record: the settings or the disk here kept the medium out."""
