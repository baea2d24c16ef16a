from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.settings_files import COMPLETE, FILE, POPULATION, SERVER, read

from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.serverconf.problems import InvalidSettingsError, SettingsProblem
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import FaultSpelling, IndexEngine, LogEngine, Ports, Settings

OWNER = ClientId("VN", "GOV", "000.00.00.G01")


def problems(text: str) -> tuple[SettingsProblem, ...]:
    with pytest.raises(InvalidSettingsError) as caught:
        read(text)
    return caught.value.settings_problems


def test_little_must_be_said() -> None:
    settings = read(SERVER)
    assert settings.id == SecurityServerId(OWNER, "ss1")
    assert settings.data == Path("/etc/lienthong/data")
    assert settings.anchor == Path("/etc/lienthong/data/anchor.xml")
    assert settings.ports == Ports(messages=5500, ocsp=5577, http=8080, https=8443, dial_port=5500, dial_ocsp_port=5577)
    assert settings.tls_versions == ("1.2", "1.3")
    assert settings.keys.authentication.key == "authentication"
    assert settings.keys.signing_key_of(ClientId("VN", "GOV", "000.00.00.G01", "population")) is not None
    assert settings.keys.signing_key_of(ClientId("VN", "COM", "1")) is None
    assert not settings.allow_test_profile


def test_defaults_of_the_file_are_those_of_the_values() -> None:
    settings = read(SERVER)
    bare = Settings(id=settings.id, data=settings.data, anchor=settings.anchor, keys=settings.keys)
    assert settings == bare


def test_a_data_folder_given_from_outside_wins() -> None:
    settings = parse_settings(SERVER, file=FILE, data=Path("/srv/ss1"))
    assert settings.data == Path("/srv/ss1")
    assert settings.keys.password_file == Path("/srv/ss1/password")


EVERYTHING = SERVER.replace(
    "[keys]",
    """\
listen = "127.0.1.1"
systems_listen = "127.0.1.2"
workers = 4
allow_test_profile = true
fault_spelling = "7.0"
pools = false
tls_versions = ["1.2"]
min_supported_client_version = "7.6.0"
wsdl_client = "VN/GOV/000.00.00.G01/old"

[ports]
messages = 15500
ocsp = 15577
http = 0
https = 0
dial_port = 15500
dial_ocsp_port = 15577

[intervals]
ocsp_fetch_s = 2
timestamp_s = 1

[limits]
loggable_body_bytes = 1024
truncated_body_allowed = true
service_timeout_s = 5

[log]
engine = "postgres"
dsn_file = "/run/secrets/dsn"
local_exceptions = ["VN/GOV/000.00.00.G01/population"]
acceptable_timestamp_failure_period_s = 0

[[timestamping]]
name = "TSA"
url = "http://127.0.5.1:8899/tsa"

[facade]
enabled = true
client = "VN/GOV/000.00.00.G01/old"

[[facade.service]]
providerurl = "http://10.0.0.1/VXPAdapter"
code = "vxp"

[keys]
internal_tls = { key = "tls", certificate = "tls.crt" }""",
)


def test_everything_can_be_said() -> None:
    settings = read(EVERYTHING)
    assert settings.fault_spelling is FaultSpelling.CAMEL
    assert settings.ports.dial_port == 15500
    assert settings.intervals.ocsp_fetch == timedelta(seconds=2)
    assert settings.log.engine is LogEngine.POSTGRES
    assert settings.log.dsn_file == Path("/run/secrets/dsn")
    assert settings.log.acceptable_timestamp_failure_period == timedelta()
    assert settings.log.local_exceptions == {ClientId("VN", "GOV", "000.00.00.G01", "population")}
    assert settings.timestamping[0].url.endswith("/tsa")
    assert settings.wsdl_client == ClientId("VN", "GOV", "000.00.00.G01", "old")
    assert settings.facade.services == (("http://10.0.0.1/VXPAdapter", "vxp"),)
    assert settings.keys.internal_tls is not None
    assert settings.keys.internal_tls.certificate == Path("/etc/lienthong/data/tls.crt")


