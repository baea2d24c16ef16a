"""Processes are found again by number and start time, with all that they forked, and nobody else's are taken for ours."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from lienthong.nation.process_records import (
    ProcessRecord,
    Records,
    boot_id,
    is_alive,
    is_up,
    members,
    read_records,
    record_of,
    write_records,
)

FAMILY = "import os, time\nif os.fork():\n    print('two', flush=True)\ntime.sleep(60)"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that leads a session in the country's folder, and its child."""
    command = [sys.executable, "-I", "-c", FAMILY]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        os.killpg(process.pid, signal.SIGKILL)


def known(process: subprocess.Popen[str]) -> ProcessRecord:
    record = record_of("ss1", process.pid)
    assert record is not None
    return record


def test_a_process_and_what_it_forked_are_found(family: subprocess.Popen[str], tmp_path: Path) -> None:
    record = known(family)
    assert is_alive(record)
    assert record.pid in members(record, tmp_path)
    assert len(members(record, tmp_path)) == 2


def test_the_children_are_found_without_their_parent(family: subprocess.Popen[str], tmp_path: Path) -> None:
    record = known(family)
    family.send_signal(signal.SIGKILL)
    while is_alive(record):
        time.sleep(0.01)
    assert len(members(record, tmp_path)) == 1


def test_a_number_used_again_is_somebody_else(family: subprocess.Popen[str], tmp_path: Path) -> None:
    earlier = msgspec.structs.replace(known(family), started=known(family).started - 1)
    assert not is_alive(earlier)
    assert members(earlier, tmp_path) == []


def test_a_process_of_another_folder_is_not_ours(family: subprocess.Popen[str], tmp_path: Path) -> None:
    assert members(known(family), tmp_path / "elsewhere") == []


def test_records_outlive_their_writer(family: subprocess.Popen[str], tmp_path: Path) -> None:
    write_records(tmp_path, Records(boot=boot_id(), processes=(known(family),)))
    assert read_records(tmp_path).processes == (known(family),)
    assert is_up(tmp_path)


def test_records_of_another_boot_are_void(family: subprocess.Popen[str], tmp_path: Path) -> None:
    write_records(tmp_path, Records(boot="before the power cut", processes=(known(family),)))
    assert read_records(tmp_path).processes == ()
    assert not is_up(tmp_path)


def test_empty_records_leave_no_file(tmp_path: Path) -> None:
    write_records(tmp_path, Records(boot=boot_id(), processes=(ProcessRecord(name="ss1", pid=1, started=0),)))
    write_records(tmp_path, Records(boot=boot_id()))
    assert list(tmp_path.iterdir()) == []
