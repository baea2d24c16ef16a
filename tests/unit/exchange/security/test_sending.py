"""What is signed as one part is read as one, whatever boundary another server names."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from lienthong.exchange.adapters.spool import STEP_BYTES, Spool
from lienthong.exchange.errors import Fault
from lienthong.exchange.security.attachments import Attachment
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.sending import lay_out_related
from lienthong.exchange.transport.writer import Part

ENVELOPE = Part("text/xml", b"<a/>")


def laid_out(folder: Path, envelope: Part, content: bytes) -> bytes:
    async def play() -> bytes:
        bodies = Bodies(Spool(folder, randomness=os.urandom))
        attachment = Attachment(content_type="text/plain", headers=b"", body=await bodies.take(content))
        outgoing = await lay_out_related(envelope, [attachment], boundary="b")
        return outgoing if isinstance(outgoing, bytes) else b"".join([chunk async for chunk in outgoing()])

    return asyncio.run(play())


HARMLESS = [b"", b"--", b"-b", b"x--b", b"\r\n-b\r\n", b"\r\n--c", b"\r\n--bc\r\n", b"\n--b1"]


@pytest.mark.parametrize("content", HARMLESS)
@pytest.mark.parametrize("before", [0, STEP_BYTES - 3], ids=["small", "streamed"])
def test_what_only_looks_like_a_boundary_passes(tmp_path: Path, content: bytes, before: int) -> None:
    assert content in laid_out(tmp_path, ENVELOPE, b"x" * before + content)


@pytest.mark.parametrize("before", [b"\n", b"\r\n", b"x" * (STEP_BYTES - 2) + b"\n", b"x" * STEP_BYTES + b"\n", b""])
@pytest.mark.parametrize("after", [b"", b"-", b"--", b" \r\n", b"\nA: b\r\n\r\n"])
def test_a_part_that_holds_the_boundary_does_not_go_out(tmp_path: Path, before: bytes, after: bytes) -> None:
    with pytest.raises(Fault) as refused:
        laid_out(tmp_path, ENVELOPE, before + b"--b" + after)
    assert refused.value.code == "invalid_message"


def test_nor_does_an_envelope_that_holds_it(tmp_path: Path) -> None:
    with pytest.raises(Fault) as refused:
        laid_out(tmp_path, Part("text/xml", b"<a/><!--\r\n--b\r\n-->"), b"")
    assert refused.value.code == "invalid_message"
