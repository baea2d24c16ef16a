"""Settings files of one security server, as text."""

from pathlib import Path

from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import Settings

FILE = Path("/etc/lienthong/ss1.toml")

SERVER = """\
[server]
id = "VN/GOV/000.00.00.G01/ss1"
data = "data"
anchor = "anchor.xml"

[keys]
tokens = "tokens"
password_file = "password"
authentication = { key = "authentication" }

[[keys.signing]]
member = "VN/GOV/000.00.00.G01"
key = "signing"
"""

POPULATION = """
[[client]]
id = "VN/GOV/000.00.00.G01/population"
certificates = ["population.crt"]

[[client.group]]
code = "communes"
members = ["VN/GOV/000.00.00.H20/onestop"]

[[client.service]]
code = "citizens"
url = "http://127.0.3.1:9000/rest"
personal_data = true

[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"

[[client.service]]
code = "partial"
url = "http://127.0.3.1:9000/rest"

[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"
method = "GET"
path = "/allowed/*"

[[client.service.access]]
subject = "local:communes"

[[client.service.access]]
subject = "group:ministries"
method = "POST"
path = "/reports/**"

[[client.service]]
code = "off"
url = "http://127.0.3.1:9000/rest"
disabled = true
notice = "Bảo trì đến 18 giờ"

[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"

[[client.service]]
code = "pets"
type = "OPENAPI"
url = "http://127.0.3.1:9000/pets"
openapi = "pets.yaml"
timeout_s = 2

[[client.service.endpoint]]
method = "GET"
path = "/pets/*"

[[client.service.endpoint]]
method = "POST"
path = "/pets"

[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"
method = "GET"
path = "/pets/*"
"""

LEGACY = """
[[client]]
id = "VN/GOV/000.00.00.G01/legacy"

[[client.service]]
code = "getPerson"
version = "v1"
type = "WSDL"
url = "http://127.0.3.1:9000/soap"
wsdl = "http://127.0.3.1:9000/legacy.wsdl"

[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"

[[client.service]]
code = "getPerson"
version = "v2"
type = "WSDL"
url = "http://127.0.3.1:9000/soap"
wsdl = "http://127.0.3.1:9000/legacy.wsdl"

[[client.service]]
code = "helloMtom"
type = "WSDL"
url = "http://127.0.3.1:9000/soap"
wsdl = "hello.wsdl"
disabled = true
notice = "Bảo trì đến 18 giờ"

[[client.service.access]]
subject = "VN/GOV/000.00.00.H10/onestop"
"""

COMPLETE = SERVER + POPULATION + LEGACY


def read(text: str) -> Settings:
    """The settings a text holds."""
    return parse_settings(text, file=FILE)
