"""Everything that touches a socket, a file or a clock, behind values and callables that the flows can fake.

====================  =============================================================================================
``http_server``       HTTP/1.1 server of the message path (httptools, uvloop, TLS): ``serve``, ``HttpServer``
``http_messages``     what travels through it: ``HttpRequest``, ``HttpResponse``, ``Peer``, ``HttpLimits``
``http_body``         ``BodyReader``: a body as bytes that arrive, with back-pressure
``http_client``       one connection to a peer: ``ClientConnection``, ``HttpClientResponse``
``pool``              ``Pool``: connections kept alive, judged again for every request
``race``              ``Race``: the fastest-connecting server among several
``tls``               TLS contexts of ports 5500 and 8443 and of https services, ``peer_chain``
``spool``             ``Spool``: bodies on disk while a message is in flight, encrypted, gone afterwards
``ocsp_fetch``        OCSP from responders and from peers (port 5577), and our answers there
``timestamp_fetch``   RFC 3161 queries to a time-stamping service
``http_errors``       ``AdapterError`` and its tree
====================  =============================================================================================

Source: message-path dossier s.2.1, s.3.1–3.4, s.3.10, s.3.11.
"""
