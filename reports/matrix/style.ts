/**
 * What the pages of a matrix have beside the common style: cells of one sign, with the requirements' names held in view. What is outside the
 * window is not laid out, suite by suite, so that many runs open at once.
 */
export const MATRIX_STYLE = `
table.time{border-collapse:separate;border-spacing:0;table-layout:fixed;width:1px}
.scroll.tall{overflow:auto;max-height:86vh;scroll-padding:48px 0 0 280px}
.time th,.time td{border-bottom:1px solid var(--line)}
.time thead th{position:sticky;top:0;background:var(--bg);vertical-align:bottom;z-index:1;width:150px;white-space:normal;overflow-wrap:anywhere}
.time th.name{position:sticky;left:0;background:var(--bg);z-index:1;width:280px;overflow-wrap:anywhere}.time thead th.name{z-index:2}
.time td{padding:4px 2px;text-align:center}
.time thead th.run{width:32px;padding:4px 2px;text-align:center;font-variant-numeric:tabular-nums}
table.runs,.runs>*{display:block}table.runs{width:max-content}.runs>thead{position:sticky;top:0;z-index:2}
.runs>tbody{content-visibility:auto;contain-intrinsic-size:auto none auto 700px}
.runs>*>tr{display:flex;border-bottom:1px solid var(--line)}.runs>*>tr>*{flex:none;border:0}.runs td{width:32px}
.time td a{display:block;color:inherit;font-weight:700}
.time tr:target>*{box-shadow:inset 0 2px var(--info),inset 0 -2px var(--info)}
.time .title{display:block;font:400 .82rem system-ui,sans-serif;color:var(--muted)}
td.passed{color:var(--good)}
td.failed,td.unexpected-pass{color:var(--bad);background:var(--bad-bg)}
td.inconclusive,td.not-run,td.expected-failure{color:var(--doubt);background:var(--doubt-bg)}
td.untestable,td.excluded,td.absent{color:var(--muted)}
.scroll.tall,section[aria-labelledby=changes],section[aria-labelledby=runs]{content-visibility:auto;contain-intrinsic-size:auto none auto 86vh}
@media print{.runs>tbody,.scroll.tall,section[aria-labelledby=changes],section[aria-labelledby=runs]{content-visibility:visible}.scroll.tall{max-height:none}}
ul.signs{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;font-size:.9rem;color:var(--muted)}
#pick{display:flex;flex-wrap:wrap;gap:10px 20px;align-items:end;margin:12px 0}#pick select{display:block;max-width:min(520px,86vw)}
.strip{display:block;width:180px;height:18px}.strip .good{fill:#2da44e}.strip .bad{fill:#cf222e}.strip .doubt{fill:#d4a72c}
@media (max-width:640px){.time .title{display:none}.time th.name,.time thead th.name{width:104px}.time thead th{width:110px}.time thead th.run{width:32px}.scroll.tall{scroll-padding-left:104px}}
`;
