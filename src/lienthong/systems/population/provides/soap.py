"""The register's SOAP operation: ``verifyIdentity``, the same answer from the same code as its REST one.

A POST is a question that came through the security server; a GET gives ``verification.wsdl``, its only shared truth.
Source: PR-MESS v4.0; message-path dossier s.2.8.
"""

from __future__ import annotations

from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError

from lienthong.exchange.connector import EnvelopeError, SoapRequest, soap_fault
from lienthong.systems.foundation.operations.caller import require_purpose
from lienthong.systems.foundation.operations.chunked import whole_body
from lienthong.systems.foundation.operations.interface import body_problem
from lienthong.systems.foundation.operations.peers import from_security_server
from lienthong.systems.foundation.operations.problems import NO_SUCH_OPERATION, Problem, Refused, field_problem
from lienthong.systems.population.provides.operations import verify_claim
from lienthong.systems.population.provides.schemas import IdentityClaimBody
from lienthong.systems.vocabulary.bilingual import Language

_NAMESPACE = "urn:vn:population"
_ASKED = f"{{{_NAMESPACE}}}verifyIdentity"
_XML = "text/xml; charset=UTF-8"


def soap(request: HttpRequest) -> HttpResponse:
    """Answer a question, or show the WSDL; a refusal is a SOAP fault in Vietnamese with the problem's code."""
    if request.method != "POST":
        document = files("lienthong.systems.population.provides").joinpath("verification.wsdl").read_bytes()
        return HttpResponse(document, content_type=_XML)
    try:
        from_security_server(request)
        content_type, body = _answer(request)
        return HttpResponse(body, content_type=content_type)
    except Refused as refused:
        content_type, body = _fault(refused.problem)
        return HttpResponse(body, content_type=content_type, status=500)


def _answer(request: HttpRequest) -> tuple[str, bytes]:
    try:
        asked = SoapRequest.read(request.headers.get("Content-Type", ""), whole_body(request))
    except EnvelopeError as exc:
        raise Refused(field_problem("", "")) from exc
    if asked.body.tag != _ASKED:
        raise Refused(NO_SUCH_OPERATION)
    caller = require_purpose(asked.caller)
    fields = {element.tag.removeprefix(f"{{{_NAMESPACE}}}"): element.text or "" for element in asked.body}
    try:
        claim = IdentityClaimBody.model_validate(fields)
    except ValidationError as exc:
        raise Refused(body_problem(exc.errors())) from exc
    verdict = verify_claim(caller, claim).model_dump()
    told = "".join(f"<{name}>{str(value).lower()}</{name}>" for name, value in verdict.items())
    return asked.answer(f'<verifyIdentityResponse xmlns="{_NAMESPACE}">{told}</verifyIdentityResponse>'.encode())


def _fault(problem: Problem) -> tuple[str, bytes]:
    place, cause, cure = (text.to(Language.VIETNAMESE) for text in (problem.place, problem.cause, problem.cure))
    return soap_fault("SOAP-ENV:Client", f"{place}: {cause} {cure}", detail=problem.code)
