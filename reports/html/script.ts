/**
 * What the page does beside showing itself: filter and search the matrix, show which bytes are which field, copy repeat
 * lines, open everything for print. It makes no markup out of text, asks for nothing, and stores nothing.
 */
export const PAGE_SCRIPT = `'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById('filters');

  if (form) {
    form.classList.add('live');
    const shown = document.getElementById('shown');
    const search = document.getElementById('search');
    const suite = document.getElementById('suite');
    const rows = all('table.matrix > tbody > tr').map((tr) => ({
      tr, visible: true, text: null,
      outcome: tr.dataset.outcome, level: tr.dataset.level, suite: tr.dataset.suite,
    }));
    const groups = all('table.long > tbody');
    const resize = (group) => {
      const visible = group.rows.length - group.querySelectorAll(':scope > [hidden]').length;
      group.hidden = visible === 0;
      group.style.containIntrinsicBlockSize = visible * 54 + 'px';
    };
    const checked = (name) => new Set(all('input[name=' + name + ']:checked', form).map((box) => box.value));
    const apply = () => {
      const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
      const outcomes = checked('outcome');
      const levels = checked('level');
      let count = 0;
      for (const row of rows) {
        let visible = outcomes.has(row.outcome) && levels.has(row.level) && (suite.value === '' || row.suite === suite.value);
        if (visible && words.length > 0) {
          row.text ??= row.tr.textContent.toLowerCase();
          visible = words.every((word) => row.text.includes(word));
        }
        if (visible) count += 1;
        if (visible !== row.visible) row.tr.hidden = !visible;
        row.visible = visible;
      }
      for (const group of groups) resize(group);
      shown.textContent = count + ' of ' + rows.length + ' shown';
    };
    let planned = false;
    const plan = () => {
      if (planned) return;
      planned = true;
      requestAnimationFrame(() => { planned = false; apply(); });
    };
    form.addEventListener('input', plan);
    form.addEventListener('reset', () => setTimeout(apply));
    form.addEventListener('submit', (event) => event.preventDefault());
    apply();
  }

  const mark = (element, on) => {
    const figure = element.closest('figure');
    const index = element.closest('[data-f]')?.dataset.f;
    if (!figure || index === undefined) return;
    for (const same of all('[data-f="' + index + '"]', figure)) same.classList.toggle('on', on);
  };
  document.addEventListener('pointerover', (event) => mark(event.target, true));
  document.addEventListener('pointerout', (event) => {
    if (event.target.closest('[data-f]')?.querySelector('[aria-pressed=true]')) return;
    mark(event.target, false);
  });

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.matches('.plain')) {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      mark(button, on);
    }
    if (button.matches('.copy')) copy(button);
    if (button.matches('.open-all')) openAll(button);
  });

  const openAll = (button) => {
    const open = button.getAttribute('aria-pressed') !== 'true';
    for (const details of all('#failures details.body')) details.open = open;
    button.setAttribute('aria-pressed', String(open));
    button.textContent = open ? 'Close all' : 'Open all';
  };
  document.body.classList.add('live');
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const body = target && target.closest('.card, .matrix tr')?.querySelector('details');
    if (body) body.open = true;
  };
  addEventListener('hashchange', reveal);
  reveal();

  const copy = (button) => {
    const code = button.parentElement.querySelector('code');
    const said = (text) => {
      button.textContent = text;
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    };
    const select = () => {
      getSelection().selectAllChildren(code);
      said('Selected');
    };
    if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(() => said('Copied'), select);
    else select();
  };

  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('main > :not(#matrix) details:not([open])');
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
})();
`;
