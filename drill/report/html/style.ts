/** Colours of Okabe and Ito, which people who see colours differently can tell apart; lighter ones on dark ground. */
const LIGHT = `--page:#fff;--card:#f5f6f8;--text:#16191d;--quiet:#555d66;--line:#d4d8dd;--mark:#2b3036;
--good:#00664b;--good-card:#e3f4ee;--bad:#a83a00;--bad-card:#fdece3;--outage:#d9dde3;
--first:#4f9fd0;--second:#e9b949;--third:#6cc0a4;--fourth:#d79cbd;--failed:#d55e00;--unknown:#c9b8d8;--healthy:#bfe3d6;--nowhere:#eceef1;
--ink-second:#a67800;--ink-third:#1c7f62;--ink-fourth:#99537b;--ink-failed:#7a2f00;--ink-unknown:#5d3f7a;--ink-nowhere:#8b939d;
--part-a:#b7a3d8;--part-b:#e4dcf2;--ink-part:#5b4391;--line-first:#0072b2;--line-second:#9a6a00`;
const DARK = `--page:#14171b;--card:#1e2329;--text:#eceff2;--quiet:#a9b2bc;--line:#3a424b;--mark:#c6ced6;
--good:#5fd3b0;--good-card:#12312a;--bad:#ff9d66;--bad-card:#3a2115;--outage:#333b45;
--first:#1f6d9e;--second:#9b7414;--third:#1f7f63;--fourth:#8c4a70;--failed:#b84f00;--unknown:#66517d;--healthy:#1f5446;--nowhere:#2a3037;
--ink-second:#e0b347;--ink-third:#7fd6bb;--ink-fourth:#dda4c6;--ink-failed:#4d1f00;--ink-unknown:#c9b3e0;--ink-nowhere:#75808c;
--part-a:#6a559a;--part-b:#3d3357;--ink-part:#c9b8ec;--line-first:#56b4e9;--line-second:#f0c64f`;

/** The colours as custom properties, for light ground and for dark. */
export const COLOURS = `:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}`;

/** Colours of the patterns that charts are filled with. */
export const FILLS = ["first", "second", "third", "fourth", "failed", "unknown", "healthy", "nowhere"]
  .map((name) => `.fill-${name} .ground{fill:var(--${name})}.fill-${name} .ink{fill:var(--ink-${name})}`)
  .join("\n");

