"""Calls getPerson with pyxroad, which fetches the WSDL itself: ``soap_pyxroad.py SERVER CLIENT SERVICE NUMBER``."""

import json
import sys

from XRoad import XClient

server, client, service, number = sys.argv[1:]
print(json.dumps(XClient(server, client, service).request(number=number)))
