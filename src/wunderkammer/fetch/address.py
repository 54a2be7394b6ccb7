"""Addresses: written one way, grouped by host, and kept out of private networks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from wunderkammer.fetch.errors import AddressError, HostRefusedError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_LONGEST = 8_000
_PORTS = {"http": 80, "https": 443}
# What may stand in a path or query as it is (RFC 3986), "%" included: an address is not
# written anew, for a host may need "%2F" to stay what it is.
_PATH = "/%:@!$&'()*+,;=~-._[]"
_QUERY = _PATH + "?"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BLANKS = re.compile(r"[\t\r\n]+")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_PLAIN = re.compile(
    r"https?://[a-z0-9.-]*[a-z0-9](:[1-9][0-9]{0,4})?/[A-Za-z0-9/_~:@!$&'()*+,;=.-]*"
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def normalised(address: str) -> str:
    """Return an address as it is asked for.

    Blanks around it and line breaks in it go, letters beyond ASCII and blanks are
    percent-encoded, names beyond ASCII become their IDNA form, default port, dot
    segments and fragment go. What the record wrote as ``%2F`` stays.

    Raises
    ------
    AddressError
        If it is none that can be asked: not http(s), no host, or malformed.

    Examples
    --------
    >>> normalised(" HTTP://Museum.Example:80/a b.jpg#top ")
    'http://museum.example/a%20b.jpg'
    """
    if _is_plain(address):
        return address
    text = _BLANKS.sub("", address.strip())
    if not text:
        raise AddressError(
            "the record names no address.",
            hint="Give accessURI an address in the source, or put the image beside the source.",
        )
    if len(text) > _LONGEST:
        raise AddressError(
            f"the address is {len(text):,} characters long, and {_LONGEST:,} are allowed.",
            hint="Look at accessURI in the source: cells may have run together.",
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _malformed(text, str(error)) from None
    _check_kind(text, parts, host)
    scheme = parts.scheme.lower()
    name = _ascii_host(text, host)
    place = f"[{name}]" if ":" in name else name
    if port not in {None, _PORTS[scheme]}:
        place += f":{port}"
    path = _without_dots(_quoted(parts.path, _PATH)) or "/"
    return urlunsplit((scheme, place, path, _quoted(parts.query, _QUERY), ""))


def _is_plain(address: str) -> bool:
    """Tell, fast and in most cases, that an address is as it should be."""
    found = _PLAIN.fullmatch(address)
    return (
        found is not None
        and found[1] not in {":80", ":443"}
        and len(address) <= _LONGEST
        and "/." not in address
        and ".." not in address
        and all(_LABEL.fullmatch(label) for label in host_of(address).partition(":")[0].split("."))
        and int((found[1] or ":0")[1:]) < 65_536
    )


def _check_kind(text: str, parts: SplitResult, host: str) -> None:
    if parts.scheme.lower() not in _PORTS:
        raise AddressError(
            f"the address {_shown(text)} does not begin with http:// or https://.",
            hint="Write it out in the records, or leave the medium out.",
        )
    if not host:
        raise _malformed(text, "it names no host")
    if parts.username is not None:
        raise AddressError(
            f"the address of {host} holds a user name or password, and is not asked with them.",
            hint="Take them out of the records: anybody who reads these can use them.",
        )


def _ascii_host(text: str, host: str) -> str:
    """Return a host's name in ASCII, or the number of an IP address."""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host.partition("%")[0]))
        except ValueError as error:
            raise _malformed(text, str(error)) from None
    name = host.rstrip(".").lower()
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            raise _malformed(text, str(error)) from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise _malformed(text, f"'{name[:80]}' is no name of a host")
    return name


def _quoted(part: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=safe, errors="surrogatepass")


