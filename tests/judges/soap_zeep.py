"""Calls getPerson by nothing but its WSDL, with zeep: ``soap_zeep.py WSDL ADDRESS HEADERS NUMBER``; prints the name."""

import json
import sys

from zeep import Client

wsdl, address, headers, number = sys.argv[1:]
client = Client(wsdl)
(binding,) = client.wsdl.bindings
service = client.create_service(binding, address)
answer = service.getPerson(number=number, _soapheaders=json.loads(headers))
print(json.dumps(answer))
