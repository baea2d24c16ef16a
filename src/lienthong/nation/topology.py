"""The table of a small country: who is in it, which servers run, where they listen.

Each server has a loopback address of its own and listens there on X-Road's fixed ports; only the last two numbers of
the addresses change from one country to the next on the same machine.
"""

from __future__ import annotations

from dataclasses import dataclass

INSTANCE = "VN"
MEMBER_CLASSES = (("GOV", "Cơ quan nhà nước"), ("COM", "Doanh nghiệp"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPlan:
    """An organisation of the country."""

    code: str
    """Agency code (mã định danh cơ quan). Source: domain dossier s.A9."""
    name: str
    """Official name."""
    subsystems: tuple[tuple[str, str], ...]
    """Code and name of each."""

    @property
    def id(self) -> str:
        """``VN/GOV/<code>``."""
        return f"{INSTANCE}/GOV/{self.code}"


BINH_PHUOC = MemberPlan(
    code="000.00.00.H10",
    name="Ủy ban nhân dân tỉnh Bình Phước",
    subsystems=(("onestop", "Hệ thống thông tin một cửa"), ("archive", "Lưu trữ (không có quyền khai thác)")),
)
PUBLIC_SECURITY = MemberPlan(
    code="000.00.00.G01",
    name="Bộ Công an",
    subsystems=(("population", "Cơ sở dữ liệu quốc gia về dân cư"),),
)
COMMUNICATIONS = MemberPlan(
    code="000.00.00.G14",
    name="Bộ Thông tin và Truyền thông",
    subsystems=(("management", "Dịch vụ quản lý của máy chủ trung tâm"),),
)
MEMBERS = (BINH_PHUOC, PUBLIC_SECURITY, COMMUNICATIONS)

CLIENT = f"{BINH_PHUOC.id}/onestop"
"""The officer's system."""
STRANGER = f"{BINH_PHUOC.id}/archive"
"""A subsystem of the same province that nobody gave a right."""
PROVIDER = f"{PUBLIC_SECURITY.id}/population"
SERVICE = f"{PROVIDER}/population"
"""The register's service; the operations are its paths."""
SERVICE_CODE = "population"


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


SERVERS = (
    ServerPlan(name="ss1", owner=BINH_PHUOC, code="ss1", host=11, clients=(CLIENT, STRANGER)),
    ServerPlan(name="ss2", owner=PUBLIC_SECURITY, code="ss2", host=12, clients=(PROVIDER,)),
    ServerPlan(name="ss3", owner=PUBLIC_SECURITY, code="ss3", host=13, clients=(PROVIDER,)),
)
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
        return (*fixed, *((self.address(server.host), port) for server in SERVERS for port in ports))
