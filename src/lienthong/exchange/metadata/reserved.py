"""Service codes that every security server answers itself.

Source: message-path dossier s.6, s.7.
"""

from __future__ import annotations

LIST_METHODS = "listMethods"
ALLOWED_METHODS = "allowedMethods"
GET_OPEN_API = "getOpenAPI"
GET_WSDL = "getWsdl"

REST_METASERVICES = frozenset({LIST_METHODS, ALLOWED_METHODS, GET_OPEN_API})
"""Answered to REST requests."""
RESERVED_CODES = frozenset(
    {
        *REST_METASERVICES,
        GET_WSDL,
        "getSecurityServerMetrics",
        "getSecurityServerOperationalData",
        "getSecurityServerHealthData",
    }
)
"""No provider's service may have such a code; calls need no access right."""
