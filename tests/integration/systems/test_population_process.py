import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.integration.systems.population_process import HEADERS, running_population

pytestmark = pytest.mark.sockets


@pytest.mark.parametrize(("as_of", "units"), [("2020-08-31", 3), ("2026-11-25", 2)])
def test_it_runs_alone_answers_and_shows_who_read(tmp_path: Path, as_of: str, units: int) -> None:
    with running_population(tmp_path, as_of=as_of) as system:
        assert system.get("/health") == (200, b'{"status": "ready"}')
        number, link = system.command("own_access_links", "--first", "1").split()
        status, body = system.get(f"/persons/{number}", **HEADERS)
        person = json.loads(body)
        assert status == 200
        assert len(person["residence"]["place"].split(", ")) == units
        page = system.get(link.split(str(system.port))[1])[1].decode()
        assert "HS-1" in page
    log = (tmp_path / "log").read_text()
    assert number not in log
    assert person["name"]["full"] not in log


def test_a_second_start_keeps_the_people_and_is_quick(tmp_path: Path) -> None:
    with running_population(tmp_path, as_of="2020-08-31") as system:
        first = system.command("own_access_links", "--first", "3")
    with running_population(tmp_path, as_of="2020-08-31") as system:
        again = system.command("own_access_links", "--first", "3")
        assert system.seconds < 10  # less than three on an idle machine; the bound is for a crowded one
    assert [line.split()[0] for line in first.splitlines()] == [line.split()[0] for line in again.splitlines()]
    keys = [[line.split("/")[-1].split(".")[0] for line in lines.splitlines()] for lines in (first, again)]
    assert keys[0] == keys[1]


def test_many_at_once_all_leave_their_event(tmp_path: Path) -> None:
    with running_population(tmp_path, as_of="2020-08-31") as system:
        number = system.command("own_access_links", "--first", "1").split()[0]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: system.get(f"/persons/{number}", **HEADERS)[0], range(80)))
        assert set(answers) == {200}
        listed = json.loads(system.get(f"/persons/{number}/access-events?limit=200", **HEADERS)[1])
        assert len(listed["events"]) == 80


def test_a_wrong_configuration_is_explained_and_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('data_folder = "data"\nprot = 1\n')
    command = [sys.executable, "-m", "lienthong.systems.population", "--config", str(tmp_path / "bad.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "prot is unknown" in done.stderr
