/** The page's style sheet: light and dark by the reader's setting, one column on narrow screens, ink on paper in print. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--muted:#57606a;--line:#d0d7de;--card:#f6f8fa;--bad:#b42318;--bad-bg:#fdecea;--good:#17692e;--good-bg:#e6f4ea;--doubt:#7a4f00;--doubt-bg:#fff4d6;--info:#0550ae;--mark:#ffe58f;--mark-fg:#1b1f24;--tint0:#dbe9fb;--tint1:#ece4f7;--on:#ffd24d}
@media (prefers-color-scheme:dark){:root{--bg:#0f1419;--fg:#e6edf3;--muted:#a3b0bd;--line:#39414a;--card:#171c23;--bad:#ff9a91;--bad-bg:#3d1613;--good:#6fdd8b;--good-bg:#12301c;--doubt:#edc159;--doubt-bg:#352808;--info:#85c5ff;--mark:#6b5200;--mark-fg:#fff;--tint0:#1d3350;--tint1:#37264d;--on:#8a6a00}}
@media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--muted:#444;--line:#bbb;--card:#fff;--bad:#b42318;--bad-bg:#fff;--good:#17692e;--good-bg:#fff;--doubt:#7a4f00;--doubt-bg:#fff;--info:#000;--mark:#ffe58f;--mark-fg:#000;--tint0:#dbe9fb;--tint1:#ece4f7;--on:#ffd24d}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
header{padding-top:28px}
h1{font-size:1.05rem;font-weight:600;color:var(--muted);margin:0 0 6px}
h2{font-size:1.3rem;margin:44px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:0 0 6px}
a{color:var(--info)}
:focus-visible{outline:3px solid var(--info);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;background:var(--bg);padding:6px 10px;z-index:1}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px;margin:0;padding:14px 18px;border-radius:8px;border-left:8px solid}
.verdict strong{font-size:1.7rem;letter-spacing:.02em}
.verdict.good{border-color:var(--good);background:var(--good-bg)}.verdict.good strong{color:var(--good)}
.verdict.bad{border-color:var(--bad);background:var(--bad-bg)}.verdict.bad strong{color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(124px,1fr));gap:10px;margin:16px 0;padding:0;list-style:none}
.tiles li{border:1px solid var(--line);border-radius:8px;padding:8px 12px;background:var(--card)}
.tiles li{font-size:.9rem}.tiles b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles li.bad{border-color:var(--bad)}.tiles .bad b{color:var(--bad)}
.bar{display:block;width:100%;height:14px;border-radius:7px;overflow:hidden}
.bar .passed{fill:#2da44e}.bar .failed,.bar .unexpected-pass{fill:#cf222e}.bar .inconclusive,.bar .not-run{fill:#d4a72c}.bar .untestable,.bar .excluded{fill:#8c959f}.bar .expected-failure{fill:#bf8700}
dl.run{display:grid;grid-template-columns:repeat(auto-fit,minmax(275px,1fr));gap:2px 24px;margin:14px 0 0;font-size:.92rem}
dl.run div{display:flex;gap:8px;padding:2px 0}dl.run dt{color:var(--muted);min-width:76px}dl.run dd{margin:0}dl.run .wide{grid-column:1/-1}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;margin:18px 0 0}nav .jump{margin:0 0 16px}
code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}
.id{font-size:1em;font-weight:700}
cite{font-style:normal;color:var(--muted);font-size:.88em}
.badge{display:inline-block;border:1px solid var(--line);border-radius:999px;padding:0 10px;font-size:.84rem;line-height:1.6;white-space:nowrap;background:var(--card)}
.badge.failed,.badge.unexpected-pass{color:var(--bad);border-color:currentColor;background:var(--bad-bg);font-weight:600}
.badge.passed{color:var(--good)}
.badge.inconclusive,.badge.not-run,.badge.expected-failure{color:var(--doubt);background:var(--doubt-bg)}
.badge.untestable,.badge.excluded{color:var(--muted)}
.card{border:1px solid var(--line);border-left:6px solid var(--bad);border-radius:8px;padding:14px 18px;margin:0 0 18px}
.card:target,.card:has(h3 :target),.matrix tr:target{box-shadow:0 0 0 3px var(--info)}.id{scroll-margin-top:24px}
.facts{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;margin:0 0 8px;color:var(--muted);font-size:.92rem}
.message{font-weight:600;margin:8px 0;white-space:pre-wrap}
dl.compared{display:grid;grid-template-columns:1fr 1fr;gap:12px;margin:10px 0}
dl.compared div{border:1px solid var(--line);border-radius:6px;padding:6px 12px;background:var(--card)}
dt{font-size:.82rem;color:var(--muted)}dl.compared dd,dl.known dd{margin:0;white-space:pre-wrap}
dl.known{display:flex;flex-wrap:wrap;gap:6px 26px;margin:8px 0}
.repeat{display:flex;gap:8px;align-items:center;flex-wrap:wrap;margin-top:10px}.repeat code{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:4px 10px}
button,select,input[type=search]{font:inherit;color:inherit;background:var(--card);border:1px solid var(--muted);border-radius:6px;padding:4px 10px}
button{cursor:pointer}button.copy{font-size:.84rem;padding:2px 10px}
button.plain{border:0;padding:2px 0;background:none;text-align:left;text-decoration:underline dotted;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.84rem}
button[aria-pressed=true]{font-weight:700;text-decoration:underline solid}
summary{cursor:pointer;color:var(--info)}
details.exchange{margin:12px 0}details.suites{margin:12px 0}pre.versus{display:block;margin:4px 0;overflow-x:auto}button.open-all{display:none}.live button.open-all{display:inline-block}ul.jump{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0}
.scroll{background:linear-gradient(90deg,var(--bg) 30%,transparent),linear-gradient(270deg,var(--bg) 30%,transparent) 100% 0,linear-gradient(90deg,var(--muted),transparent),linear-gradient(270deg,var(--muted),transparent) 100% 0;background-repeat:no-repeat;background-size:28px 100%,28px 100%,8px 100%,8px 100%;background-attachment:local,local,scroll,scroll}
figure.pdu{margin:12px 0 18px;padding-left:12px;border-left:3px solid var(--line)}
figure.pdu>details>summary{font-size:.92rem;color:var(--muted);margin-bottom:4px}figure.pdu>details>summary strong{color:var(--fg)}
figure.pdu:has(>details:not([open])){margin:4px 0}
.scroll{overflow-x:auto;max-width:100%}
pre{margin:0;padding:10px 12px;background:var(--card);border:1px solid var(--line);border-radius:6px;line-height:1.55;overflow-x:auto}
pre.hex{display:inline-block;min-width:100%;overflow:visible;white-space:pre}.scroll>pre.hex{background:none}
.hex .row{display:grid;grid-template-columns:max-content 1fr}.hex .names{white-space:normal}
.hex .offset,.hex .ascii{color:var(--muted)}
.hex .name{font-size:.86em;padding:1px 3px}
.hex [data-f]{border-radius:3px;padding:1px 0}
.f0{background:var(--tint0)}.f1{background:var(--tint1)}
.hex .m,mark{background:var(--mark);color:var(--mark-fg);font-weight:700}.hex .m{text-decoration:underline 2px;outline:1px solid currentColor}
mark{padding:0 4px;border-radius:3px}
.hex .on,tr.on>*{background:var(--on)}
ul.marked,ul.notes{margin:8px 0;padding-left:20px}
table{border-collapse:collapse;width:100%;font-size:.92rem;overflow-wrap:normal}
th,td{text-align:left;vertical-align:top;padding:5px 10px;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-weight:600;color:var(--muted);white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums;color:inherit}
td.zero{color:var(--muted)}
.nowrap{white-space:nowrap}
table.matrix,.matrix>thead,.matrix>tbody{display:block}
.matrix>*>tr{display:grid;grid-template-columns:140px 178px 1fr 90px;border-bottom:1px solid var(--line)}
.matrix>*>tr[hidden],.matrix>tbody[hidden]{display:none}.matrix>*>tr>*{border:0}
.matrix.long>tbody{content-visibility:auto;contain-intrinsic-size:auto none auto 5000px}
table.matrix td,table.matrix th{overflow-wrap:anywhere}
th.c-id{font-weight:600;font-family:ui-monospace,Menlo,Consolas,monospace}
.lv{display:block;font:400 .78rem system-ui,sans-serif;color:var(--muted)}
.why{margin:2px 0 0;color:var(--muted)}
#filters{display:none;gap:10px 20px;flex-wrap:wrap;align-items:end;margin-bottom:6px}
#filters.live{display:flex}
#filters fieldset{display:flex;flex-wrap:wrap;gap:2px 14px;border:1px solid var(--line);border-radius:6px;padding:4px 12px 6px;margin:0;min-width:0}
#filters legend{font-size:.82rem;color:var(--muted);padding:0 4px}
#filters .search input{display:block;width:min(320px,80vw)}#filters select{display:block}
.box{white-space:nowrap}.box .number{color:var(--muted)}
#shown{margin:6px 0;color:var(--muted)}
svg.chart{display:block;width:100%;min-width:600px;height:auto;font:12px system-ui,sans-serif}
svg text{fill:var(--fg)}
.axis line{stroke:var(--muted)}.axis line.grid{stroke:var(--line)}.axis text,.level-label{fill:var(--muted)}
.level-label{paint-order:stroke;stroke:var(--bg);stroke-width:3px}
.line{fill:none;stroke:var(--fg);stroke-width:2}
.expected{stroke:#7fb3ff;stroke-width:7;stroke-opacity:.55}
.recorded{stroke:#a05a00;stroke-dasharray:7 4;stroke-width:2.5}
.answered{stroke:var(--fg);stroke-width:1.6}
.threshold{stroke:var(--muted);stroke-dasharray:2 4;stroke-width:1.4}
.capacity{stroke:var(--bad);stroke-dasharray:10 3 2 3;stroke-width:1.4}
.dot{fill:var(--fg)}.dot.wrong{fill:var(--bg);stroke:var(--bad);stroke-width:2.5}
.difference line{stroke:var(--bad);stroke-width:1;stroke-dasharray:3 3}.difference circle{fill:none;stroke:var(--bad);stroke-width:2.5}.difference text{fill:var(--bad);font-weight:600}
.series-0{stroke:#2f6fd0;stroke-width:2.4}.series-1{stroke:#b35900;stroke-dasharray:8 4;stroke-width:2.4}.series-2{stroke:#1f8a4c;stroke-dasharray:3 3;stroke-width:2.4}.series-3{stroke:#8b4fc4;stroke-dasharray:12 3 3 3;stroke-width:2.4}
.budget line{stroke:var(--good);stroke-width:3}.budget text{fill:var(--good)}.budget.broken line{stroke:var(--bad)}.budget.broken text{fill:var(--bad);font-weight:600}
.layer{stroke:var(--bg);stroke-width:.6}.layer-0{fill:#2f8f5b}.layer-1{fill:#e3bb4f}.layer-2{fill:#3d8bd9}.layer-3{fill:#a566cc}.layer-4{fill:#d1605e}.layer-5{fill:#8c959f}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;margin:0 0 6px;padding:0;font-size:.88rem}.legend svg{width:28px;height:10px;margin-right:6px}
footer{color:var(--muted);font-size:.86rem;padding-top:32px;padding-bottom:32px}
@media (max-width:820px){.hex .row{display:block}.hex .names{display:block;padding-left:6ch;max-width:calc(100vw - 110px)}}
@media (max-width:640px){table.stack,.stack>tbody,.stack>tbody>tr,.stack>tbody>tr>*{display:block;width:auto}.stack>thead{display:none}.stack td[data-head]::before{content:attr(data-head) ' '}.stack>tbody>tr{border-bottom:1px solid var(--line);padding:6px 0}.stack>tbody>tr>*{border:0;padding:2px 0}header,main,footer{padding-left:14px;padding-right:14px}dl.compared{grid-template-columns:1fr}.c-time{display:none}.matrix>*>tr{grid-template-columns:88px 110px 1fr}table.matrix td,table.matrix th{padding:5px 6px}table.matrix .badge{white-space:normal;border-radius:8px;padding:0 6px}.tiles{grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}.card{padding:12px}}
.hex .m,mark,.f0,.f1,.bar{print-color-adjust:exact}
@media print{.matrix.long>tbody,.card{content-visibility:visible!important}#filters,#shown,nav,.copy,.skip{display:none!important}body{font-size:10pt}.card,figure{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}tr{break-inside:avoid}.scroll{overflow:visible}pre,pre.hex{white-space:pre-wrap;font-size:7.5pt}svg.chart{min-width:0}a{text-decoration:none}}
`;