WRONG = [
    # in the complete file: replace, by, then line of the problem, key, part of found, part of expected
    ('data = "data"', "dtaa = 1", 3, "server.dtaa", "unknown key", "'data'"),
    ('data = "data"', "workers = true", 3, "server.workers", "true", "whole number"),
    ('data = "data"', "workers = 0", 3, "server.workers", "0", "from 1 to 256"),
    ('data = "data"', 'fault_spelling = "6"', 3, "server.fault_spelling", "'6'", "7.8, 7.0"),
    ('data = "data"', 'tls_versions = ["1.1"]', 3, "server.tls_versions", "1.1", '"1.2", "1.3"'),
    ('data = "data"', "tls_versions = []", 3, "server.tls_versions", "none", '"1.2"'),
    ('data = "data"', "tls_versions = [1]", 3, "server.tls_versions", "[1]", "array of texts"),
    ('data = "data"', 'min_supported_client_version = "7"', 3, "server.min_supported_client_version", "7", "7.6.0"),
    ('data = "data"', 'pools = "yes"', 3, "server.pools", "'yes'", "true or false"),
    ('data = "data"', 'listen = ""\ndata = ""', 3, "server.listen", "''", "IP address"),
    ('anchor = "anchor.xml"', 'anchor = "http://x/anchor"', 4, "server.anchor", "no file name", "file or folder"),
    ('anchor = "anchor.xml"', "", 1, "server.anchor", "nothing", "a text"),
    ('id = "VN/GOV/000.00.00.G01/ss1"', 'id = "VN/GOV/ss1"', 2, "server.id", "VN/GOV/ss1", "CODE/SERVER"),
    ('id = "VN/GOV/000.00.00.G01/ss1"', 'id = " "', 2, "server.id", "empty", "text"),
    ('id = "VN/GOV/000.00.00.G01/ss1"', 'id = "VN/GOV/9/ss1"', 6, "keys", "owner", "management"),
    ("[keys]", "[ports]\nhttp = 5500\n[keys]", 6, "ports", "one port", "different"),
    (
        "[keys]",
        "[log]\nengine = 'postgres'\ndsn_file = '/d'\narchive_after_s = 9\n[keys]",
        9,
        "log.archive_after_s",
        "period",
        "only",
    ),
    ("[keys]", "[log]\nengine = 'postgres'\n[keys]", 6, "log.dsn_file", "nothing", "PostgreSQL"),
    ("[keys]", "[log]\nindex = 'postgres'\n[keys]", 6, "log.dsn_file", "nothing", "PostgreSQL"),
    ("[keys]", "[log]\nindex = 'mysql'\n[keys]", 7, "log.index", "'mysql'", "sqlite, postgres"),
    ("[keys]", "[log]\nengine = 'postgres'\nindex = 'postgres'\n[keys]", 8, "log.index", "beside", "its own"),
    ("[keys]", "[log]\nlocal_exceptions = ['x']\n[keys]", 7, "log.local_exceptions", "'x'", "client ids"),
    ("[keys]", "[keys]\npassword = 'secret'", 7, "keys.password", "unknown key", "'password_file'"),
    ("[keys]", "[keys]\nxyz = 1", 7, "keys.xyz", "unknown key", "one of authentication"),
    ("[keys]", "limits = 5\n[keys]", 6, "server.limits", "unknown key", "one of"),
    ('member = "VN/GOV/000.00.00.G01"', 'member = "VN/GOV/1/s"', 12, "keys.signing[0].member", "a subsystem", "member"),
    ('id = "VN/GOV/000.00.00.G01/population"', 'id = "EE/GOV/1/x"', 16, "client[0].id", "EE", "own instance, VN"),
    ('id = "VN/GOV/000.00.00.G01/population"', 'id = "VN/GOV/1/x"', 16, "client[0].id", "no signing key", "signing"),
    ('code = "citizens"', 'code = "listMethods"', 24, "client[0].service[0].code", "listMethods", "metaservice"),
    ('code = "citizens"', 'code = "a/b"', 24, "client[0].service[0].code", "a/b", "without"),
    ('code = "citizens"', 'code = "partial"', 23, "client[0].service", "'partial' twice", "once"),
    ("personal_data = true", 'type = "WSDL"', 23, "client[0].service[0].wsdl", "nothing", "WSDL"),
    ("personal_data = true", 'version = "v1"', 26, "client[0].service[0].version", "a version", 'type = "WSDL"'),
    ("personal_data = true", 'version = " "', 26, "client[0].service[0].version", "empty", "text"),
    ("personal_data = true", 'version = "1/2"', 26, "client[0].service[0].version", "1/2", "without"),
    ("personal_data = true", 'wsdl = "a.wsdl"', 26, "client[0].service[0].wsdl", "of a REST service", 'type = "WSDL"'),
    ("personal_data = true", 'openapi = "a.yaml"', 26, "client[0].service[0].openapi", "REST", 'type = "OPENAPI"'),
    ('type = "OPENAPI"', 'type = "WSDL"\nwsdl = "a.wsdl"', 0, "client[0].service[3].endpoint", "endpoint", "whole"),
    ('type = "OPENAPI"', 'type = "WSDL"\nwsdl = "a.wsdl"', 0, "client[0].service[3].access", "endpoint", "whole"),
    ('code = "getPerson"\nversion = "v2"', 'code = "getPerson"\nversion = "v1"', 0, "", "'getPerson/v1' twice", "once"),
    ("personal_data = true", 'type = "OPENAPI"', 23, "client[0].service[0].openapi", "nothing", "document"),
    ("personal_data = true", 'issue_patterns = ["("]', 26, "client[0].service[0].issue_patterns", "'('", "regular"),
    ('type = "OPENAPI"\nurl = "http:', 'type = "OPENAPI"\nurl = "ftp:', 0, "", "ftp:", "http://"),
    ('type = "OPENAPI"\nurl = "http://', 'type = "OPENAPI"\nurl = "http://u:secret@', 0, "", "password", "without"),
    ('type = "OPENAPI"\nurl = "http://127', 'type = "OPENAPI"\nurl = "http://[127', 0, "", "no address", "http://"),
    ('subject = "local:communes"', 'subject = "local:x"', 0, "", "local:x", "[[client.group]]"),
    ('subject = "local:communes"', 'subject = "world:x"', 0, "", "world:x", "group:INSTANCE/CODE"),
    ('subject = "local:communes"', 'subject = "group:"', 0, "", "group:", "group:CODE"),
    ('path = "/allowed/*"', 'path = "allowed"', 0, "", "'allowed'", "starts with '/'"),
    ('path = "/allowed/*"', 'method2 = "x"', 0, "", "unknown key", "'method'"),
    ('method = "POST"\npath = "/reports/**"', 'method = "FETCH"', 0, "", "'FETCH'", "DELETE"),
    ('[[client.group]]\ncode = "communes"', 'group = 3\n[x]\ncode = ""', 0, "", "3", "[[group]]"),
    ('members = ["VN/GOV/000.00.00.H20/onestop"]', "members = 4", 21, "client[0].group[0].members", "4", "array"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "found", "expected"), WRONG)
