"""The baseline: two nginx that hand a request on over mutual TLS, and a third that answers it. Nothing signed or kept.

The third is also the information system that our servers ask, so that both chains end in the same place.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from chain import soap

CBC_CIPHERS = "ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA256:ECDHE-ECDSA-AES256-SHA384"
"""X-Road's list for TLS 1.2. Source: message-path dossier s.3.1."""
FRONT, BACK, SYSTEM = "127.82.35.31", "127.82.35.32", "127.82.35.21"
SIZES = {"1k": 1024, "20k": 20 * 1024, "1m": 1024 * 1024}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Certificate chains and keys (PEM files) of both sides, and who issued them."""

    front: tuple[Path, Path]
    back: tuple[Path, Path]
    authority: Path


class Nginx:
    """An nginx that runs with a configuration of its own until it is stopped."""

    def __init__(self, folder: Path, name: str, servers: str, *, workers: int = 2) -> None:
        self._folder = folder
        configuration = folder / f"{name}.conf"
        configuration.write_text(
            f"""
daemon off; worker_processes {workers}; pid {folder}/{name}.pid; error_log {folder}/{name}.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; client_max_body_size 0; client_body_buffer_size 2m;
  client_body_temp_path {folder}/{name}-1; proxy_temp_path {folder}/{name}-2; fastcgi_temp_path {folder}/{name}-3;
  uwsgi_temp_path {folder}/{name}-4; scgi_temp_path {folder}/{name}-5;
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffers 16 128k; proxy_buffer_size 128k;
  proxy_busy_buffers_size 256k;
  {servers}
}}
"""
        )
        self._process = subprocess.Popen(["nginx", "-c", str(configuration), "-p", str(folder)])
        deadline = time.monotonic() + 10
        while not (folder / f"{name}.pid").exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit((folder / f"{name}.log").read_text())
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """Of its master."""
        return self._process.pid

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def information_system(folder: Path) -> Nginx:
    """Answers every request with 200 and as many bytes as the path asks for: ``/1k``, or ``/soap1k`` in an envelope."""
    # nginx reads no parameter longer than 4 KiB: longer answers are made of pieces of pieces.
    pieces = f'set $k "{"x" * 1024}"; set $m "{"$k" * 32}";'
    answers = {"1k": "$k", "20k": "$k" * 20, "1m": "$m" * 32}
    fillings = answers | {"1k": "x" * soap.missing("1k", SIZES["1k"]), "20k": "$k" * 19, "1m": "$m" * 31 + "$k" * 31}
    plain = [f'location = /{name} {{ {pieces} return 200 "{answers[name]}"; }}' for name in SIZES]
    envelopes = [
        f"location = /{soap.service_code(name)} {{ {pieces} default_type 'text/xml; charset=UTF-8'; "
        f"return 200 '{soap.answer(name, fillings[name])}'; }}"
        for name in SIZES
    ]
    server = f"server {{ listen {SYSTEM}:9000 backlog=4096; {' '.join(plain + envelopes)} }}"
    return Nginx(folder, "system", f"{soap.ID_OF_ACTION} {server}")


def chain(folder: Path, identities: Identities, *, tls: str) -> list[Nginx]:
    """The two proxies, each an nginx of its own."""
    names = {"1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    ciphers = {"1.2": CBC_CIPHERS, "1.3": "DEFAULT"}[tls]
    (front_chain, front_key), (back_chain, back_key) = identities.front, identities.back
    front = f"""
  upstream back {{ server {BACK}:5500; keepalive 512; keepalive_requests 1000000000; }}
  server {{
    listen {FRONT}:8080 backlog=4096;
    location / {{
      proxy_pass https://back; proxy_ssl_protocols {names[tls]}; proxy_ssl_ciphers {ciphers};
      proxy_ssl_certificate {front_chain}; proxy_ssl_certificate_key {front_key};
      proxy_ssl_verify on; proxy_ssl_verify_depth 3; proxy_ssl_trusted_certificate {identities.authority};
      proxy_ssl_name ss2; proxy_ssl_session_reuse on;
    }}
  }}"""
    back = f"""
  upstream system {{ server {SYSTEM}:9000; keepalive 512; keepalive_requests 1000000000; }}
  server {{
    listen {BACK}:5500 ssl backlog=4096; ssl_protocols {names[tls]}; ssl_ciphers {ciphers};
    ssl_certificate {back_chain}; ssl_certificate_key {back_key};
    ssl_verify_client on; ssl_client_certificate {identities.authority}; ssl_verify_depth 3;
    location / {{ proxy_pass http://system; }}
  }}"""
    return [Nginx(folder, f"back-{tls}", back), Nginx(folder, f"front-{tls}", front)]
