"""The plain story of the country, told as it happens: every line is an assertion, with the time it took."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lienthong.exchange.connector import Answer, Connector, RestFault
from lienthong.nation import topology
from lienthong.nation.commands import lienthong
from lienthong.nation.provision import CountryPlan

OFFICER = "can-bo-01"
DOSSIER = "000.00.14.H10-261125-0001"


class StoryError(Exception):
    """A line of the story did not hold."""


class _Name(msgspec.Struct):
    full: str


class _Code(msgspec.Struct):
    code: str


class _Person(msgspec.Struct):
    name: _Name
    date_of_birth: str
    sex: _Code


class _Verdict(msgspec.Struct):
    confirmed: bool


class _Readers(msgspec.Struct):
    events: list[dict[str, object]]


@dataclass(slots=True)
class Story:
    """Tells the lines in order and counts those that hold."""

    plan: CountryPlan
    show: Callable[[str], None]
    message_id: str = ""
    person: dict[str, str] = field(default_factory=dict)
    link: str = ""

    def tell(self) -> None:
        """Every line; raises StoryError at the first that does not hold."""
        for line in (self.identity_verified, self.evidence_holds, self.purpose_demanded, self.readers_listed):
            begun = time.perf_counter()
            text = line()
            self.show(f"  ✓ {text} ({(time.perf_counter() - begun) * 1000:.0f} ms)")

    def identity_verified(self) -> str:
        """An officer of Bình Phước verifies a citizen with the population register."""
        number, self.link = self._somebody()
        record = msgspec.json.decode(self._call(f"/persons/{number}").body, type=_Person)
        self.person = {
            "number": number,
            "name": record.name.full,
            "date_of_birth": record.date_of_birth,
            "sex": record.sex.code,
        }
        answer = self._call("/identity-verifications", method="POST", body=self.person)
        self.message_id = answer.message_id
        verdict = msgspec.json.decode(answer.body, type=_Verdict)
        _require(verdict.confirmed, "the identity was not confirmed")
        return "Bình Phước verified a citizen's identity at the Ministry of Public Security, signed and logged by both"

    def evidence_holds(self) -> str:
        """Question and answer are exported and judged with the configuration as a stranger would fetch it."""
        folder = self.plan.folder / "evidence"
        with zipfile.ZipFile(io.BytesIO(self._get("/verificationconf"))) as archive:
            archive.extractall(folder)
        instance, member_class, member_code, subsystem = topology.CLIENT.split("/")
        query = (
            f"queryId={self.message_id}&xRoadInstance={instance}&memberClass={member_class}"
            f"&memberCode={member_code}&subsystemCode={subsystem}&unique&force"
        )
        for side in ("requestOnly", "responseOnly"):
            container = folder / f"{side}.asice"
            container.write_bytes(self._get(f"/asic?{query}&{side}"))
            lienthong("evidence", "verify", str(container), "--conf", str(folder / "verificationconf"), folder=folder)
        return f"both containers are valid, timestamp included ({folder})"

    def purpose_demanded(self) -> str:
        """The same call without a purpose is refused at the door."""
        try:
            self._connector().call(topology.SERVICE, path="/health")
        except RestFault as fault:
            refused = fault.code == "server.serverproxy.access_denied" and fault.message.startswith("Purpose required:")
            _require(refused, f"the call was refused with {fault.code}")
            return "the same register refuses a call that does not say who asks and why"
        raise StoryError("a call without a purpose was let through")

    def readers_listed(self) -> str:
        """The citizen can see who has read."""
        answer = self._call(f"/persons/{self.person['number']}/access-events")
        readers = msgspec.json.decode(answer.body, type=_Readers).events
        _require(len(readers) >= len(("look-up", "verification")), "the accesses are not listed")
        return f"the citizen sees who has read: {self.link}"

    def _connector(self) -> Connector:
        address = self.plan.network.address(topology.SERVERS[0].host)
        return Connector(f"http://{address}:{topology.SYSTEMS_PORT}", topology.CLIENT)

    def _call(self, path: str, *, method: str = "GET", body: dict[str, str] | None = None) -> Answer:
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        return self._connector().call(
            topology.SERVICE, method=method, path=path, headers=headers, body=data, purpose=DOSSIER, officer=OFFICER
        )

    def _get(self, path: str) -> bytes:
        address = self.plan.network.address(topology.SERVERS[0].host)
        url = f"http://{address}:{topology.SYSTEMS_PORT}{path}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            data: bytes = answer.read()
            return data

    def _somebody(self) -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "django", "own_access_links", "--first", "1"],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "lienthong.systems.population.settings",
                "LIENTHONG_SYSTEM_CONFIG": str(Path(self.plan.folder, "population.toml").resolve()),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        number, link = done.stdout.split()[:2]
        return number, link


def _require(holds: object, text: str) -> None:
    if not holds:
        raise StoryError(text)
