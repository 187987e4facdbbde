"""The dashboard's own styles, beside the console's.

Colours say nothing alone: marks of results, patterns of the bars and words say the same.
"""

from __future__ import annotations

STYLE = """
.pilot-body { display:flex; flex-direction:column; gap:16px; min-width:0; }
.pilot-part, .pilot-group { display:flex; flex-direction:column; gap:12px; min-width:0; }
.pilot-steps { display:grid; grid-template-columns:repeat(5,minmax(0,1fr)); gap:8px; margin:0; padding:0; list-style:none; }
.pilot-steps li { border-top:5px solid var(--line); padding-top:6px; font-size:13px; line-height:1.35; color:var(--muted); }
.pilot-steps li.done { border-color:var(--good); color:var(--ink); } .pilot-steps li.now { border-color:var(--accent); color:var(--ink); }
.pilot-steps .step-title { font-weight:600; font-size:14px; }
.pilot-lead { font-size:17px; line-height:1.45; } .pilot-stamp { border-left:4px solid var(--line); padding:2px 12px; }
.pilot-stamp.waiting { border-color:#b07400; } .pilot-problem { border-left:4px solid var(--bad); padding:2px 12px; }
.pilot-verdict { border-top:1px solid var(--line); padding-top:12px; display:grid; grid-template-columns:minmax(150px,1fr) minmax(0,3fr); gap:6px 16px; }
.pilot-verdict .name { font-weight:600; overflow-wrap:anywhere; } .pilot-results { list-style:none; margin:0; padding:0; font-size:14px; }
.pilot-results li { display:flex; gap:8px; } .pilot-results .mark { font-weight:700; width:1em; flex:none; text-align:center; }
.mark.good { color:var(--good); } .mark.worse { color:var(--bad); } .mark.open { color:var(--open); } .mark.untested { color:var(--muted); }
.pilot-forests { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:20px 28px; align-items:start; }
.pilot-forest { width:100%; max-width:520px; height:auto; display:block; }
.pilot-tiles { display:grid; grid-template-columns:repeat(4,minmax(0,1fr)); gap:12px; }
.pilot-tile { border:1px solid var(--line); border-radius:8px; padding:10px 12px; min-width:0; }
.pilot-tile .figure { font-size:24px; font-weight:650; line-height:1.25; letter-spacing:-.01em; font-variant-numeric:tabular-nums; }
.pilot-row { display:grid; grid-template-columns:minmax(120px,22%) minmax(0,1fr) 168px; gap:4px 16px; align-items:center; }
.pilot-row.whole { padding-bottom:10px; border-bottom:1px solid var(--line); font-weight:600; } .pilot-row .name { overflow-wrap:anywhere; }
.pilot-row .behind { grid-column:2/4; display:flex; flex-wrap:wrap; gap:2px 14px; font-size:13px; font-weight:400; }
.pilot-row .says { font-size:14px; font-variant-numeric:tabular-nums; } .pilot-row .says .muted { font-size:13px; font-weight:400; }
.pilot-bar { position:relative; display:flex; height:20px; border-radius:4px; overflow:visible; background:var(--ground); box-shadow:inset 0 0 0 1px var(--line); }
.pilot-bar .piece { height:100%; } .piece.correct, .swatch.correct { background:#5fae86; }
.piece.needs_improvement, .swatch.needs_improvement { background:repeating-linear-gradient(135deg,#f0c565 0 5px,#d99a1c 5px 7px); }
.piece.incorrect, .swatch.incorrect { background:repeating-linear-gradient(45deg,#b8436a 0 4px,#8e1f45 4px 8px); }
.pilot-bar .interval { position:absolute; top:50%; height:10px; transform:translateY(-50%); border-left:2px solid var(--ink); border-right:2px solid var(--ink); }
.pilot-bar .interval::before { content:""; position:absolute; left:0; right:0; top:calc(50% - 1px); border-top:2px solid var(--ink); }
.pilot-key { display:flex; flex-wrap:wrap; gap:4px 16px; font-size:13px; align-items:center; } .pilot-key > div { display:flex; gap:6px; align-items:center; }
.swatch { width:18px; height:12px; border-radius:3px; flex:none; } .swatch.interval { background:none; border-left:2px solid var(--ink); border-right:2px solid var(--ink); border-radius:0; position:relative; }
.swatch.interval::before { content:""; position:absolute; left:0; right:0; top:5px; border-top:2px solid var(--ink); }
.pilot-chart .nicegui-echart { width:100%; height:300px; } .pilot-chart.low .nicegui-echart { height:220px; }
.pilot-details > summary { cursor:pointer; color:var(--accent); font-weight:600; padding:6px 0; display:list-item; width:fit-content; } .pilot-details > summary > * { display:inline; }
.pilot-details[open] > summary { margin-bottom:6px; } .pilot-details { min-width:0; }
.pilot-table th[scope=row] { color:var(--ink); font-size:14px; font-weight:600; min-width:8em; } .pilot-table th[scope=col] { white-space:nowrap; }
.pilot-table .number { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; padding-left:12px; } .pilot-table td { min-width:5em; }
.pilot-counted { display:grid; grid-template-columns:minmax(0,1fr) auto; gap:2px 12px; align-items:baseline; font-size:14px; }
.pilot-counted .line { grid-column:1/3; height:6px; border-radius:3px; background:var(--ground); } .pilot-counted .line > div { height:100%; border-radius:3px; background:#7c95a8; }
.pilot-answer { border-top:1px solid var(--line); padding-top:12px; display:flex; flex-direction:column; gap:8px; min-width:0; }
.pilot-reason { min-width:0; }
.pilot-live { font-size:13px; color:var(--muted); display:flex; gap:8px; align-items:center; min-height:24px; }
.pilot-live .dot { flex:none; width:9px; height:9px; border-radius:50%; background:var(--good); } .pilot-live.paused .dot { background:none; box-shadow:inset 0 0 0 2px var(--muted); }
.pilot-choice { width:min(320px,100%); } .pilot-pair { display:grid; grid-template-columns:minmax(0,1fr) minmax(0,1fr); gap:20px 28px; align-items:start; }
.pilot-part:empty { display:none; } .pilot-part.apart { border-top:1px solid var(--line); padding-top:14px; }
.pilot-jumps { display:flex; flex-wrap:wrap; gap:4px 16px; font-size:14px; } .pilot-jump { scroll-margin-top:60px; }
@media (max-width:760px) {
  .pilot-forests, .pilot-pair { grid-template-columns:minmax(0,1fr); }
  .pilot-steps { grid-template-columns:minmax(0,1fr); gap:4px; } .pilot-steps li { border-top:0; border-left:5px solid var(--line); padding:0 0 0 10px; display:flex; gap:8px; align-items:baseline; }
  .pilot-verdict { grid-template-columns:minmax(0,1fr); } .pilot-tiles { grid-template-columns:repeat(2,minmax(0,1fr)); } .pilot-tile { padding:8px 10px; } .pilot-tile .figure { font-size:20px; }
  .pilot-row { grid-template-columns:minmax(0,1fr); } .pilot-row .behind { grid-column:1; } .pilot-row + .pilot-row { border-top:1px solid var(--line); padding-top:10px; } .pilot-row.whole { border-bottom:0; padding-bottom:0; }
}
"""
