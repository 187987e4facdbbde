"""A small OpenAI-compatible endpoint on this machine, which says what a test tells it to."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def completion(content, prompt_tokens=100, completion_tokens=20):
    """The body of a chat completion."""
    text = content if isinstance(content, str) else json.dumps(content)
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
    return {"choices": [{"message": {"role": "assistant", "content": text}}], "usage": usage}


class Endpoint:
    """Answers in turn with `replies`, the last one for ever; keeps what it was sent."""

    def __init__(self):
        self.replies, self.requests, self.headers, self.paths = [(200, completion("{}"))], [], [], []
        self.extra_headers, self.pause = {}, 0.0
        self.url = ""

    def says(self, *contents):
        self.replies = [(200, completion(content)) for content in contents]

    def next(self):
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def endpoint():
    """An endpoint that runs for as long as it is used."""
    known = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            known.paths.append(self.path)
            known.headers.append(dict(self.headers))
            known.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(known.pause)
            status, body = known.next()
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            try:
                self.send_response(status)
                for name, value in known.extra_headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client did not wait, which is what the test wants

        do_GET = do_POST

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
