"""How the pages of fixes look, beside what all pages share.

Belongs here: their style. Does not belong here: their words, their parts.
"""

from __future__ import annotations

STYLE = """
.fixes { display:flex; flex-direction:column; gap:16px; min-width:0; }
.fix-filters { display:grid; grid-template-columns:repeat(3,minmax(0,1fr)); gap:10px; } .fix-filters .q-field__control { background:var(--paper); }
.fix-list { list-style:none; margin:0; padding:0; display:flex; flex-direction:column; }
.fix-line { display:grid; grid-template-columns:34px minmax(0,1fr); gap:2px 10px; padding:14px 0; border-top:1px solid var(--line); } .fix-line:first-child { border-top:0; padding-top:2px; } .fix-line:last-child { padding-bottom:2px; }
.fix-line .place { font-size:20px; font-weight:650; line-height:1.3; color:var(--muted); font-variant-numeric:tabular-nums; } .fix-line .place .q-icon { font-size:20px; }
.fix-line .body { display:flex; flex-direction:column; gap:5px; min-width:0; } .fix-line a.strong { overflow-wrap:anywhere; }
.fix-line .figures { font-size:13.5px; font-variant-numeric:tabular-nums; }
.fix-head { font-size:20px; font-weight:650; line-height:1.3; overflow-wrap:anywhere; }
.fix-sides { display:grid; grid-template-columns:minmax(0,5fr) minmax(0,6fr); gap:16px; align-items:start; } .fix-sides > div { display:flex; flex-direction:column; gap:16px; min-width:0; }
.fix-example { display:flex; flex-direction:column; gap:6px; border-top:1px solid var(--line); padding-top:12px; min-width:0; } .fix-example:first-of-type { border-top:0; padding-top:0; }
.fix-example .quote { max-height:300px; overflow-y:auto; unicode-bidi:isolate; }
.fix-entry { display:flex; flex-direction:column; gap:8px; border:1px solid var(--line); border-radius:8px; padding:12px; min-width:0; }
.fix-entry .runs { unicode-bidi:isolate; }
.fix-steps { margin:0; padding-left:20px; list-style:decimal; display:flex; flex-direction:column; gap:6px; }
.table.stacking th { white-space:nowrap; } .table.stacking td { min-width:6em; } .table.stacking td:has(.q-checkbox) { min-width:0; width:48px; }
.effect { display:grid; grid-template-columns:minmax(150px,24%) minmax(0,1fr) 190px; gap:4px 16px; align-items:center; padding:8px 0; }
.effect + .effect { border-top:1px solid var(--line); } .effect .says { font-variant-numeric:tabular-nums; font-size:14px; } .effect .name { overflow-wrap:anywhere; }
.effect-bar { position:relative; height:22px; background:var(--ground); border-radius:4px; box-shadow:inset 0 0 0 1px var(--line); }
.effect-bar .zero { position:absolute; top:-3px; bottom:-3px; width:0; border-left:2px dashed var(--muted); }
.effect-bar .reach { position:absolute; top:50%; height:10px; transform:translateY(-50%); border-left:2px solid; border-right:2px solid; min-width:4px; } .effect-bar .reach::before { content:""; position:absolute; left:0; right:0; top:calc(50% - 1px); border-top:2px solid; }
.effect-bar .middle { position:absolute; top:50%; width:11px; height:11px; transform:translate(-50%,-50%); border:2px solid; background:currentColor; border-radius:50%; }
.effect-bar .good { color:var(--good); } .effect-bar .bad { color:var(--bad); } .effect-bar .open { color:var(--open); } .effect-bar .middle.open { background:var(--paper); border-radius:2px; } .effect-bar .middle.bad { border-radius:0; transform:translate(-50%,-50%) rotate(45deg); }
.effect-ends { display:flex; justify-content:space-between; font-size:12.5px; color:var(--muted); font-variant-numeric:tabular-nums; }
@media (max-width:1000px) { .fix-sides { grid-template-columns:minmax(0,1fr); } }
@media (max-width:760px) { .fix-filters { grid-template-columns:minmax(0,1fr); gap:8px; } .fix-line { grid-template-columns:24px minmax(0,1fr); gap:2px 6px; } .fix-line .place { font-size:17px; }
  .table.stacking thead { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); } .table.stacking tr { display:block; padding:10px 0; border-bottom:1px solid var(--line); } .table.stacking td { display:grid; grid-template-columns:88px minmax(0,1fr); gap:8px; border:0; padding:2px 0; width:auto!important; } .table.stacking td::before { content:attr(data-label); color:var(--muted); font-size:13px; }
  .effect { grid-template-columns:minmax(0,1fr); gap:4px; } .effect.axis > :first-child, .effect.axis > :last-child { display:none; } }
"""
