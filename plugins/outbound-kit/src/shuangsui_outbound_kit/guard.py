"""Which addresses may be connected to at all, whatever a name resolves to (SSRF).

A name is resolved once, every address it has must be allowed, and the connection goes to one of these very addresses.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from shuangsui import OutsideFailed

MOST = 4
"""So many addresses of one name are tried."""

_GLOBAL6 = ip_network("2000::/3")
"""All else of IPv6 is local, reserved, or an IPv4 address in disguise."""
_SPECIAL = [
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocols' own, not all of which Python knows
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # the host of a cloud, under a public number
        "2001::/23",  # special purposes, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: any IPv4 address inside
        "3fff::/20",
    )
]
_INSIDE = [
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7")
]
_METADATA = [ip_address(text) for text in ("100.100.100.200", "192.0.0.192", "fd00:ec2::254")]
"""Where clouds hand out credentials, besides the link-local 169.254.169.254: nobody's receiver."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the Internet is meant by it; all that only embeds an IPv4 address is refused with the rest."""
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _GLOBAL6):
        return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _SPECIAL)


def is_allowed(text: str, *, allow_private: bool) -> bool:
    """Public, or with ``allow_private`` an intranet's or this machine's; never link-local, metadata or multicast."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if is_public(address):
        return True
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return allow_private and address not in _METADATA and any(address in net for net in _INSIDE)


def resolved(host: str, port: int, *, allow_private: bool, code: str, whose: str) -> list[str]:
    """The addresses of ``host``, asked once; :class:`OutsideFailed` for none, and for good if one is not allowed.

    The error's code begins with ``code``, its sentence with ``whose``: 接收方, 网关.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        answers = []
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not found:
        raise OutsideFailed(f"{code}_unreachable", problem=f"{whose}的主机名 {host} 没有解析结果，请核对网址和域名服务")
    if refused := [one for one in found if not is_allowed(one, allow_private=allow_private)]:
        raise _refused(host, refused, code, whose)
    return found[:MOST]


def _refused(host: str, addresses: Iterable[str], code: str, whose: str) -> OutsideFailed:
    what = f"{whose}的主机名 {host} 指向 {'、'.join(addresses)}，不是公网地址，没有连接"
    advice = f"请核对网址；{whose}确在内网时打开 allow_private"
    return OutsideFailed(f"{code}_address", permanent=True, problem=f"{what}；{advice}")
