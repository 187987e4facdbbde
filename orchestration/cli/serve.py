"""``understudy serve``: the API, the survey and the review console, in one process.

Belongs here: listening, and what the person at the terminal is told. Does not belong here: the app (``service.app``).
"""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.command import DeskOption, desk_of, fail, say

if TYPE_CHECKING:
    from service.service import Service

GRACE_SECONDS = 20
"""How long requests that are being worked on may take once the server is asked to stop."""


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; default: as desk.yaml says.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; default: as desk.yaml says.", show_default=False, min=1, max=65_535)
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Serve the agent's API and the review console, on the current release."""
    import uvicorn

    from ledger.errors import LedgerError
    from service.app import create_app
    from service.identity.refusals import IdentityProblem
    from service.open_service import open_service
    from service.secret import SecretProblem

    with desk_of(desk) as loaded:
        try:
            service = open_service(loaded.folder)
        except (LedgerError, IdentityProblem, SecretProblem) as problem:
            raise fail(str(problem)) from problem
        settings = loaded.settings.service
        listens_on, at_port = host or settings.host, port or settings.port
        say(_welcome(service, listens_on, at_port))
        _log_to_terminal()
        app = create_app(service)
        # One worker: what is claimed, and requests under one key, are in its memory. The gate writes the access log, which
        # leaves out query strings and signed links; uvicorn's would not. Whom a request comes from is taken from a proxy's
        # word only where a proxy was named.
        uvicorn.run(
            app, host=listens_on, port=at_port, workers=1, access_log=False, server_header=False, log_config=None,
            proxy_headers=bool(settings.public_url), timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip


def _welcome(service: Service, host: str, port: int) -> list[str]:
    address = service.settings.public_url.rstrip("/") or f"http://{_reachable(host)}:{port}"
    lines = [f"Review console: {address}", f"API:            {address}/v1 (described at {address}/openapi.json)"]
    if not service.doors.has_accounts():
        lines += [
            "Nobody can sign in yet. Make the first account:",
            '  understudy account add ada --name "Ada Moreno" --role admin --by "Ada Moreno"',
        ]
    if not _is_of_this_machine(host) and not service.settings.public_url.startswith("https:"):
        lines.append(
            "note: this address can be reached from other machines, and what they send is not encrypted. Put a proxy with TLS "
            "before it, and name its address as public_url in desk.yaml."
        )
    return [*lines, "Ctrl-C ends it."]


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _is_of_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log_to_terminal() -> None:
    """Lines of ours and of uvicorn with their time; others only when something is wrong."""

    def is_worth_a_line(record: logging.LogRecord) -> Any:
        return record.levelno >= logging.WARNING or record.name.startswith(("understudy", "uvicorn.error"))

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(is_worth_a_line)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
