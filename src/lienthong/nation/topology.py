"""The table of a small country: who is in it, which servers run, where they listen.

Each server has a loopback address of its own and listens there on X-Road's fixed ports; only the last two numbers of
the addresses change from one country to the next on the same machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.systems.vocabulary.agency_code import AgencyCode, agencies, agencies_at, parse_agency_code
from lienthong.systems.vocabulary.bilingual import Text

INSTANCE = "VN"
MEMBER_CLASSES = (("GOV", "Cơ quan nhà nước"), ("COM", "Doanh nghiệp"))
SERVICE_CODE = "population"
"""The register's service; the operations are its paths."""
SOAP_SERVICE_CODE, SOAP_SERVICE_VERSION = "verifyIdentity", "v1"
"""The one operation that it offers over SOAP as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPlan:
    """An organisation of the country."""

    code: str
    """Agency code (mã định danh cơ quan). Source: domain dossier s.A9."""
    name: Text
    """Official name."""
    subsystems: tuple[tuple[str, str], ...]
    """Code and name of each."""

    @property
    def id(self) -> str:
        """``VN/GOV/<code>``."""
        return f"{INSTANCE}/GOV/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlan:
    """A security server."""

    name: str
    """Of its folder and process."""
    owner: MemberPlan
    code: str
    """Server code."""
    host: int
    """Last number of its address."""
    clients: tuple[str, ...]
    """Subsystems registered at it."""

    @property
    def id(self) -> str:
        """``VN/GOV/<owner>/<code>``."""
        return f"{self.owner.id}/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Who is in the country on one day."""

    asking: MemberPlan
    """The province whose officer asks."""
    answering: MemberPlan
    """The ministry that keeps the population register."""
    managing: MemberPlan
    """The ministry that runs the central server."""

    @property
    def members(self) -> tuple[MemberPlan, ...]:
        """Every organisation."""
        return (self.asking, self.answering, self.managing)

    @property
    def client(self) -> str:
        """The officer's system."""
        return f"{self.asking.id}/onestop"

    @property
    def stranger(self) -> str:
        """A subsystem of the same province that nobody gave a right."""
        return f"{self.asking.id}/archive"

    @property
    def provider(self) -> str:
        """The population register."""
        return f"{self.answering.id}/population"

    @property
    def service(self) -> str:
        """What is called."""
        return f"{self.provider}/{SERVICE_CODE}"

    @property
    def soap_service(self) -> str:
        """What is called over SOAP."""
        return f"{self.provider}/{SOAP_SERVICE_CODE}/{SOAP_SERVICE_VERSION}"

    @property
    def consumer_server(self) -> ServerPlan:
        """The province's server."""
        clients = (self.client, self.stranger)
        return ServerPlan(name="ss1", owner=self.asking, code="ss1", host=11, clients=clients)

    @property
    def provider_server(self) -> ServerPlan:
        """The ministry's first server."""
        return ServerPlan(name="ss2", owner=self.answering, code="ss2", host=12, clients=(self.provider,))

    @property
    def second_server(self) -> ServerPlan:
        """The ministry's second server: the same register stands behind it."""
        return ServerPlan(name="ss3", owner=self.answering, code="ss3", host=13, clients=(self.provider,))

    @property
    def servers(self) -> tuple[ServerPlan, ...]:
        """Every security server."""
        return (self.consumer_server, self.provider_server, self.second_server)


def country_on(day: date) -> Country:
    """The country as the tables of agencies have it on *day*: whoever was merged is found under its successor."""
    archive = ("archive", "Lưu trữ (không có quyền khai thác)")
    return Country(
        asking=_member("H10", day, ("onestop", "Hệ thống thông tin một cửa"), archive),
        answering=_member("G01", day, ("population", "Cơ sở dữ liệu quốc gia về dân cư")),
        managing=_member("G14", day, ("management", "Dịch vụ quản lý của máy chủ trung tâm")),
    )


def _member(code: str, day: date, *subsystems: tuple[str, str]) -> MemberPlan:
    found = agency_or_successor(parse_agency_code(code), day)
    name = agencies_at(day)[found].name
    return MemberPlan(code=found.qcvn_form, name=name, subsystems=subsystems)


def agency_or_successor(code: AgencyCode, day: date) -> AgencyCode:
    """The agency itself while it exists on *day*, else whoever took over its work; raises LookupError."""
    if code in agencies_at(day):
        return code
    successor = next((agency.successor for agency in agencies() if agency.code == code and agency.successor), None)
    if successor is None:
        raise LookupError(f"no agency {code} on {day}, and no successor is known")
    return agency_or_successor(successor, day)


SERVER_HOSTS = (11, 12, 13)
"""Last numbers of the addresses of the security servers."""
CLAIM_HOST, CLAIM_PORT = 1, 8999
"""Held by whoever boots a country, so that two at once take different networks."""
AUTHORITY_HOST, CENTRAL_HOST, POPULATION_HOST = 2, 3, 21
AUTHORITY_PORT, CENTRAL_PORT, POPULATION_PORT = 8888, 8090, 8600
SYSTEMS_PORT, SYSTEMS_TLS_PORT, STATUS_PORT, MESSAGES_PORT, OCSP_PORT = 8080, 8443, 8081, 5500, 5577


@dataclass(frozen=True, slots=True)
class Network:
    """The loopback network 127.82.*number*.0/24 of one country."""

    number: int
    """0 to 255."""

    def address(self, host: int) -> str:
        """The address with this last number."""
        return f"127.82.{self.number}.{host}"

    @property
    def authority_url(self) -> str:
        """Where the authority is."""
        return f"http://{self.address(AUTHORITY_HOST)}:{AUTHORITY_PORT}"

    @property
    def central(self) -> str:
        """Host and port of the central server."""
        return f"{self.address(CENTRAL_HOST)}:{CENTRAL_PORT}"

    @property
    def population_url(self) -> str:
        """Where the population register is."""
        return f"http://{self.address(POPULATION_HOST)}:{POPULATION_PORT}"

    def listening(self) -> tuple[tuple[str, int], ...]:
        """Every address and port the country takes."""
        fixed = (
            (self.address(AUTHORITY_HOST), AUTHORITY_PORT),
            (self.address(CENTRAL_HOST), CENTRAL_PORT),
            (self.address(POPULATION_HOST), POPULATION_PORT),
        )
        ports = (SYSTEMS_PORT, SYSTEMS_TLS_PORT, STATUS_PORT, MESSAGES_PORT, OCSP_PORT)
        return (*fixed, *((self.address(host), port) for host in SERVER_HOSTS for port in ports))
