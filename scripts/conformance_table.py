"""What is judged, by whom, and by which tests: the table behind ``make conformance``."""

from __future__ import annotations

from dataclasses import dataclass

LIVE_COUNTS = "build/conformance/live.json"
"""Written by the replay of the recordings."""
UNIT, WHOLE = "tests/unit", "tests/integration"
PYTHON, JUDGES = ".venv/bin/python", ".venv-judges/bin/python"
LIBXML = ("from lxml import etree; print('libxml2', '.'.join(map(str, etree.LIBXML_VERSION)))",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A program, library or body of evidence that nobody here wrote."""

    name: str
    """As people call it."""
    version: tuple[str, ...]
    """A command whose first line of output is the version; a text alone is the version itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Something of ours that a judge looks at."""

    name: str
    """What is claimed, in a few words."""
    judge: str
    """A key of :data:`OUTSIDE_JUDGES`."""
    tests: tuple[str, ...]
    """The tests in which it judges; none: there is none yet."""
    options: tuple[str, ...] = ()
    """More words for pytest."""
    missing: str = ""
    """Why there are no tests."""


OUTSIDE_JUDGES = {
    "openssl": Judge(name="OpenSSL", version=("openssl", "version")),
    "pkilint": Judge(
        name="pkilint (DigiCert)",
        version=(JUDGES, "-c", "from importlib.metadata import version; print('pkilint', version('pkilint'))"),
    ),
    "xmlsec1": Judge(name="xmlsec1", version=("xmlsec1", "--version")),
    "schemas": Judge(name="X-Road's and ETSI's XML schemas, by libxml2", version=(PYTHON, "-c", *LIBXML)),
    "fixtures": Judge(name="X-Road's own test containers (NIIS)", version=("X-Road 7.8 sources, 2012 to 2026",)),
    "recordings": Judge(
        name="recordings of two genuine X-Road servers (NIIS)", version=("7.8.1-SNAPSHOT, 25 November 2026",)
    ),
    "genuine": Judge(name="a genuine X-Road server, live (NIIS)", version=("none here",)),
    "story": Judge(
        name="xmlsec1 and openssl ts; hash chains by a script that imports nothing of ours",
        version=("xmlsec1", "--version"),
    ),
    "queries": Judge(name="X-Road's own end-to-end messages (NIIS)", version=("X-Road 7.8 sources",)),
    **{
        name: Judge(
            name=name,
            version=(
                f".venv-judge-{name}/bin/python",
                "-c",
                f"from importlib.metadata import version; print({name!r}, version({name!r}))",
            ),
        )
        for name in ("zeep", "pyxroad", "fastapi-xroad-soap")
    },
    "curl": Judge(name="curl", version=("curl", "--version")),
    "chromium": Judge(name="Chromium", version=("chromium", "--version")),
    "axe": Judge(
        name="axe-core (Deque)",
        version=("sh", "-c", "head -n 1 .venv-judges/lib/python3*/site-packages/axe_playwright_python/axe.min.js"),
    ),
    "postgresql": Judge(name="PostgreSQL", version=("psql", "--version")),
}

CAPABILITIES = (
    Capability(
        name="certificates of every profile",
        judge="openssl",
        tests=(f"{UNIT}/trust/certificates/test_issuing.py::test_openssl_accepts_every_profile",),
    ),
    Capability(
        name="certification requests",
        judge="openssl",
        tests=(f"{UNIT}/trust/certificates/test_requests.py::test_openssl_finds_the_request_in_order",),
    ),
    Capability(
        name="certificates, lists and answers of the authority (pkilint, severity ERROR)",
        judge="pkilint",
        tests=(f"{UNIT}/trust/authority/test_authority.py::test_judges_find_nothing_in_what_it_issues",),
    ),
    Capability(
        name="revocation lists",
        judge="pkilint",
        tests=(f"{UNIT}/trust/certificates/test_revocation.py::test_openssl_and_pkilint_accept_the_list",),
    ),
    Capability(
        name="OCSP answers",
        judge="openssl",
        tests=(f"{UNIT}/trust/ocsp/test_responses.py::test_openssl_and_pkilint_accept_the_answer",),
    ),
    Capability(
        name="timestamps (openssl ts)",
        judge="openssl",
        tests=(
            f"{UNIT}/trust/timestamps/test_issuing.py::test_openssl_accepts_the_reply",
            f"{UNIT}/trust/timestamps/test_issuing.py::test_openssl_accepts_a_token_that_got_its_certificate_later",
        ),
    ),
    Capability(
        name="signed directories of the global configuration",
        judge="openssl",
        tests=(f"{UNIT}/exchange/globalconf/test_directory_writing.py",),
    ),
    Capability(
        name="TLS between servers: X-Road's suites and TLS 1.3",
        judge="openssl",
        tests=(
            f"{WHOLE}/exchange/adapters/test_tls_sessions.py::test_openssl_negotiates_x_road_suites",
            f"{WHOLE}/exchange/adapters/test_tls_sessions.py::test_tls_1_3_is_there_for_our_own",
        ),
    ),
    Capability(
        name="signatures (XAdES)",
        judge="xmlsec1",
        tests=(f"{UNIT}/trust/xades/test_template.py::test_xmlsec_accepts_it",),
    ),
    Capability(
        name="signatures, and our own reading of their structure",
        judge="schemas",
        tests=(f"{UNIT}/trust/xades/test_template.py::test_schema_accepts_it", f"{UNIT}/trust/xades/test_structure.py"),
    ),
    Capability(
        name="hash chains",
        judge="schemas",
        tests=(f"{UNIT}/exchange/message/hash_chain/test_reading.py::test_schema_accepts_what_we_write",),
    ),
    Capability(
        name="global configuration V2 to V6, written and read",
        judge="schemas",
        tests=(
            f"{UNIT}/exchange/globalconf/test_codecs.py::test_what_we_write_is_valid_by_the_schema",
            f"{UNIT}/exchange/globalconf/test_codecs.py::test_every_published_file_gets_the_verdict_of_its_schema",
            f"{UNIT}/exchange/globalconf/test_codecs.py::test_a_changed_document_is_never_accepted_where_the_schema_refuses",
        ),
    ),
    Capability(
        name="central server over HTTP and HTTPS",
        judge="curl",
        tests=(f"{WHOLE}/exchange/central/test_tls.py::test_curl_gets_the_same_answer_over_both_ports",),
    ),
    Capability(
        name="evidence verify gives the verdicts that X-Road's own tests demand",
        judge="fixtures",
        tests=(
            f"{UNIT}/exchange/message/evidence/test_judgement.py::test_fixtures",
            f"{UNIT}/exchange/message/verification/test_judgement.py::test_fixtures",
        ),
    ),
    Capability(
        name="evidence verify accepts every container that genuine servers logged",
        judge="recordings",
        tests=(
            f"{UNIT}/exchange/message/evidence/test_judgement.py::test_genuine_containers",
            "tests/live/test_containers.py::test_recorded_container",
        ),
    ),
    Capability(
        name="REST and SOAP messages, both roles, byte for byte (table below)",
        judge="recordings",
        tests=("tests/live",),
        options=("--conformance", LIVE_COUNTS),
    ),
    Capability(
        name="SOAP messages of X-Road's own tests, through two servers: fault codes, and bytes where they pass",
        judge="queries",
        tests=("tests/queries",),
    ),
    Capability(
        name="a SOAP service called by nothing but its WSDL, through two servers",
        judge="zeep",
        tests=("tests/queries/test_other_clients.py::test_zeep_calls_a_service_by_nothing_but_its_wsdl",),
    ),
    Capability(
        name="an X-Road client that fetches the WSDL through our server and calls the service",
        judge="pyxroad",
        tests=("tests/queries/test_other_clients.py::test_pyxroad_fetches_the_wsdl_through_us_and_calls_the_service",),
    ),
    Capability(
        name="an X-Road service behind our server",
        judge="fastapi-xroad-soap",
        tests=("tests/queries/test_other_clients.py::test_a_service_by_fastapi_xroad_soap_answers_behind_us",),
    ),
    Capability(
        name="REST and SOAP messages, both roles, against a running genuine server",
        judge="genuine",
        tests=(),
        missing="no genuine server is at hand where this page was made",
    ),
    Capability(
        name="evidence of the demonstration: every Reference, the hash chains, the timestamps",
        judge="story",
        tests=("tests/nation/test_story.py::test_the_story_holds_and_nothing_stays_behind[34-provinces-plain]",),
    ),
    Capability(
        name="message log, its index and the population register on PostgreSQL",
        judge="postgresql",
        tests=(
            f"{UNIT}/exchange/adapters/test_log_postgres.py",
            f"{UNIT}/exchange/adapters/test_log_database_postgres.py",
            f"{WHOLE}/systems/test_population_on_postgresql.py",
        ),
    ),
    Capability(
        name="pages: nothing runs over the edge at 320 px, contrast, visible focus",
        judge="chromium",
        tests=("tests/browser/test_status_page.py", "tests/browser/test_own_access_page.py"),
    ),
    Capability(
        name="pages: WCAG 2.2 AA",
        judge="axe",
        tests=("tests/browser/test_accessibility.py",),
    ),
)
