import { expect } from 'chai';
import { markedPaths } from '../evidence/mark-field';
import type { Result } from '../results/model';
import { requestNumber } from '../results/request-number';
import { fullReport } from '../testing/full-report';
import { EXCHANGE, resultOf } from '../testing/sample-report';
import { writeHtml } from './report';

/** The report of a verb with these sections alone. */
function pageOf(
  verb: string,
  ...names: ('replay' | 'trajectory' | 'latency' | 'fleet' | 'discovery')[]
): string {
  const full = fullReport();
  const { schema, tool, run, target, summary } = full;
  const sections = Object.fromEntries(names.map((name) => [name, full[name]]));
  const results = [resultOf(verb.toUpperCase())];
  return writeHtml({ schema, tool, run: { ...run, verb }, target, summary, results, ...sections });
}

const tilesOf = (page: string): string[] =>
  [...page.matchAll(/<ul class="tiles">(.*?)<\/ul>/g)].flatMap(([, list]) =>
    [...list!.matchAll(/<li[^>]*><b>(.*?)<\/b>(.*?)<\/li>/g)].map(([, value, of]) => `${value} ${of}`),
  );

const tableOf = (page: string, summary: string): string[] => {
  const [, open, body] = new RegExp(
    `<details( open)?><summary>${summary}</summary>.*?<tbody>(.*?)</tbody>`,
    's',
  ).exec(page)!;
  return [
    open === undefined ? 'closed' : 'open',
    ...body!.split('</tr>').map((row) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  ].filter((text) => text !== '');
};

describe('a page of a verb that is of no requirements', () => {
  it('begins with the numbers that it is about', () => {
    expect(tilesOf(pageOf('replay', 'replay', 'trajectory'))).to.deep.equal([
      '1 of 3 answers agree with their recording',
      '1 ✗ differ',
      '1 cannot be compared',
    ]);
    expect(tilesOf(pageOf('stream', 'trajectory'))).to.deep.equal([
      '65 requests',
      '49 was the last count',
      '54 ✗ is the first request that differs',
    ]);
    expect(tilesOf(pageOf('fleet', 'fleet'))).to.deep.equal([
      '500 machines over 180 virtual days',
      '494 activated',
      '6 never activated',
      '61.5 h until the first was',
      '1202.1 h until the last was',
    ]);
    expect(tilesOf(pageOf('load', 'latency'))[0]).to.match(/^\d+ requests$/);
    expect(tilesOf(pageOf('load', 'latency')).join('\n')).to.match(/% were answered within, .*\n.* failed$/);
    expect(tilesOf(pageOf('discover', 'discovery'))).to.deep.equal([
      '2 hosts published',
      '1 right',
      '1 ✗ not right',
    ]);
  });

  it('has no filters for a check or two, and does not call them requirements', () => {
    const page = pageOf('stream', 'trajectory');
    expect(page).to.contain('<h2 id="matrix-title">Checks</h2>');
    expect(page).not.to.contain('id="filters"');
  });

  it('of requirements has a tile for each outcome, and its filters', () => {
    const page = writeHtml(fullReport());
    expect(tilesOf(page)[0]).to.match(/✗ failed$/);
    expect(page).to.contain('<h2 id="matrix-title">Requirements</h2>').and.to.contain('id="filters"');
  });
});

describe('requests of a page', () => {
  it('are numbered as their verb numbers them: from 1, and of a capture as it does', () => {
    expect(requestNumber(fullReport().trajectory!)(54)).to.equal(54);
    const { points, ...rest } = fullReport().trajectory!;
    const own = { ...rest, points: points.map((point) => ({ ...point, recorded: null })) };
    const page = writeHtml({ ...fullReport(), trajectory: own });
    expect(page)
      .to.contain('First difference at request 55:')
      .and.not.to.contain('<th scope="col">Recorded</th>');
  });
});

describe('the exchange of a replay', () => {
  it('has the field that differs marked in both answers, and in nothing that was sent', () => {
    const marked = markedPaths(EXCHANGE, ['currentClientCount']);
    const received = EXCHANGE.filter(({ direction }) => direction === 'received');
    expect(received.length).to.be.greaterThan(0);
    const marks = marked.map(({ fields = [] }) =>
      fields.filter((field) => field.marked === true).map(({ path }) => path),
    );
    expect(marks.flat()).to.deep.equal(['kms.response.currentClientCount']);
    expect(markedPaths(EXCHANGE, ['answer'])).to.deep.equal(EXCHANGE);
  });
});

describe('the exchange of a failure of counting', () => {
  const { findings: _findings, replay: _replay, ...report } = fullReport();
  const marksOf = (change: Partial<Result>): string =>
    writeHtml({ ...report, results: [resultOf('CNT-01', { outcome: 'failed', ...change })] });
  const counted = /<mark>kms\.response\.currentClientCount<\/mark>/;

  it('has the count marked that came, over the one that was expected', () => {
    const plain = EXCHANGE.map(({ fields: _, ...each }) => each);
    const page = marksOf({ suite: 'CNT', expected: '2', received: '1', evidence: plain });
    expect(page)
      .to.match(counted)
      .and.to.match(/received {2}01 00 00 00\s+expected {2}02 00 00 00/);
    expect(marksOf({ suite: 'CNT', expected: '2', received: '7', evidence: plain })).not.to.match(counted);
    expect(marksOf({ suite: 'RPC', expected: '2', received: '1', evidence: plain })).not.to.match(counted);
  });
});

describe('tables of a page', () => {
  it('fold counts that agree, and have all in another', () => {
    const page = pageOf('stream', 'trajectory');
    const [state, first, second] = tableOf(page, 'Where the counts differ');
    expect([state, first]).to.deep.equal(['open', '0 to 53 54 requests agree: counts 1 to 49']);
    expect(second).to.match(/^54 .* differs/);
    const [all, ...rows] = tableOf(page, 'Counts as a table');
    expect([all, rows.length]).to.deep.equal(['closed', 65]);
  });

  it('fold exchanges that agree with their recording', () => {
    const page = pageOf('replay', 'replay');
    const [state, differing] = tableOf(page, '1 exchange ✗ differing');
    expect(state).to.equal('open');
    expect(differing).to.match(/^54 client 40 kms\.response\.currentClientCount : recorded 50 , answered 49/);
    expect(tableOf(page, '1 exchange ✓ agreeing')[0]).to.equal('closed');
    expect(tableOf(page, '1 exchange that cannot be compared')[1]).to.contain('sealed');
  });

  it('show no table of differences where there are none', () => {
    const full = fullReport();
    const trajectory = {
      requests: 2,
      thresholds: [],
      capacity: 50,
      points: full.trajectory!.points.slice(0, 2),
    };
    const page = writeHtml({ ...full, trajectory, replay: { ...full.replay!, exchanges: [] } });
    expect(page).not.to.contain('Where the counts differ');
    expect(page).to.contain('Every answer has the expected count.');
  });
});
