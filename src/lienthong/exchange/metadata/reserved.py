"""Service codes of the metaservices answered here; which codes are reserved is asked of ``serverconf.access``.

Source: message-path dossier s.6, s.7.
"""

from __future__ import annotations

LIST_METHODS = "listMethods"
ALLOWED_METHODS = "allowedMethods"
GET_OPEN_API = "getOpenAPI"
GET_WSDL = "getWsdl"
