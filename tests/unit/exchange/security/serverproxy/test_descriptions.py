"""An OpenAPI document is given from where the settings say, a file or an address."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from pathlib import Path

from tests.fakes import exchange_pair as world
from tests.fakes.exchange_pair import Answered, Pair

from lienthong.exchange.security.serverproxy.descriptions import MAX_DESCRIPTION

DOCUMENT = b"openapi: 3.0.3\nservers:\n- url: http://127.0.0.1:9000/pets\npaths: {}\n"


def ask(pair: Pair) -> Answered:
    return asyncio.run(pair.call(b"getOpenAPI?serviceCode=pets", headers=()))


def pair_in(folder: Path, *, openapi: str = "pets.yaml") -> Pair:
    own = world.snapshot_of()
    text = own.settings
    clients = tuple(
        replace(
            client,
            services=tuple(replace(each, openapi=openapi) if each.code == "pets" else each for each in client.services),
        )
        for client in text.clients
    )
    return Pair(folder / "spool", own=replace(own, settings=replace(text, data=folder, clients=clients)))


def test_a_file_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "pets.yaml").write_bytes(DOCUMENT)
    answered = ask(pair_in(tmp_path))
    assert answered.body == DOCUMENT.replace(b"http://127.0.0.1:9000", b"")
    assert answered.headers["content-type"] == "application/yaml"


def test_a_file_that_is_not_there_or_too_long(tmp_path: Path) -> None:
    assert ask(pair_in(tmp_path)).message == "The service description cannot be read: No such file or directory"
    (tmp_path / "pets.yaml").write_bytes(b" " * (MAX_DESCRIPTION + 1))
    assert ask(pair_in(tmp_path)).fault_code == "server.serverproxy.internal_error"


def test_an_address_may_answer_compressed(tmp_path: Path) -> None:
    pair = pair_in(tmp_path, openapi="http://127.0.0.1:9000/openapi.yaml")
    packed = world.answer_with(
        gzip.compress(DOCUMENT), (b"Content-Encoding", b"gzip"), (b"Content-Type", b"application/yaml")
    )
    pair.service_answer = lambda _: packed
    assert ask(pair).body == DOCUMENT.replace(b"http://127.0.0.1:9000", b"")
    assert [call.url for call in pair.asked] == ["http://127.0.0.1:9000/openapi.yaml"]


def test_an_address_that_refuses(tmp_path: Path) -> None:
    pair = pair_in(tmp_path, openapi="http://127.0.0.1:9000/openapi.yaml")
    pair.service_answer = lambda _: world.answer_with(b"no", status=404)
    assert ask(pair).message == "The service description's server answered with status 404"