def _without_dots(path: str) -> str:
    """Return a path without ``.`` and ``..`` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    pieces = path.split("/")
    for piece in pieces:
        if piece == "..":
            del kept[max(1, len(kept) - 1) :]
        elif piece != ".":
            kept.append(piece)
    if pieces[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _malformed(text: str, why: str) -> AddressError:
    return AddressError(
        f"the address {_shown(text)} is malformed: {why}.", hint="Correct it in the records."
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 200 else f"{text[:200]}…")


def host_key(address: str) -> str:
    """Return the host that an address is asked at: ``name``, or ``name:port`` of an unusual port.

    Raises
    ------
    AddressError
        If the address cannot be asked.

    Examples
    --------
    >>> host_key("https://Data.NHM.ac.uk:443/media/1")
    'data.nhm.ac.uk'
    """
    return host_of(normalised(address))


def host_of(address: str) -> str:
    """Return the host of a normalised address, as :func:`host_key` does of any."""
    return address.split("/", 3)[2]


def origin(address: str) -> str:
    """Return scheme, host and port of a normalised address: one robots.txt is for these."""
    return "/".join(address.split("/", 3)[:3])


def why_not_public(address: IPAddress) -> str:
    """Return why an IP address is not to be reached from here, empty if it may be.

    Addresses that hold another (IPv4-mapped, 6to4, Teredo, NAT64) are as what
    they hold.

    Examples
    --------
    >>> why_not_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    'private'
    """
    inner = _held(address)
    if inner is not None:
        return why_not_public(inner)
    if address.is_loopback:
        return "this machine"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_unspecified or address.is_reserved:
        return "reserved"
    return "" if address.is_global else "private"


def _held(address: IPAddress) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class Gatekeeper:
    """Says which hosts may be asked, and to which of their addresses one may connect.

    Parameters
    ----------
    allow, deny : sequence of str
        Hosts: ``name``, ``name:port`` or ``*.name``. ``allow`` empty: all.
    private : sequence of str
        Hosts and networks that may be asked though they are not public.
    has_contact : bool
        Without one, no public host is asked.
    """

    def __init__(
        self,
        allow: Sequence[str] = (),
        deny: Sequence[str] = (),
        private: Sequence[str] = (),
        *,
        has_contact: bool = True,
    ) -> None:
        self._has_contact = has_contact
        self._passed: set[str] = set()
        self._allow = [_folded(one) for one in allow]
        self._deny = [_folded(one) for one in deny]
        self._private = [_folded(one) for one in private]
        self._networks = [net for one in private if (net := _network(one)) is not None]

    def check(self, host: str) -> None:
        """Check a host, as :func:`host_key` names it, before it is asked.

        Raises
        ------
        HostRefusedError
            If the settings keep it out.
        """
        if host in self._passed:
            return
        if any(_matches(host, one) for one in self._deny):
            raise HostRefusedError(
                f"{host} is among the hosts that are not to be asked.",
                hint="See [fetch] deny_hosts.",
            )
        if self._allow and not any(_matches(host, one) for one in self._allow):
            raise HostRefusedError(
                f"{host} is not among the {len(self._allow)} hosts that may be asked.",
                hint="See [fetch] allow_hosts.",
            )
        number = _number(_name(host))
        if number is not None:
            self.check_number(host, number)
        if not self._has_contact and not self.is_private(host):
            raise HostRefusedError(
                f"{host} is a public host, and no contact is set.",
                hint="Say who asks: wk config set collection.contact=you@museum.example",
            )
        self._passed.add(host)

    def check_number(self, host: str, number: IPAddress) -> None:
        """Check an IP address that a host's name stands for, before connecting to it.

        Raises
        ------
        HostRefusedError
            If it is not public and was not allowed.
        """
        why = why_not_public(number)
        if why and not self.is_private(host) and not self._in_networks(number):
            raise HostRefusedError(
                f"{host} is at {number} ({why}), and records must not make us ask there.",
                hint=f"If it is meant, add '{_name(host)}' to [fetch] allow_private.",
            )

    def is_private(self, host: str) -> bool:
        """Tell whether a host was allowed as one that is not public."""
        number = _number(_name(host))
        return any(_matches(host, one) for one in self._private) or (
            number is not None and bool(why_not_public(number)) and self._in_networks(number)
        )

    def _in_networks(self, number: IPAddress) -> bool:
        held = _held(number)
        return any(number in net or (held is not None and held in net) for net in self._networks)


def _folded(pattern: str) -> str:
    return pattern.strip().lower().rstrip(".")


def _name(host: str) -> str:
    """Return a host without its port and brackets."""
    if host.startswith("["):
        return host[1 : host.index("]")]
    return host.partition(":")[0] if host.count(":") == 1 else host


def _matches(host: str, pattern: str) -> bool:
    name = _name(host)
    if pattern.startswith("*."):
        return name == pattern[2:] or name.endswith(pattern[1:])
    return pattern in {host, name}


def _number(name: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
