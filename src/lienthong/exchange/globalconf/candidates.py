"""Where a configuration is looked for, in which order, and in which version. Source: governance dossier s.1.6."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from lienthong.exchange.globalconf.anchor import directory_name, is_url
from lienthong.exchange.globalconf.model import (
    ConfigurationAnchor,
    ConfigurationSource,
    PrivateParameters,
    SharedParameters,
)

PROBED_VERSIONS = (6, 5, 4, 3)
FALLBACK_VERSION = 2
_VERSION = re.compile(r"(?:^|&)version=")
_EXTERNAL = "externalconf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A URL with the certificates that are trusted there."""

    url: str
    """Without a version unless the anchor wrote one."""
    certificates: tuple[bytes, ...]
    """DER."""


Shuffle = Callable[[Sequence[Location]], Sequence[Location]]
"""Gives the same locations in another order; randomness arrives with it."""


def candidate_locations(
    anchor: ConfigurationAnchor,
    *,
    stored: SharedParameters | None,
    last_url: str | None,
    shuffle: Shuffle,
) -> tuple[Location, ...]:
    """Every place to try, in order: the last one that worked, published sources, the anchor's own.

    The last URL counts only while a source or the anchor still names it, and with the certificates named now: a
    certificate that was removed is not believed again.

    Args:
        stored: What is held of that instance, if anything.
    """
    name = directory_name(anchor)
    published = [] if stored is None else [loc for source in stored.sources for loc in _of_source(source, name)]
    named = [source for source in anchor.sources if is_url(source.download_url)]
    own = [loc for source in named for loc in _of_anchor(source.download_url, source.certificates)]
    ordered = (*_https_first(published, shuffle), *_https_first(own, shuffle))
    preferred = [location for location in ordered if location.url == last_url]
    return tuple(dict.fromkeys((*preferred, *ordered)))


def versions_to_probe(url: str) -> tuple[int, ...]:
    """Versions to ask for until one is not 404; none where the URL names its version."""
    return () if _VERSION.search(urlsplit(url).query) else PROBED_VERSIONS


def with_version(url: str, version: int) -> str:
    """The URL with a version parameter."""
    parts = urlsplit(url)
    query = f"{parts.query}&version={version}" if parts.query else f"version={version}"
    return urlunsplit(parts._replace(query=query))


def federated_anchors(private: PrivateParameters, allowed: Iterable[str]) -> tuple[ConfigurationAnchor, ...]:
    """Anchors of federated instances that the settings permit: ``none``, ``all`` or names, case aside."""
    names = {name.strip().lower() for name in allowed}
    if "none" in names or not names:
        return ()
    return tuple(anchor for anchor in private.anchors if "all" in names or anchor.instance.lower() in names)


def _of_source(source: ConfigurationSource, name: str) -> Iterable[Location]:
    certificates = source.external_certificates if name == _EXTERNAL else source.internal_certificates
    if not source.address or not certificates:
        return ()
    host = f"[{source.address}]" if source.address.count(":") > 1 and "[" not in source.address else source.address
    plain = Location(url=f"http://{host}/{name}", certificates=certificates)
    if not is_url(plain.url):
        return ()
    return (plain,) if _has_port(plain.url) else (plain, _secured(plain))


def _of_anchor(url: str, certificates: tuple[bytes, ...]) -> Iterable[Location]:
    location = Location(url=url, certificates=certificates)
    if url.startswith("http://") and not _has_port(url):
        return (location, _secured(location))
    return (location,) if url.startswith(("http://", "https://")) else ()


def _secured(location: Location) -> Location:
    return Location(url=f"https://{location.url.removeprefix('http://')}", certificates=location.certificates)


def _has_port(url: str) -> bool:
    return bool(re.search(r":[0-9]+\Z", urlsplit(url).netloc))


def _https_first(locations: Sequence[Location], shuffle: Shuffle) -> tuple[Location, ...]:
    secured = [location for location in locations if location.url.startswith("https://")]
    plain = [location for location in locations if not location.url.startswith("https://")]
    return (*shuffle(secured), *shuffle(plain))
