import { expect } from 'chai';
import { STATES, type State, worst } from './health';
import { parseRange } from './ranges';
import { probeExitCode } from './run-probe';
import {
  answered,
  down,
  failedLookup,
  hostOf,
  judge,
  kindsOf,
  record,
  refused,
  targetOf,
  watched,
} from './testing/made-health';

const KMS01 = record('kms01.corp.example', '10.0.0.1');
const KMS02 = record('kms02.corp.example', '10.0.0.2');
const noKms = { kind: 'no-kms', message: 'garbage' } as const;
const notAllowed = { kind: 'not-allowed' } as const;
const failed = { kind: 'failed', failure: failedLookup } as const;

describe('the health of one host', () => {
  const one = (...args: Parameters<typeof targetOf>) => judge([targetOf(...args)]).hosts[0]!;

  it('is well without a problem', () => {
    expect(one(answered(25))).to.deep.equal({
      ...{ host: '10.0.0.1:1688', via: null, domain: null, role: 'target', addresses: ['10.0.0.1'] },
      ...{ state: 'ok', problems: [], reachable: true, serves: true },
      ...{ count: 25, latencyMs: 2.5, ePid: '55041-00206' },
    });
  });

  it('alerts on each thing, the worst first', () => {
    expect(kindsOf(one(answered(24)))).to.deep.equal(['low-count warning']);
    expect(kindsOf(one(answered(25, 99.9)))).to.deep.equal([]);
    expect(kindsOf(one(answered(25, 100)))).to.deep.equal(['slow warning']);
    expect(kindsOf(one(answered(25, 500)))).to.deep.equal(['slow critical']);
    expect(kindsOf(one(answered(1, 500, ['answers with another client time'])))).to.deep.equal([
      'wrong-answer critical',
      'slow critical',
      'low-count warning',
    ]);
    expect(kindsOf(one(down))).to.deep.equal(['unreachable critical']);
    expect(kindsOf(one(noKms))).to.deep.equal(['no-kms critical']);
    expect(kindsOf(one(refused))).to.deep.equal(['not-initialised critical']);
    expect(one(refused)).to.include({
      count: null,
      reachable: true,
      serves: false,
      state: 'critical',
      latencyMs: 1,
    });
  });

  it('has ranges for the count, the critical one first', () => {
    const of = (count: number) => {
      const { hosts } = judge([targetOf(answered(count))], [], {
        warnCount: parseRange('10:40')!,
        critCount: parseRange('5:50')!,
      });
      return kindsOf(hosts[0]!);
    };
    expect([4, 5, 9, 10, 40, 41, 50, 51].map(of)).to.deep.equal([
      ['low-count critical'],
      ['low-count warning'],
      ['low-count warning'],
      [],
      [],
      ['high-count warning'],
      ['high-count warning'],
      ['high-count critical'],
    ]);
  });

  it('is a warning where one of its addresses is down, critical where all are', () => {
    const health = judge([
      hostOf('kms01', { '10.0.0.1': answered(30), 'fd00::1': down }, { role: 'target' }),
    ]);
    expect(health.hosts[0]).to.include({ state: 'warning', count: 30, serves: true });
    expect(health.hosts[0]!.problems[0]!.message).to.equal('fd00::1 refused the connection');
    const all = judge([hostOf('kms01', { '10.0.0.1': down, 'fd00::1': down }, { role: 'target' })]);
    expect(all.hosts[0]).to.include({ state: 'critical', reachable: false });
    expect(all.hosts[0]!.problems).to.have.length(2);
  });

  it('takes the best of several addresses for the host', () => {
    const { hosts } = judge([hostOf('kms01', { '10.0.0.1': answered(3), '10.0.0.2': answered(30) })]);
    expect(hosts[0]).to.include({ count: 30, state: 'warning' });
  });
});

