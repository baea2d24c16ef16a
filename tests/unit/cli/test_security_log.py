"""The message log as an operator sees it."""

import argparse
import asyncio
import json
from pathlib import Path

import pytest
from tests.fakes.log_records import log_record

from lienthong.cli.security_log import add_arguments, run
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE, JOURNAL_FOLDER, choose_log
from lienthong.exchange.message.evidence import read_evidence
from lienthong.exchange.messagelog.entries import StoredTimestamp
from lienthong.exchange.serverconf.settings import LogSettings

NEW_YEAR_MS = 1_767_225_600_000
SIGNATURE = b"<s><x:UnsignedSignatureProperties></x:UnsignedSignatureProperties></s>"


def lienthong(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    async def fill() -> None:
        async with choose_log(LogSettings(), data=tmp_path, worker=0) as log:
            await log.append(
                log_record("a", time_ms=NEW_YEAR_MS + 1000, user_id="u1", issue="H1", signature=SIGNATURE, body=b"hi")
            )
            await log.append(log_record("a", time_ms=NEW_YEAR_MS + 2000, is_response=True))
            await log.append(log_record("b", time_ms=NEW_YEAR_MS + 3000))

    asyncio.run(fill())
    return tmp_path


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], "baa"),
        (["--limit", "2"], "ba"),
        (["--message-id", "a"], "aa"),
        (["--officer", "u1"], "a"),
        (["--purpose", "H2"], ""),
        (["--client", "VN/GOV/H10/onestop", "--until", "2026-01-01T00:00:03"], "aa"),
        (["--from", "2026-01-01T07:00:03+07:00"], "b"),
        (["--service", "VN/GOV/G01/population/person"], "baa"),
    ],
)
def test_list(data: Path, capsys: pytest.CaptureFixture[str], filters: list[str], found: str) -> None:
    assert lienthong("list", "--data", data, "--jsonl", *filters) == (0 if found else 1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "".join(line["message_id"] for line in lines) == found


def test_list_as_text(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lienthong("list", "--data", data, "--officer", "u1") == 0
    out = capsys.readouterr().out
    assert "2026-01-01T00:00:01.000+00:00" in out
    assert "client=VN/GOV/H10/onestop" in out


def test_dump_writes_containers_with_their_timestamps(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LogIndex(SqliteDatabase(data / INDEX_FILE), data / JOURNAL_FOLDER) as index:
        index.update()
        first, second, _ = (item.number for item in index.pending(limit=9))
        index.store_timestamp(StoredTimestamp(token=b"T", hash_chain_result=None, gen_time_ms=1), {first: None})
        index.store_timestamp(StoredTimestamp(token=b"B", hash_chain_result=b"<r/>", gen_time_ms=1), {second: b"<c/>"})
    assert lienthong("dump", "a", "--data", data, "--out", data / "out") == 0
    assert "timestamped=True" in capsys.readouterr().out
    request = read_evidence((data / "out" / "a-request-1.asice").read_bytes())
    assert b"EncapsulatedTimeStamp>VA==<" in request.signature_xml
    assert request.attachments == {1: b"hi"}
    response = read_evidence((data / "out" / "a-response-2.asice").read_bytes())
    assert (response.timestamp_token, response.timestamp_result, response.timestamp_chain) == (b"B", b"<r/>", b"<c/>")


def test_dump_of_an_unknown_message(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lienthong("dump", "nowhere", "--data", data, "--out", data) == 1
    assert "no such message" in capsys.readouterr().err


def test_check_tells_corruption_by_its_exit_code(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lienthong("check", "--data", data) == 0
    assert "records=3  sound=True" in capsys.readouterr().out
    path = data / JOURNAL_FOLDER / "w0" / "000000000001.segment"
    changed = bytearray(path.read_bytes())
    changed[4096 + 80] ^= 1
    path.write_bytes(changed)
    assert lienthong("check", "--data", data, "--jsonl") == 1
    damage, summary = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (damage["damage"], damage["start"]) == ("corrupt", 4096)
    assert summary == {"worker": 0, "segments": 1, "records": 2, "sound": False}


@pytest.mark.parametrize("arguments", [["list"], ["list", "--client", "x"], ["list", "--from", "yesterday"], ["check"]])
def test_what_cannot_be_done_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert lienthong(*arguments, "--data", tmp_path) == 2
    assert capsys.readouterr().err.startswith("lienthong security log: ")


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        lienthong("--help")
    assert "security log dump" in capsys.readouterr().out
