"""The people of the story: an officer who asks with a purpose, and a citizen of the register."""

from __future__ import annotations

import os
import urllib.request
from dataclasses import dataclass
from enum import StrEnum
from typing import Unpack
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import msgspec

from lienthong.exchange.connector import Answer, Connector, SoapAnswer
from lienthong.exchange.connector.requests import CallOptions
from lienthong.nation.commands import python_command, run_program
from lienthong.nation.errors import StoryError
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import ServerPlan

OFFICER = "can-bo-01"
REGISTER = "urn:vn:population"
"""Namespace of what the register says over SOAP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Somebody in the register; everyone in it is invented."""

    number: str
    """Personal identification number."""
    link: str
    """Where the citizen sees who has read the data."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says about themselves at a counter; it is verified against the register."""

    number: str
    name: str
    date_of_birth: str
    sex: str


class AccessEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A read of the citizen's data, as the register lists it."""

    message_id: str
    client: str
    client_name: str
    operation: str


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


class _Events(msgspec.Struct):
    events: list[AccessEvent]
    next_before: int | None


class Side(StrEnum):
    """Which message of an exchange; the value is the parameter of ``/asic``."""

    QUESTION = "requestOnly"
    ANSWER = "responseOnly"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer of the province, with a dossier as purpose, behind the province's security server."""

    plan: CountryPlan

    @property
    def dossier(self) -> str:
        """Code of the dossier the officer works on. Source: domain dossier s.B3."""
        top = self.plan.country.asking.code.rpartition(".")[2]
        return f"000.00.14.{top}-{self.plan.as_of:%y%m%d}-0001"

    def look_up(self, number: str, *, by: ServerPlan | None = None) -> Answer:
        """Ask for a person's record: a question without a body. *by* names the server that shall answer."""
        return self.call("GET", f"/persons/{number}", headers=to_server(by))

    def claim(self, number: str) -> Claim:
        """What the person of this number would say."""
        found = msgspec.json.decode(self.look_up(number).body, type=_Person)
        return Claim(number=number, name=found.name.full, date_of_birth=found.date_of_birth, sex=found.sex.code)

    def verify(self, claim: Claim, *, by: ServerPlan | None = None, **options: Unpack[CallOptions]) -> Answer:
        """Ask whether a claim is true: a question with a body. *by* names the server that shall answer."""
        options["headers"] = {"Content-Type": "application/json", **to_server(by)}
        options["body"] = msgspec.json.encode(claim)
        return self.call("POST", "/identity-verifications", **options)

    def verify_by_soap(self, claim: Claim) -> SoapAnswer:
        """Ask the same over SOAP; raises as the connector."""
        fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in msgspec.structs.asdict(claim).items())
        question = f'<verifyIdentity xmlns="{REGISTER}">{fields}</verifyIdentity>'.encode()
        connector = self.as_client(self.plan.country.client)
        return connector.call_soap(self.plan.country.soap_service, question, officer=OFFICER, purpose=self.dossier)

    def readers(self, number: str) -> list[AccessEvent]:
        """Every access event about a person, newest first."""
        found: list[AccessEvent] = []
        query = {"limit": "200"}
        while True:
            answer = self.call("GET", f"/persons/{number}/access-events", query=query)
            page = msgspec.json.decode(answer.body, type=_Events)
            found += page.events
            if page.next_before is None:
                return found
            query = {"limit": "200", "before": str(page.next_before)}

    def call(self, method: str, path: str, **options: Unpack[CallOptions]) -> Answer:
        """Call the register with officer and purpose.

        Raises:
            RestFault, UnreachableError: as the connector.
            StoryError: the register itself refused.
        """
        options = {"officer": OFFICER, "purpose": self.dossier, **options}
        client, service = self.plan.country.client, self.plan.country.service
        answer = self.as_client(client).call(service, method, path, **options)
        if answer.status >= 400:
            raise StoryError(f"the register answered {answer.status}: {answer.text}")
        return answer

    def as_client(self, client: str) -> Connector:
        """Speak for a subsystem of the province."""
        return Connector(self.plan.systems_url(self.plan.country.consumer_server), client)

    def container(self, message_id: str, side: Side) -> bytes:
        """The evidence of one message, timestamped now if it is not yet."""
        member = self.plan.country.client.split("/")
        names = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
        query = urlencode({"queryId": message_id, **dict(zip(names, member, strict=True))})
        return self.fetch(f"/asic?{query}&unique&force&{side.value}")

    def fetch(self, path: str) -> bytes:
        """What the province's security server gives at this path."""
        url = self.plan.systems_url(self.plan.country.consumer_server) + path
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - a loopback address of our own
            data: bytes = answer.read()
            return data


def find_citizens(plan: CountryPlan) -> list[Citizen]:
    """The first two citizens of the register, by the register's own command."""
    words = ("-m", "django", "own_access_links", "--first", "2")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lienthong.systems.population.settings",
        "LIENTHONG_SYSTEM_CONFIG": str(plan.folder / "population.toml"),
    }
    printed = run_program(*python_command(*words), folder=plan.folder, environment=environment)
    return [Citizen(number=number, link=link) for number, link in (line.split()[:2] for line in printed.splitlines())]


def to_server(server: ServerPlan | None) -> dict[str, str]:
    """The header that asks for one server of the provider; none for any. Source: message-path s.2.4."""
    return {} if server is None else {"X-Road-Security-Server": server.id}
