"""What flows over an open page's websocket, as far as the gate has to know.

Belongs here: telling a person's steps from the page's own chatter, and telling a page that its session is over. The words
are those of Engine.IO 4 and Socket.IO 5, which NiceGUI's pages speak. Does not belong here: sessions.
"""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Send

PATH = "/_nicegui_ws/"
_EVENT = '42["event"'
_GO_TO_LOGIN = '42["open",{"path":"/login?ended=1","new_tab":false}]'
_OPENED = '0{"sid":"over","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000}'
# The words at which a page reloads itself; the reload then leads to the login.
_RELOAD = '44{"message":"Implicit handshake failed"}'
_ENDED = 1008


def is_step(message: Message) -> bool:
    """Whether a message is something a person did, not a heartbeat or an acknowledgement."""
    text = message.get("text")
    return message["type"] == "websocket.receive" and isinstance(text, str) and text.startswith(_EVENT)


async def refuse(receive: Receive, send: Send) -> None:
    """Turn a websocket away before it opens: the browser sees 403."""
    await receive()
    await send({"type": "websocket.close", "code": _ENDED, "reason": ""})


async def send_to_login(send: Send) -> None:
    """Tell an open page to go to the login, and close its socket."""
    await send({"type": "websocket.send", "text": _GO_TO_LOGIN})
    await send({"type": "websocket.close", "code": _ENDED, "reason": ""})


async def let_reload(receive: Receive, send: Send) -> None:
    """Answer a page that comes back after its session ended so that it reloads.

    Turned away, it would try again for ever and say 'connection lost': a laptop that was asleep would never see the login.
    """
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": _OPENED})
    try:
        async with asyncio.timeout(5):
            message = await receive()
    except TimeoutError:
        message = {"type": "websocket.receive"}
    if message["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": _RELOAD})
        await send({"type": "websocket.close", "code": _ENDED, "reason": ""})
