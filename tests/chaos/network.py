"""A real network: authority, central server, two security servers, an information system; each a process to be hurt."""

import json
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.chaos import information_system
from tests.chaos.load import Load
from tests.chaos.processes import (
    await_fact,
    children_of,
    deleted_files_of,
    is_alive,
    living_in,
    name_of,
)
from tests.chaos.settings import Tables, server_settings

from lienthong.exchange.serverconf.settings import PID_FILE
from lienthong.nation import topology
from lienthong.nation.commands import lienthong
from lienthong.nation.launcher import Launcher
from lienthong.nation.plan import CountryPlan, ProcessPlan
from lienthong.nation.provision import boot
from lienthong.nation.topology import Network, ServerPlan, country_on

AS_OF = date(2020, 8, 1)
COUNTRY = country_on(AS_OF)
CONSUMER, PROVIDER = COUNTRY.consumer_server, COUNTRY.provider_server
RECOVERY_S = 30.0


@dataclass
class ChaosNetwork:
    """The network and its operator."""

    folder: Path
    network: Network
    launcher: Launcher = field(init=False)
    plan: CountryPlan = field(init=False)
    changed: dict[str, Tables] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)
    """Not judged yet by what the logs say."""

    def __post_init__(self) -> None:
        self.plan = CountryPlan(folder=self.folder, network=self.network, as_of=AS_OF, people=10)
        self.launcher = Launcher(self.folder)

    # -- building ------------------------------------------------------------------------------------------------

    def found(self) -> None:
        """A whole country, by the commands an operator uses; then what no test needs makes room."""
        boot(self.plan, self.launcher, lambda _: None)
        for name in ("population", COUNTRY.second_server.name):
            self.launcher.stop(name)

    def judge_journals(self) -> None:
        """Every byte of both logs is sound, whatever was done to the servers."""
        for server in (CONSUMER, PROVIDER):
            self.operate(server, "log", "check")

    def close(self) -> None:
        self.launcher.stop_all()
        await_fact(lambda: not living_in(self.folder), what="no process stays behind")

    def apply(self, server: ServerPlan, changes: Tables | None = None) -> None:
        """``security apply``, told to the server if it runs."""
        text = server_settings(self.plan, server, changes or {})
        (self.folder / f"{server.name}.toml").write_text(text, "utf-8")
        lienthong("security", "apply", f"{server.name}.toml", folder=self.folder)
        self.changed[server.name] = changes or {}

    def ensure(self, consumer: Tables | None = None, provider: Tables | None = None) -> None:
        """Everything runs, by these settings; what already does is left alone."""
        for name, plan in (("authority", self.plan.authority_process()), ("central", self.plan.central_process())):
            if not self.is_running(name):
                self.launcher.start(plan)
                self.launcher.await_ready(plan)
        if not self.is_running("system"):
            self.start_system()
        for server, changes in ((CONSUMER, consumer or {}), (PROVIDER, provider or {})):
            if self.is_running(server.name) and self.changed.get(server.name) == changes:
                continue
            self.stop(server)
            self.apply(server, changes)
            self.start(server)
        for server in (CONSUMER, PROVIDER):
            self.await_whole(server)

    # -- processes -----------------------------------------------------------------------------------------------

    def is_running(self, name: str) -> bool:
        return self.launcher.is_running(name)

    def start(self, server: ServerPlan, *before: str) -> None:
        """Start a server; *before* are words in front of its command."""
        plan = self.plan.server_process(server)
        self.launcher.start(ProcessPlan(name=plan.name, command=(*before, *plan.command), health=plan.health))

    def stop(self, server: ServerPlan) -> None:
        """As an operator stops it."""
        self.launcher.stop(server.name)

    def start_system(self) -> None:
        """The information system behind the provider."""
        address = f"{self.network.address(topology.POPULATION_HOST)}:{topology.POPULATION_PORT}"
        command = (sys.executable, information_system.__file__, address, str(self.notes))
        plan = ProcessPlan(name="system", command=command, health=f"http://{address}/health")
        self.launcher.start(plan)
        self.launcher.await_ready(plan)

    def master(self, server: ServerPlan) -> int:
        """Process id of the master; 0 while there is none."""
        try:
            return int((self.folder / server.name / PID_FILE).read_text("ascii"))
        except OSError:
            return 0

    def workers(self, server: ServerPlan) -> list[int]:
        """Process ids of the workers, in the order of their numbers."""
        named = {name_of(pid): pid for pid in children_of(self.master(server))}
        return [named[name] for name in sorted(named) if name.startswith("worker-")]

    def control(self, server: ServerPlan) -> int:
        return next((pid for pid in children_of(self.master(server)) if name_of(pid) == "control"), 0)

    def family(self, server: ServerPlan) -> list[int]:
        """Master, control process and workers."""
        master = self.master(server)
        return [master, *children_of(master)]

    def wanted_workers(self, server: ServerPlan) -> int:
        return int(self.changed[server.name].get("server", {}).get("workers", 2))  # type: ignore[arg-type]  # a number

    def health(self, server: ServerPlan) -> dict[str, object]:
        """What ``/health`` says; empty while nobody answers."""
        try:
            with urllib.request.urlopen(self.plan.server_process(server).health, timeout=5) as answer:
                told: dict[str, object] = json.load(answer)
                return told
        except OSError:
            return {}

    def failing_cycles(self, server: ServerPlan) -> set[str]:
        """Names of the cycles whose last turn failed, by ``/metrics``; none while nobody answers."""
        url = self.plan.server_process(server).health.replace("/health", "/metrics")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return set()
        return {
            line.split('"')[1]
            for line in lines
            if line.startswith("lienthong_security_cycle_failing{") and line.endswith(" 1")
        }

    def await_whole(self, server: ServerPlan) -> None:
        """Wait until the server is healthy with all its workers."""
        wanted = self.wanted_workers(server)

        def is_whole() -> bool:
            told = self.health(server)
            return told.get("healthy") is True and told.get("workers") == wanted

        try:
            await_fact(is_whole, what=f"{server.name} is healthy with {wanted} workers", within_s=RECOVERY_S)
        except AssertionError as exc:
            log = (self.folder / "logs" / f"{server.name}.log").read_text("utf-8", "replace")
            raise AssertionError(f"{exc}: {self.health(server)}\n" + "\n".join(log.splitlines()[-12:])) from None

    def operate(self, server: ServerPlan, *words: str) -> str:
        """A ``security`` command on the server's data."""
        return lienthong("security", *words, "--data", server.name, folder=self.folder)

    def judge_evidence(self, server: ServerPlan, message_id: str) -> None:
        """Question and answer of a message, as the operator gets them out: valid by the configuration alone."""
        out, conf = self.folder / "evidence" / server.name, f"{server.name}/globalconf"
        self.operate(server, "log", "dump", message_id, "--out", str(out))
        files = sorted(out.glob(f"{message_id}-*.asice"))
        assert len(files) == 2
        for file in files:
            report = json.loads(
                lienthong("evidence", "verify", str(file), "--conf", conf, "--json", folder=self.folder)
            )
            assert (report["valid"], report["fault_code"]) == (True, None)

    # -- what is known afterwards ----------------------------------------------------------------------------------

    @property
    def notes(self) -> Path:
        """What the information system executed."""
        return self.folder / "executed"

    def executed(self, prefix: str) -> set[str]:
        lines = self.notes.read_text("utf-8").split("\n")
        return {line for line in lines if line.startswith(prefix)}

    def logged(self, server: ServerPlan, since: datetime) -> Counter[tuple[str, str]]:
        """How often each message id and kind is shown by ``security log list``."""
        words = ("log", "list", "--jsonl", "--limit", "10000000", "--from", since.isoformat())
        entries = (json.loads(line) for line in self.operate(server, *words).splitlines())
        return Counter((entry["message_id"], entry["kind"]) for entry in entries)

    def spooled(self, server: ServerPlan) -> list[Path]:
        """Bodies in flight: with a name in the spool folder, or held without one."""
        named = [path for path in (self.folder / server.name / "spool").glob("*/*") if path.is_file()]
        return named + [held for pid in self.family(server) for held in deleted_files_of(pid)]

    def load(self, prefix: str, **how: int) -> Load:
        """Consumers at the consumer's server."""
        address = f"{self.network.address(CONSUMER.host)}:{topology.SYSTEMS_PORT}"
        service, unique = f"{COUNTRY.provider}/echo", f"{prefix}-{time.monotonic_ns()}"
        since = datetime.now(UTC) - timedelta(seconds=1)
        return Load(address=address, client=COUNTRY.client, service=service, prefix=unique, since=since, **how)

    def judge(self, load: Load) -> None:
        """Both servers are whole again and nothing is left over; what the logs say is judged with the next few loads."""
        for server in (CONSUMER, PROVIDER):
            self.await_whole(server)
        assert load.acknowledged, f"nothing was acknowledged: {load.failures}"
        self.loads.append(load)
        self.judge_leftovers()

    def judge_logs(self) -> None:
        """The invariants: acknowledged ⊆ logged (both), executed ⊆ logged (provider), nothing twice."""
        if not self.loads:
            return
        loads, self.loads = self.loads, []
        since = min(load.since for load in loads)
        with ThreadPoolExecutor(2) as pool:
            logs = list(pool.map(lambda server: self.logged(server, since), (CONSUMER, PROVIDER)))
        for load in loads:
            acknowledged = {(message_id, kind) for message_id in load.acknowledged for kind in ("request", "response")}
            assert acknowledged - logs[0].keys() == set(), f"{load.prefix}: acknowledged, not in the consumer's log"
            assert acknowledged - logs[1].keys() == set(), f"{load.prefix}: acknowledged, not in the provider's log"
            executed = self.executed(load.prefix)
            assert executed >= set(load.acknowledged)
            assert executed - {message_id for message_id, kind in logs[1] if kind == "request"} == set()
        for log in logs:
            assert [shown for shown, count in log.items() if count > 1] == []

    def judge_leftovers(self) -> None:
        """No temporary file, no process that should not be."""
        for server in (CONSUMER, PROVIDER):
            await_fact(lambda server=server: not self.spooled(server), what=f"{server.name} keeps no body")  # type: ignore[misc]  # bound at once
        expected = {pid for server in (CONSUMER, PROVIDER) for pid in self.family(server)}
        expected |= {pid for name in ("authority", "central", "system") for pid in self.launcher.members(name)}
        assert {pid for pid in living_in(self.folder) - expected if is_alive(pid)} == set()

    # -- faults --------------------------------------------------------------------------------------------------

    def kill(self, pid: int) -> None:
        """kill -9, and gone."""
        os.kill(pid, signal.SIGKILL)
        await_fact(lambda: not is_alive(pid), what=f"process {pid} is dead")

    def kill_all(self, server: ServerPlan) -> None:
        """The whole server at once, as a power cut would."""
        self.launcher.kill(server.name)

    @contextmanager
    def stopped(self, *pids: int) -> Iterator[None]:
        """SIGSTOP, and SIGCONT at the end."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def small_disk(self, server: ServerPlan, *, room_mb: int) -> Iterator[Path]:
        """The server's data folder on a file system of its own with so much room; the server must be stopped."""
        from tests.chaos.disks import mounted

        data, aside = self.folder / server.name, self.folder / f"{server.name}.aside"
        held_mb = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) >> 20
        data.rename(aside)
        data.mkdir(mode=0o700)
        try:
            with mounted(data, f"{held_mb + room_mb}m"):
                shutil.copytree(aside, data, symlinks=True, dirs_exist_ok=True, ignore=_no_sockets)
                shutil.rmtree(aside)
                yield data
                self.stop(server)
                shutil.copytree(data, aside, symlinks=True, ignore=_no_sockets)
        finally:
            data.rmdir()
            aside.rename(data)


def _no_sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder, name).is_socket()]
