"""A service by fastapi-xroad-soap that gives back the integer it gets: ``soap_fastapi.py HOST PORT``."""

import sys

import uvicorn
from fastapi_xroad_soap import MessageBody, SoapService
from fastapi_xroad_soap.elements import Integer

soap = SoapService()


class ReturnInteger(MessageBody):
    number = Integer()


class ReturnIntegerResponse(MessageBody):
    number = Integer()


@soap.action("ReturnInteger")
def give_back(body: ReturnInteger) -> ReturnIntegerResponse:
    return ReturnIntegerResponse(number=body.number)


uvicorn.run(soap, host=sys.argv[1], port=int(sys.argv[2]), log_level="error")