def test_what_is_wrong_is_named(old: str, new: str, line: int, key: str, found: str, expected: str) -> None:
    told = problems(COMPLETE.replace(old, new, 1))
    fitting = [
        p for p in told if line in {0, p.line} and key in {"", p.key} and found in p.found and expected in p.expected
    ]
    assert fitting, "\n".join(map(str, told))


def test_the_index_over_the_journals_may_be_in_postgres() -> None:
    log = read(COMPLETE.replace("[keys]", "[log]\nindex = 'postgres'\ndsn_file = '/run/dsn'\n[keys]", 1)).log
    assert (log.engine, log.index, log.dsn_file) == (LogEngine.JOURNAL, IndexEngine.POSTGRES, Path("/run/dsn"))


def test_every_problem_is_named_at_once_in_order_of_lines() -> None:
    text = COMPLETE.replace('data = "data"', "typo = 1").replace('url = "http://127.0.3.1:9000/pets"', "url = 5")
    text = text.replace('code = "communes"', 'code = ""')
    told = problems(text)
    assert [p.line for p in told] == sorted(p.line for p in told)
    assert {"server.typo", "client[0].group[0].code", "client[0].service[3].url"} <= {p.key for p in told}


def test_a_problem_reads_as_one_line() -> None:
    assert str(problems(SERVER.replace('data = "data"', "typo = 1"))[0]).startswith(
        "/etc/lienthong/ss1.toml:3: server.typo: found an unknown key, expected "
    )


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = = 2\n", 2), ("a = '''\n\n", 3), ("a = 1\na = 2\n", 2)])
def test_a_text_that_is_no_toml_is_told_with_its_line(text: str, line: int) -> None:
    (problem,) = problems(text)
    assert (problem.line, problem.expected) == (line, "TOML 1.0")
    assert str(problem).startswith(f"/etc/lienthong/ss1.toml:{line}: found ")


def test_an_https_service_needs_someone_to_vouch_for_it() -> None:
    text = COMPLETE.replace("http://127.0.3.1:9000/pets", "https://127.0.3.1:9000/pets")
    assert read(text)
    told = problems(text.replace('certificates = ["population.crt"]', ""))
    assert [p.key for p in told] == ["client[0].service[3].tls_verify"]
    assert read(
        text.replace('certificates = ["population.crt"]', "").replace("timeout_s", "tls_verify=false\ntimeout_s")
    )


def test_one_client_and_one_right_stand_once() -> None:
    twice = COMPLETE + '\n[[client]]\nid = "VN/GOV/000.00.00.G01/population"\n'
    assert [p.found for p in problems(twice)] == ["the same client twice"]
    again = (
        SERVER
        + POPULATION
        + '\n[[client.service.access]]\nsubject = "VN/GOV/000.00.00.H10/onestop"\npath = "/pets/*"\n'
    )
    assert read(again)
    same = again.replace('onestop"\npath', 'onestop"\nmethod = "get"\npath')
    assert [p.found for p in problems(same)] == ["one right twice"]


def test_groups_of_other_instances_are_named_with_theirs() -> None:
    settings = read(COMPLETE.replace("group:ministries", "group:EE/ministries"))
    subject = settings.clients[0].services[1].access[2].subject
    assert str(subject) == "GLOBALGROUP:EE/ministries"


def test_no_signing_key_is_no_server() -> None:
    told = problems(SERVER[: SERVER.index("[[keys.signing]]")])
    assert [p.key for p in told] == ["keys.signing"]


def test_values_are_found_by_id() -> None:
    settings = read(COMPLETE)
    population = settings.clients[0]
    assert settings.client(population.id) is population
    assert settings.client(population.id.member) is None
    assert settings.service(ServiceId(population.id, "off")) is population.services[2]
    assert settings.service(ServiceId(population.id, "off", "v1")) is None
    assert settings.service(ServiceId(population.id, "none")) is None
    assert settings.service(ServiceId(population.id.member, "off")) is None


def test_long_values_are_shown_short() -> None:
    (problem,) = problems(SERVER.replace('data = "data"', f'workers = "{"x" * 500}"'))
    assert len(problem.found) < 80


@given(st.text(max_size=40), st.sampled_from(["id", "listen", "anchor", "workers", "x"]))
def test_any_text_gives_settings_or_problems(value: str, key: str) -> None:
    quoted = value.encode("unicode_escape").decode("ascii").replace('"', "'").replace("\\x", "x").replace("\\'", "'")
    text = f'[server]\n{key} = "{quoted}"\n'
    with pytest.raises(InvalidSettingsError):
        read(text)


@given(st.text(alphabet="[]=\"'#\n ab.1{},", max_size=40))
def test_any_file_gives_problems_not_crashes(text: str) -> None:
    with pytest.raises(InvalidSettingsError):
        read(text)