describe('the health of a domain', () => {
  const stateOf = async (
    results: Record<string, Parameters<typeof hostOf>[1]>,
    expected: readonly string[] | null = null,
  ) => {
    const records = Object.keys(results).map((name) => record(`${name}.corp.example`, '10.0.0.1'));
    const hosts = Object.entries(results).map(([name, result]) =>
      hostOf(`${name}.corp.example:1688`, result),
    );
    return judge(hosts, [await watched(records, expected)]);
  };

  const states: [string, Record<string, Parameters<typeof hostOf>[1]>, State, number][] = [
    ['all serve', { a: answered(30), b: answered(30) }, 'ok', 0],
    ['one of two is down', { a: answered(30), b: down }, 'warning', 1],
    ['one of two refuses', { a: answered(30), b: refused }, 'warning', 1],
    ['one of two is no KMS host', { a: answered(30), b: noKms }, 'warning', 1],
    ['all are down', { a: down, b: down }, 'critical', 3],
    ['one is down, the other refuses', { a: down, b: refused }, 'critical', 1],
    ['one may not be asked', { a: answered(30), b: { x: notAllowed } }, 'warning', 1],
    [
      'one address serves, the other may not be asked',
      { a: { x: answered(30), y: notAllowed } },
      'warning',
      1,
    ],
    ['none may be asked', { a: { x: notAllowed } }, 'unknown', 2],
    ['one may not be asked, the other is down', { a: { x: notAllowed }, b: down }, 'critical', 3],
    ['one is slow beyond measure', { a: answered(30), b: answered(30, 501) }, 'critical', 1],
    [
      'one answers wrongly',
      { a: answered(30), b: answered(30, 1, ['signs with another key']) },
      'critical',
      1,
    ],
  ];
  for (const [what, results, state, code] of states) {
    it(`is ${state} where ${what}`, async () => {
      const health = await stateOf(results);
      expect(health.state).to.equal(state);
      expect(health.domains[0]!.state).to.equal(state);
      expect(probeExitCode(health)).to.equal(code);
    });
  }

  it('takes no comfort from a host that nobody expects', async () => {
    const stray = {
      kind: 'stray-record',
      state: 'warning',
      message: 'is published, and is not expected',
    } as const;
    const rogue = hostOf('desktop7.corp.example:1688', answered(30), { problems: [stray] });
    const domain = await watched([KMS01, record('desktop7.corp.example', '10.0.0.9')], ['kms01']);
    expect(judge([hostOf('kms01.corp.example:1688', down), rogue], [domain]).state).to.equal('critical');
    expect(judge([hostOf('kms01.corp.example:1688', answered(30)), rogue], [domain]).state).to.equal(
      'warning',
    );
    expect(judge([], [domain]).domains[0]).to.include({ stray: 1, missing: 0 });
  });

  it('judges a host that was named by itself, whatever the others do', async () => {
    const domain = await watched([KMS01, KMS02]);
    const target = { ...targetOf(down), domain: 'corp.example' };
    const health = judge([target, hostOf('kms02.corp.example:1688', answered(30))], [domain]);
    expect(health.state).to.equal('critical');
    expect(probeExitCode(health)).to.equal(3);
  });

  it('is critical where nothing is published, and a warning where an expected host is not', async () => {
    const none = judge([], [await watched([], ['kms01'])]);
    expect(none.state).to.equal('critical');
    expect(kindsOf(none.domains[0]!)).to.deep.equal(['not-published critical', 'not-published critical']);
    expect(probeExitCode(none)).to.equal(3);
    const one = judge(
      [hostOf('kms01.corp.example:1688', answered(30))],
      [await watched([KMS01], ['kms01', 'kms02'])],
    );
    expect(kindsOf(one.domains[0]!)).to.deep.equal(['not-published warning']);
    const not = judge([], [await watched([], null, { kind: 'not-available' })]);
    expect(not.domains[0]!.problems[0]!.message).to.contain('target "."');
    expect(not.state).to.equal('critical');
  });

  it('is not known where DNS fails, and says what was measured', async () => {
    const domain = await watched([], ['kms01'], failed);
    const unknown = judge([], [domain]);
    expect(unknown.state).to.equal('unknown');
    expect(probeExitCode(unknown)).to.equal(3);
    expect(unknown.domains[0]).to.deep.include({
      published: null,
      missing: null,
      stray: null,
      failedLookups: 1,
    });
    const target = (result: Parameters<typeof targetOf>[0]) => ({
      ...targetOf(result),
      domain: 'corp.example',
    });
    const serving = judge([target(answered(30))], [domain]);
    expect(serving.state).to.equal('warning');
    expect(serving.hosts[0]).to.include({ state: 'ok', count: 30 });
    expect(judge([target(down)], [domain]).state).to.equal('critical');
  });

  it('has no state that hides a worse one', () => {
    expect(worst([])).to.equal('ok');
    expect(worst(['ok', 'warning', 'unknown'])).to.equal('unknown');
    expect(worst(['critical', 'unknown'])).to.equal('critical');
    expect(Object.keys(STATES)).to.deep.equal(['ok', 'warning', 'critical', 'unknown']);
  });
});
