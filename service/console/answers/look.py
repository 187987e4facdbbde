"""How the queue looks, beside what all pages share.

Belongs here: the style of this page alone. Does not belong here: its words, its parts.
"""

from __future__ import annotations

STYLE = """
.page:has(.answers) { max-width:1440px; padding-bottom:0; gap:12px; }
.answers { display:flex; flex-direction:column; gap:12px; min-width:0; }
.answers .filters { display:grid; grid-template-columns:repeat(7,minmax(0,1fr)); gap:8px; }
.answers .filters .q-field__control { background:var(--paper); padding:0 8px; } .answers .filters .q-field__native { font-size:13.5px; }
.answers .filters .q-field__native span { overflow:hidden; text-overflow:ellipsis; white-space:nowrap; }
.answers .only-narrow { display:none; }
.answers .grid { display:grid; grid-template-columns:216px minmax(0,1fr); gap:14px; align-items:start; }
.answers .queue { position:sticky; top:60px; max-height:calc(100vh - 190px); overflow-y:auto; background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:6px; display:flex; flex-direction:column; gap:2px; }
.answers .queue:empty { display:none!important; } .answers .queue:empty + .shown { grid-column:1 / -1; }
.answers .line { display:grid; grid-template-columns:18px minmax(0,1fr); gap:2px 6px; text-align:left; border:0; background:transparent; border-radius:7px; padding:6px 7px; cursor:pointer; font:inherit; color:inherit; width:100%; }
.answers .line:hover { background:var(--ground); } .answers .line.here { background:var(--accent-ground); }
.answers .line .q-icon { font-size:16px; color:var(--muted); margin-top:2px; } .answers .line.done .q-icon { color:var(--good); } .answers .line.done .what { color:var(--muted); }
.answers .line .what { font-size:13.5px; font-weight:550; line-height:1.3; overflow:hidden; text-overflow:ellipsis; white-space:nowrap; }
.answers .line .ask { grid-column:2; font-size:12.5px; line-height:1.3; color:var(--muted); overflow:hidden; text-overflow:ellipsis; white-space:nowrap; unicode-bidi:isolate; }
.answers .shown { display:flex; flex-direction:column; gap:12px; min-width:0; scroll-margin-top:60px; }
.answers .sides { display:grid; grid-template-columns:minmax(0,1fr) minmax(0,1fr); gap:14px; align-items:start; }
.answers .facts { display:grid; grid-template-columns:auto minmax(0,1fr); gap:2px 14px; font-size:13.5px; margin:0; } .answers .facts > :nth-child(odd) { color:var(--muted); } .answers .facts > :nth-child(even) { overflow-wrap:anywhere; }
.answers .turn { display:flex; flex-direction:column; gap:3px; } .answers .turn .quote, .answers .reply { unicode-bidi:isolate; max-height:520px; overflow-y:auto; }
.answers .now .quote { border-left-color:#7a8794; font-size:15.5px; }
.answers details > summary { cursor:pointer; font-weight:600; font-size:14px; padding:2px 0; } .answers details[open] > summary { margin-bottom:6px; }
.answers .fold { display:flex; flex-direction:column; gap:8px; } .answers .in-line { display:inline; white-space:pre-wrap; } .answers .lines { white-space:pre-wrap; } .answers .linked { text-decoration:underline; text-underline-offset:2px; }
.answers summary::before { content:"\\25B8"; display:inline-block; width:16px; color:var(--muted); } .answers details[open] > summary::before { content:"\\25BE"; } .answers summary { list-style:none; }
.answers ol { list-style:decimal; margin:0; padding-left:20px; font-size:14px; display:flex; flex-direction:column; gap:3px; }
.answers .entry { display:flex; flex-direction:column; gap:1px; padding:5px 0; border-top:1px solid var(--line); } .answers .entry:first-child { border-top:0; padding-top:0; }
.answers .notice:empty { display:none; } .answers .notice { border-radius:8px; padding:9px 12px; background:var(--open-ground); color:var(--open); font-weight:550; } .answers .notice.note { background:var(--accent-ground); color:var(--accent); }
.answers .bar-wrap { position:sticky; bottom:0; z-index:5; background:var(--ground); padding:6px 0 12px; }
.answers .bar-box { background:var(--paper); border:1px solid var(--line); border-radius:12px; box-shadow:0 -2px 14px rgba(28,39,51,.10); padding:10px 12px; display:flex; flex-direction:column; gap:8px; }
.answers .acts { display:flex; flex-wrap:wrap; gap:6px; align-items:center; } .answers .at-end .tags, .answers .at-end .tags ~ .act:not(.push):not(.push ~ .act) { display:none!important; } .answers .at-end { justify-content:flex-start; } .answers .push { margin-left:auto; } .answers .top { gap:12px; }
.answers .act { border:1px solid var(--line); background:var(--paper); color:var(--ink); border-radius:9px; min-height:38px; padding:4px 11px; font:inherit; font-weight:550; cursor:pointer; display:inline-flex; align-items:center; justify-content:center; gap:7px; }
.answers .act:hover { background:var(--ground); } .answers .act .q-icon { font-size:18px; } .answers .act.small { min-height:34px; font-size:14px; padding:3px 9px; gap:5px; }
.answers .act.good { background:var(--good); border-color:var(--good); color:#fff; } .answers .act.open { background:var(--open); border-color:var(--open); color:#fff; } .answers .act.bad { background:var(--bad); border-color:var(--bad); color:#fff; } .answers .act.main { background:var(--accent); border-color:var(--accent); color:#fff; }
.answers .act.good:hover, .answers .act.open:hover, .answers .act.bad:hover, .answers .act.main:hover { filter:brightness(1.12); } .answers .act.on { background:var(--accent-ground); border-color:var(--accent); color:var(--accent); }
.answers .act.good kbd, .answers .act.open kbd, .answers .act.bad kbd, .answers .act.main kbd { background:transparent; border-color:rgba(255,255,255,.6); color:#fff; }
.answers .status:empty { display:none; } .answers .status { font-size:13.5px; color:var(--muted); overflow-wrap:anywhere; }
.answers .sheet { display:flex; flex-direction:column; gap:8px; max-height:62vh; overflow-y:auto; } .answers .sheet .q-field { width:100%; } .answers .sheet .row .q-field { width:260px; } .answers .sheet .q-radio { gap:4px; } .answers .sheet .q-option-group { display:flex; gap:14px; }
.answers .sheet textarea { min-height:130px; max-height:36vh; }
.answer-keys { display:grid; grid-template-columns:auto 1fr; gap:6px 14px; align-items:center; }
@media (min-width:761px) and (max-width:1400px) { .answers .acts .worded .q-icon { display:none; } .answers .tags .act { font-size:14px; padding:4px 9px; gap:5px; } .answers .act.small { padding:3px 8px; } }
@media (min-width:761px) { .answers .top { margin-top:-42px; min-height:32px; padding-left:130px; } .answers .top .q-btn { margin-left:0; } }
@media (max-width:1180px) { .answers .grid { grid-template-columns:minmax(0,1fr); } .answers .queue { display:none; position:static; max-height:50vh; } .answers .queue.open { display:flex; } .answers .only-narrow { display:inline-flex; } .answers .filters { grid-template-columns:repeat(4,minmax(0,1fr)); } }
@media (max-width:760px) { .answers .filters { display:none; grid-template-columns:minmax(0,1fr) minmax(0,1fr); } .answers .filters.open { display:grid; } .answers .sides { grid-template-columns:minmax(0,1fr); }
  .answers kbd { display:none; } .answers .bar-wrap { margin:0 -14px; padding:0; } .answers .bar-box { border-radius:12px 12px 0 0; border-width:1px 0 0; padding:8px 10px calc(8px + env(safe-area-inset-bottom)); }
  .answers .tags { flex:1 1 100%; display:grid; grid-template-columns:repeat(3,minmax(0,1fr)); gap:6px; } .answers .tags .act { padding:5px 4px; font-size:14px; line-height:1.15; min-height:46px; } .answers .hint { display:none; } .answers .main-acts { gap:4px; } .answers .main-acts .act.small { flex:1 1 0; flex-direction:column; gap:0; min-height:46px; padding:3px 1px; border-color:transparent; min-width:0; } .answers .main-acts .act.small .words, .answers .main-acts .act.small::after { font-size:11.5px; line-height:1.15; font-weight:550; } .answers .main-acts .act.small[data-short]::after { content:attr(data-short); } .answers .main-acts .push { margin-left:0; } }
.answers .tags { display:contents; }
@media (max-width:760px) { .answers .tags { display:grid; } }
"""