const PAGE = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:24px 24px 56px}
h1{font-size:clamp(1.6rem,4.5vw,2.6rem);line-height:1.15;margin:.1em 0 .4em;letter-spacing:-.01em}
h2{font-size:1.3rem;margin:0 0 .6rem}
h3{font-size:1rem;margin:0 0 .3rem}
p{margin:.3rem 0 .8rem;max-width:75ch}
h1,p,td,th,dd,li span,.misses li{overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.figure{font-variant-numeric:tabular-nums}
.part{margin-top:44px}
.definitions{position:absolute}
`;

const VERDICT = `
.verdict{border-top:8px solid var(--good);padding-top:16px}
.verdict.missed{border-top-color:var(--bad)}
.verdict.neutral{border-top-color:var(--quiet)}
.verdict h1{color:var(--good)}
.verdict.missed h1{color:var(--bad)}
.verdict.neutral h1{color:var(--text)}
.misses{list-style:none;margin:0;padding:0;font-size:1.1rem}
.misses b{color:var(--bad)}
.eyebrow{color:var(--quiet);margin:0}
.lead{font-size:1.1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:16px;margin:20px 0}
.card{background:var(--card);border-left:6px solid var(--line);border-radius:4px;padding:14px 20px}
.card.met{background:var(--good-card);border-left-color:var(--good)}
.card.missed{background:var(--bad-card);border-left-color:var(--bad);border-left-style:double;border-left-width:10px}
.card h2{font-size:1rem;font-weight:600;margin:0}
.card p{margin:0}
.card .large{font-size:clamp(2rem,6vw,3.2rem);line-height:1.2;font-weight:700;font-variant-numeric:tabular-nums;margin:.1em 0}
.card .words{font-size:clamp(1.5rem,4vw,2.1rem);line-height:1.5}
.facts,.drilled{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px 24px}
.facts dt,.drilled dt{color:var(--quiet);font-size:.875rem}
.facts dd,.drilled dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.drilled{grid-template-columns:repeat(auto-fill,minmax(240px,1fr));margin-bottom:12px}
.drilled dd{font-weight:400}
`;

const CHARTS = `
.chart{margin:18px 0 0;padding:0 22px 0 46px}
.chart>figcaption,.chart>h3,.chart>p{margin-left:-46px}
.chart svg{display:block;overflow:visible}
#marks{margin-bottom:-10px}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--text)}
svg .band-name{font-size:13px;font-weight:400!important}
.outage{fill:var(--outage)}
.axis line{stroke:var(--quiet)}
.axis text,.values text{fill:var(--quiet)}
.values line{stroke:var(--quiet);stroke-opacity:.35}
.band{shape-rendering:crispEdges}
.band{stroke:var(--page);stroke-width:1}
.mark{stroke:var(--mark);stroke-width:1;stroke-dasharray:2 3}
.mark-disc{fill:var(--mark)}
svg .mark-number{fill:var(--page);font-weight:700;font-size:11px}
svg .label{font-weight:600;stroke:var(--page);stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.queue{fill:none;stroke-width:2.5;vector-effect:non-scaling-stroke;stroke:var(--quiet);stroke-dasharray:2 4}
.queue-0{stroke:var(--line-first);stroke-dasharray:none}
.queue-1{stroke:var(--line-second);stroke-dasharray:8 4}
.area{fill:var(--quiet);fill-opacity:.1}
.area-0{fill:var(--line-first);fill-opacity:.22}
.area-1{fill:var(--line-second);fill-opacity:.22}
.legend,.marks,.parts{list-style:none;margin:0 0 10px;padding:0;display:flex;flex-wrap:wrap;gap:2px 22px;font-size:.9rem}
.legend li,.parts li{display:flex;align-items:center;gap:8px;font-variant-numeric:tabular-nums}
.marks li{white-space:nowrap}
.marks b{display:inline-block;min-width:1.55em;line-height:1.55em;border-radius:1em;text-align:center;font-size:.75rem;background:var(--mark);color:var(--page)}
.marks .figure{color:var(--quiet)}
.swatch{flex:none}
.parts .figure{white-space:nowrap}
.recovery{display:block}
.parts{margin-top:12px;font-size:1rem}
${FILLS}
[class^=fill-part] .ground{fill:var(--part-a)}
[class^=fill-part] .ink{fill:var(--ink-part)}
.fill-part-1 .ground,.fill-part-3 .ground,.fill-part-5 .ground{fill:var(--part-b)!important}
`;

const TABLES = `
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:7px 16px 7px 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--quiet);font-size:.85rem;border-bottom-width:2px;vertical-align:bottom}
tbody th{font-weight:600}
th.figure,td.figure{text-align:right;font-variant-numeric:tabular-nums}
.events td.figure,.stacking .sign{white-space:nowrap}
.events .figure{width:7em}
.events .number{width:3em}
table+h3{margin-top:28px}
thead th,.stacking td.figure{white-space:nowrap}
tr.met .sign{color:var(--good)}
tr.missed .sign{color:var(--bad)}
.writes td.figure{white-space:nowrap}
`;

const NARROW = `
@media (max-width:700px){
main{padding:16px 16px 40px}
.wide{display:none}
.chart{padding:0 18px 0 40px}
.chart>figcaption,.chart>h3,.chart>p{margin-left:-40px}
.parts{flex-direction:column}
.parts .figure{flex:none}
.parts li>span:first-of-type{flex:1}
.stacking thead{display:none}
.stacking tr{padding:10px 0;border-bottom:1px solid var(--line)}
.stacking th,.stacking td{display:flex;gap:12px;text-align:left!important;border:0;padding:1px 0}
.stacking tr{display:flex;flex-direction:column}
.stacking th{order:-1}
.stacking td.figure{white-space:normal}
.stacking td::before{content:attr(data-label);flex:0 0 7em;color:var(--quiet)}
.events thead{display:none}
.events tr{display:flex;flex-wrap:wrap;gap:0 10px;padding:8px 0;border-bottom:1px solid var(--line)}
.events td,.events th{border:0;padding:0}
.events td:last-child{flex-basis:100%}
.events .figure{width:auto}
.events .number{width:auto;min-width:1.2em}
}`;

const PAPER = `
@media print{
:root{${LIGHT}}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{padding:0;max-width:none}
body{font-size:11pt}
figure,tr,.card,.facts div{break-inside:avoid}
h2,h3{break-after:avoid}
.part{margin-top:24px}
}`;

/** The page's style sheet; it refers to nothing outside. */
export const STYLE = `:root{color-scheme:light dark}${COLOURS}${PAGE}${VERDICT}${CHARTS}${TABLES}${NARROW}${PAPER}`;
