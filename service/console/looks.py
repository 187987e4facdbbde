"""How the console looks: one style sheet and the few pieces that several pages draw.

Belongs here: colours, spacing, and small parts. Does not belong here: any page's content. Whatever comes from a customer is
given to a label, which shows text: never to ``ui.html``, ``ui.markdown`` or a link's target.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

BUCKET_COLOURS = {"automate": "good", "hybrid": "open", "escalate": "bad"}
STYLE = """
:root { --ink:#1c2733; --muted:#55626f; --line:#d8dee5; --ground:#f5f7f9; --paper:#fff; --accent:#1f5f8b; --accent-ground:#e6f0f7;
  --good:#17673f; --good-ground:#e3f3ea; --bad:#9b1c40; --bad-ground:#fbe7ed; --open:#7a4f00; --open-ground:#fdf1d8; }
body { background:var(--ground); color:var(--ink); font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; font-size:15px; line-height:1.5; }
.bar.q-header { background:var(--ink); color:#fff; min-height:48px; padding:0 16px; display:flex; align-items:center; gap:12px; flex-wrap:nowrap; }
.bar .brand { font-weight:650; letter-spacing:.01em; } .bar .company { color:#c9d3dd; }
.bar .who { color:#fff; text-decoration:underline; text-underline-offset:3px; white-space:nowrap; overflow:hidden; text-overflow:ellipsis; max-width:34vw; }
.bar .sign-out { background:transparent; color:#fff; border:1px solid #8796a5; border-radius:6px; padding:3px 10px; cursor:pointer; white-space:nowrap; }
.bar form { margin:0; } .nav.q-drawer { background:var(--paper); }
.nav-line { display:flex; align-items:center; gap:10px; padding:9px 12px; border-radius:8px; color:var(--ink)!important; text-decoration:none!important; }
.nav-line .q-icon { font-size:20px; color:var(--muted); } .nav-line:hover { background:var(--ground); }
.nav-line.here { background:var(--accent-ground); font-weight:600; } .nav-line.here .q-icon { color:var(--accent); }
.nicegui-content { padding:0; align-items:stretch; } .page { padding:20px 24px 48px; width:100%; max-width:1180px; margin:0 auto; display:flex; flex-direction:column; gap:16px; }
.page .title { font-size:24px; line-height:1.25; font-weight:650; margin:0; letter-spacing:-.01em; }
.page h2, .part-title { font-size:17px; font-weight:650; line-height:1.3; margin:0; }
.card { background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:16px; display:flex; flex-direction:column; gap:10px; min-width:0; }
.muted { color:var(--muted); } .small { font-size:13px; } .strong { font-weight:600; } .said .q-notification__message { white-space:pre-wrap; } .said .q-notification__actions .q-btn { color:#fff!important; }
.text { white-space:pre-wrap; overflow-wrap:anywhere; } .mono { font-family:ui-monospace,Menlo,Consolas,monospace; font-size:13px; overflow-wrap:anywhere; }
.quote { white-space:pre-wrap; overflow-wrap:anywhere; background:var(--ground); border-left:3px solid var(--line); padding:10px 12px; border-radius:0 8px 8px 0; }
.quote.ours { border-left-color:var(--accent); background:var(--accent-ground); }
.chip { display:inline-block; border-radius:999px; padding:1px 9px; font-size:13px; background:var(--ground); border:1px solid var(--line); color:var(--ink); white-space:nowrap; }
.chip.good { background:var(--good-ground); border-color:#a9d5bd; color:var(--good); } .chip.bad { background:var(--bad-ground); border-color:#ecb3c4; color:var(--bad); }
.chip.open { background:var(--open-ground); border-color:#eacb8c; color:var(--open); } .chip.note { background:var(--accent-ground); border-color:#b3d0e4; color:var(--accent); }
div.row:not([class*='q-']) { display:flex; flex-wrap:wrap; gap:8px; align-items:center; } .grow { flex:1 1 0; min-width:0; }
.two { display:grid; grid-template-columns:minmax(0,1fr) minmax(0,1fr); gap:16px; align-items:start; } .three { display:grid; grid-template-columns:repeat(3,minmax(0,1fr)); gap:16px; }
.empty { text-align:center; padding:36px 16px; color:var(--muted); align-items:center; } .empty .q-icon { font-size:34px; }
.table { width:100%; border-collapse:collapse; font-size:14px; } .table th { text-align:left; color:var(--muted); font-weight:600; font-size:13px; } .table th, .table td { padding:7px 10px 7px 0; border-bottom:1px solid var(--line); vertical-align:top; overflow-wrap:anywhere; }
.scroll { overflow-x:auto; max-width:100%; }
.diff-add { color:var(--good); } .diff-gone { color:var(--bad); } kbd { border:1px solid var(--line); border-bottom-width:2px; border-radius:5px; padding:0 5px; font-size:12px; background:var(--paper); font-family:inherit; }
.card > .q-btn { align-self:flex-start; } .bar .q-btn, .bar .q-btn .q-icon { color:#fff!important; } .q-btn { text-transform:none; font-weight:550; border-radius:8px; } a { color:var(--accent); } :focus-visible { outline:3px solid #e0a100!important; outline-offset:2px; }
.q-field__label, .q-placeholder::placeholder { color:var(--muted)!important; opacity:1; }
@media (max-width:760px) { .page { padding:14px 14px 40px; } .two, .three { grid-template-columns:minmax(0,1fr); } .bar.q-header { padding:0 8px; gap:8px; } }
"""


def dress() -> None:
    """Give this page the console's style and colours (all of at least 4.5:1 against their ground)."""
    ui.colors(
        primary="#1f5f8b",
        secondary="#55626f",
        positive="#17673f",
        negative="#9b1c40",
        warning="#7a4f00",
        info="#1f5f8b",
    )
    ui.add_css(STYLE)


@contextmanager
def card(title: str = "", *, classes: str = "") -> Iterator[None]:
    """A box with a heading of its own."""
    with ui.element("section").classes(f"card {classes}"):
        if title:
            heading(title)
        yield


def heading(words: str) -> None:
    """The heading of a part, as a heading for those who listen."""
    ui.label(words).props('role="heading" aria-level="2"').classes("part-title")


def chip(words: str, kind: str = "") -> None:
    """A short word on a ground: kind good, bad, open, note or none. Its meaning stands in the word, not in the colour."""
    ui.label(words).classes(f"chip {kind}")


def text(words: str | None, classes: str = "text") -> None:
    """Text as it is, line breaks kept; nothing in it is markup."""
    ui.label(words or "").classes(classes)


def empty(words: str, *, icon: str = "check_circle") -> None:
    """What a page says where there is nothing to show."""
    with ui.element("div").classes("card empty"):
        ui.icon(icon).props('aria-hidden="true"')
        ui.label(words)
