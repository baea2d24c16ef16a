"""How information systems connect: by HTTPS with and without a certificate of their own, and never more weakly than said."""

import http.client
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.chaos import information_system
from tests.chaos.certificates import own_certificate
from tests.chaos.network import CONSUMER, COUNTRY, PROVIDER, ChaosNetwork
from tests.chaos.processes import await_fact

from lienthong.nation import topology
from lienthong.nation.plan import ProcessPlan

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

HANDSHAKE = "refused in the handshake"
REFUSED = "server.clientproxy.ssl_authentication_failed"
TLS_SYSTEM_PORT = 8601


def ask(network: ChaosNetwork, tls: ssl.SSLContext | None = None) -> str | None:
    """The fault code of one call, or why no call came about; None where it went well."""
    host = network.network.address(CONSUMER.host)
    if tls is None:
        connection = http.client.HTTPConnection(host, topology.SYSTEMS_PORT, timeout=30)
    else:
        connection = http.client.HTTPSConnection(host, topology.SYSTEMS_TLS_PORT, timeout=30, context=tls)
    try:
        connection.request("GET", f"/r1/{COUNTRY.provider}/echo/here", headers={"X-Road-Client": COUNTRY.client})
        answer = connection.getresponse()
        assert answer.read() == b"here" or answer.status == 500
        return answer.headers["X-Road-Error"]
    except (ssl.SSLError, ConnectionError):
        return HANDSHAKE
    finally:
        connection.close()


def system_tls(network: ChaosNetwork, certificate: Path | None = None) -> ssl.SSLContext:
    """A system that trusts the very certificate of its security server, and may show one of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    (der,) = (network.folder / CONSUMER.name / "tokens").glob("tls.*.cert.der")
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(der.read_bytes()))
    if certificate is not None:
        context.load_cert_chain(certificate)
    return context


def test_a_client_by_https_without_a_certificate_is_not_served_by_http(founded: ChaosNetwork) -> None:
    network = founded
    network.ensure(consumer={"client": {"connection_type": "HTTPS_NO_AUTH"}})
    assert ask(network) == REFUSED
    assert ask(network, system_tls(network)) is None


def test_a_client_by_https_shows_a_registered_certificate_and_no_other(founded: ChaosNetwork, tmp_path: Path) -> None:
    network = founded
    own, other = own_certificate(tmp_path, "onestop"), own_certificate(tmp_path, "stranger")
    network.ensure(consumer={"client": {"connection_type": "HTTPS", "certificates": [str(own)]}})
    assert ask(network) == REFUSED
    assert ask(network, system_tls(network)) == REFUSED
    assert ask(network, system_tls(network, other)) in {REFUSED, HANDSHAKE}
    assert ask(network, system_tls(network, own)) is None


def test_a_client_that_may_use_http_may_use_https(network: ChaosNetwork) -> None:
    assert ask(network) is None
    assert ask(network, system_tls(network)) is None


def test_a_service_by_https_shows_a_registered_certificate(network: ChaosNetwork, tmp_path: Path) -> None:
    own, other = own_certificate(tmp_path, "register"), own_certificate(tmp_path, "impostor")
    address = f"{network.network.address(topology.POPULATION_HOST)}:{TLS_SYSTEM_PORT}"
    service = {"url": f"https://{address}"}
    known: dict[str, dict[str, object]] = {"client": {"certificates": [str(own)]}, "service": service}
    with tls_system(network, address, own):
        network.apply(PROVIDER, known)
        await_fact(lambda: ask(network) is None, what="the service is reached by https")
        network.apply(PROVIDER, {**known, "client": {"certificates": [str(other)]}})
        code = "server.serverproxy.ssl_authentication_failed"
        await_fact(lambda: ask(network) == code, what="a certificate that is not registered is refused")
        network.apply(PROVIDER, {**known, "client": {}, "service": {**service, "tls_verify": False}})
        await_fact(lambda: ask(network) is None, what="any certificate will do where the settings say so")


@contextmanager
def tls_system(network: ChaosNetwork, address: str, certificate: Path) -> Iterator[None]:
    command = (sys.executable, information_system.__file__, address, str(network.notes), str(certificate))
    network.launcher.start(ProcessPlan(name="tls-system", command=command, health=""))
    host, port = address.split(":")
    try:
        await_fact(lambda: answers(host, int(port)), what="the system listens")
        yield
    finally:
        network.launcher.stop("tls-system")


def answers(host: str, port: int) -> bool:
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(host, port, timeout=5, context=anyone)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
