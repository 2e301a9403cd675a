/**
 * How two runs differ, for the browser; `compareReports` is what it must agree with, and a test holds it to that. A function of text
 * alone, so that it runs in a test too.
 */
export const CHANGES_SCRIPT = `
const changesBetween = (data, older, newer) => {
  const failing = (outcome) => outcome === 'failed' || outcome === 'unexpected-pass';
  const conclusive = (outcome) => failing(outcome) || outcome === 'passed' || outcome === 'expected-failure';
  const outcomeOf = (run, index) => run.outcomes[index] === '.' ? null : data.outcomes[run.outcomes[index]];
  const changes = [];
  data.requirements.forEach((_, index) => {
    const before = outcomeOf(older, index);
    const after = outcomeOf(newer, index);
    if (before === null && after === null) return;
    const [was, is] = [older.said[index] || [], newer.said[index] || []];
    let group = null;
    if (before === null) group = 'added';
    else if (after === null) group = 'gone';
    else if (failing(after) && !failing(before)) group = 'newlyFailing';
    else if (failing(after)) group = was[1] === is[1] ? null : 'changedFailure';
    else if (conclusive(before) && !conclusive(after)) group = 'noLongerChecked';
    else if (failing(before)) group = 'fixed';
    if (group !== null) changes.push({ index, group, before, after, was: data.texts[was[0]], is: data.texts[is[0]] });
  });
  return changes;
};
`;

/** Lets a reader choose two runs, and shows what changed; the address keeps the choice. It makes no markup out of text. */
export const COMPARE_SCRIPT = `
(() => {
${CHANGES_SCRIPT}
  const data = JSON.parse(document.getElementById('runs').textContent);
  const GROUPS = [
    ['newlyFailing', '✗ newly failing', 'failed'], ['changedFailure', '✗ fails in another way', 'failed'],
    ['noLongerChecked', '? no longer checked', 'inconclusive'], ['fixed', '✓ fixed', 'passed'],
    ['added', '+ only in the newer', 'level'], ['gone', '− only in the older', 'level'],
  ];
  const [older, newer, told, rows] = ['older', 'newer', 'told', 'changes'].map((id) => document.getElementById(id));
  const add = (parent, name, text, look) => {
    const element = parent.appendChild(document.createElement(name));
    if (text) element.textContent = text;
    if (look) element.className = look;
    return element;
  };
  const row = (change, words, look) => {
    const { id, anchor, title } = data.requirements[change.index];
    const tr = add(rows, 'tr');
    const head = add(tr, 'th');
    head.scope = 'row';
    const run = data.runs[(change.after === null ? older : newer).value];
    add(head, 'a', id).setAttribute('href', run.page + (anchor && '#' + anchor));
    add(add(tr, 'td'), 'span', words, 'badge ' + look);
    const what = add(tr, 'td', title);
    if (change.was) add(what, 'p', 'before: ' + change.was, 'why');
    if (change.is) add(what, 'p', 'now: ' + change.is, 'why');
  };
  const show = () => {
    const changes = changesBetween(data, data.runs[older.value], data.runs[newer.value]);
    rows.replaceChildren();
    const parts = [];
    for (const [group, words, look] of GROUPS) {
      const of = changes.filter((change) => change.group === group);
      if (of.length > 0) parts.push(of.length + words.slice(1));
      for (const change of of) row(change, words, look);
    }
    told.textContent = parts.length === 0 ? 'Nothing changed.' : parts.join(', ') + '.';
  };
  const choose = () => {
    const known = location.hash.slice(1).split(',');
    if (known.length === 2 && known.every((key) => Object.hasOwn(data.runs, key))) [older.value, newer.value] = known;
    show();
  };
  const chosen = () => { history.replaceState(null, '', '#' + older.value + ',' + newer.value); show(); };
  older.addEventListener('change', chosen);
  newer.addEventListener('change', chosen);
  document.getElementById('swap').addEventListener('click', () => {
    [older.value, newer.value] = [newer.value, older.value];
    chosen();
  });
  addEventListener('hashchange', choose);
  choose();
})();
`;
