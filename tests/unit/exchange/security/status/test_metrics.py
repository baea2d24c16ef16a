import re

from tests.fakes import server_facts as given

from lienthong.exchange.security.status.metrics import render_metrics

LINE = re.compile(r'[a-z_]+(\{[a-z]+="(?:[^"\\]|\\.)*"(,[a-z]+="(?:[^"\\]|\\.)*")*\})? -?[0-9.e+-]+')


def test_every_line_is_openmetrics() -> None:
    text = render_metrics(given.server(disk=given.disk(keys=(given.key(owner='a"\\\n'),)))).decode()
    *lines, end, nothing = text.split("\n")
    assert (end, nothing) == ("# EOF", "")
    assert all(line.startswith(("# TYPE ", "# HELP ")) or LINE.fullmatch(line) for line in lines)


def test_figures() -> None:
    text = render_metrics(given.server()).decode()
    assert "lienthong_security_healthy 1\n" in text
    assert 'lienthong_security_exchanges_total{side="client"} 7\n' in text
    assert 'lienthong_security_faults_total{code="server.serverproxy.access_denied"} 1\n' in text
    assert "lienthong_security_configuration_left_seconds 540\n" in text
    assert 'owner="VN/GOV/000.00.00.G01",key="1"} 400\n' in text
    assert "lienthong_security_healthy 0\n" in render_metrics(given.server(workers=0)).decode()
