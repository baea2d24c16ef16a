"""Old records go into archives while messages come, whoever is killed: the evidence in them stands by itself."""

import json
import random
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.chaos.network import PROVIDER, ChaosNetwork
from tests.chaos.processes import await_fact

from lienthong.exchange.adapters.log_archive_files import ARCHIVE_FOLDER, archives_in, containers_of
from lienthong.nation.commands import LIENTHONG

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

OLD_AT_ONCE = {"log": {"segment_bytes": 1024 * 1024, "archive_after_s": 1}}
ARCHIVE = (*LIENTHONG, "security", "log", "archive", "--data", PROVIDER.name, "--jsonl")
WANTED = 4


def test_old_records_go_while_messages_come(network: ChaosNetwork) -> None:
    network.ensure(provider=OLD_AT_ONCE)
    draw = random.Random(7)
    with network.load("archive", size_bytes=40_000) as load:
        load.await_more(50)
        for _ in range(6):
            with subprocess.Popen(ARCHIVE, cwd=network.folder, stdout=subprocess.DEVNULL) as process:
                time.sleep(draw.uniform(0.3, 0.8))
                process.kill()
        await_fact(lambda: archived(network) >= WANTED, what=f"{WANTED} archives", within_s=60)
        load.await_more(10)
    network.judge(load)
    network.judge_logs()
    network.judge_journals()
    network.operate(PROVIDER, "log", "archive", "--verify")
    names = Counter(name for path in archives(network) for name, _ in containers_of(path))
    assert set(names.values()) == {1}
    asked = {name.partition("-request-")[0] for name in names if name.startswith(load.prefix)}
    network.judge_evidence(PROVIDER, next(message_id for message_id in load.acknowledged if message_id in asked))


def archives(network: ChaosNetwork) -> list[Path]:
    return archives_in(network.folder / PROVIDER.name / ARCHIVE_FOLDER)


def archived(network: ChaosNetwork) -> int:
    """How many archives there are after the command was run once more, while messages wait for their timestamp."""
    done = subprocess.run(ARCHIVE, cwd=network.folder, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode in {0, 1}, done.stderr
    assert {line.get("kept", "a record has no timestamp yet") for line in told} <= {
        "a record has no timestamp yet",
        "a record is not in the index",
    }
    return len(archives(network))
