"""Anchors, optional parts and the metadata beside stored parts."""

from __future__ import annotations

import contextlib

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import anchor_file_name, directory_name, read_anchor, write_anchor
from lienthong.exchange.globalconf.candidates import candidate_locations, versions_to_probe, with_version
from lienthong.exchange.globalconf.metadata import read_metadata, write_metadata
from lienthong.exchange.globalconf.optional_parts import FILE_NAMES, check_optional_part

REFUSES = (Fault,)


def read(data: bytes) -> None:
    metadata = read_metadata(data)
    write_metadata(metadata)
    for identifier in FILE_NAMES:
        with contextlib.suppress(Fault):
            check_optional_part(identifier, data)
    anchor = read_anchor(data)
    assert read_anchor(write_anchor(anchor)) == anchor
    if anchor.generated_at is not None:
        anchor_file_name(anchor.instance, "internal", anchor.generated_at)
    directory_name(anchor)
    for location in candidate_locations(anchor, stored=None, last_url=None, shuffle=tuple):
        for version in versions_to_probe(location.url):
            with_version(location.url, version)
