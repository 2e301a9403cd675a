import { expect } from 'chai';
import { makeVisible } from '../../../../reports/escape/visible';
import { formatFailure, FORMATS, formatHealth } from '.';
import type { Health, Thresholds } from '../health';
import { parseRange } from '../ranges';
import { readExposition } from '../testing/exposition';
import {
  answered,
  down,
  failedLookup,
  hostOf,
  judge,
  record,
  refused,
  targetOf,
  thresholds,
  watched,
} from '../testing/made-health';
import { readPluginOutput } from '../testing/plugin-output';
import { readPrtg } from '../testing/read-prtg';

/** What a host or DNS may put into its words. */
const EVIL = 'a | b=1\n\'KMS OK\' "x" \\ \u001b[2J\u2028\u202e é';

describe('the output of a probe', () => {
  const one = (...args: Parameters<typeof targetOf>): Health => judge([targetOf(...args)]);
  const two = async (...results: Parameters<typeof hostOf>[1][]): Promise<Health> => {
    const hosts = results.map((result, i) => hostOf(`kms0${i + 1}.corp.example:1688`, result));
    const records = hosts.map((_, i) => record(`kms0${i + 1}.corp.example`, `10.0.0.${i}`));
    return judge(hosts, [await watched(records)]);
  };
  const failedDomain = async (): Promise<Health> =>
    judge([], [await watched([], null, { kind: 'failed', failure: failedLookup })]);

  describe('for Nagios', () => {
    it('is one line with performance data for one host', () => {
      expect(formatHealth(one(answered(31)), 'nagios')).to.equal(
        'KMS OK - 10.0.0.1:1688 counts 31, 2.5 ms | count=31;25:;;0 time=0.002500s;0.1;0.5;0\n',
      );
      expect(formatHealth(one(answered(3, 200)), 'nagios')).to.equal(
        'KMS WARNING - 10.0.0.1:1688 counts 3, fewer than 25; took 200.0 ms, 100 or more | count=3;25:;;0 time=0.200000s;0.1;0.5;0\n',
      );
      expect(formatHealth(one(down), 'nagios')).to.equal(
        'KMS CRITICAL - 10.0.0.1:1688 refused the connection\n',
      );
    });

    it('repeats the ranges that were given', () => {
      const ranges: Partial<Thresholds> = { warnCount: parseRange('10:')!, critCount: parseRange('@0:5')! };
      const health = judge([targetOf(answered(7))], [], ranges);
      expect(readPluginOutput(formatHealth(health, 'nagios')).data['count']).to.equal('7;10:;@0:5;0');
    });

    it('has a short line, and each host and problem in the long text', async () => {
      const output = readPluginOutput(formatHealth(await two(answered(31), down), 'nagios'));
      expect(output.short).to.match(/^KMS WARNING - corp\.example: 1 of 2 hosts serve; kms02 unreachable$/);
      expect(output.long).to.include('kms01.corp.example:1688 OK - counts 31, 2.5 ms');
      expect(output.long).to.include(
        'kms02.corp.example:1688 WARNING - refused the connection (unreachable)',
      );
      expect(output.data).to.include({
        ...{ hosts: '2;;;0', serving: '1;;;0;2', srv_missing: '0;0;;0', srv_stray: '0;0;;0' },
        'kms01.corp.example:1688_count': '31;25:;;0',
      });
      expect(output.data).to.not.have.property('kms02.corp.example:1688_count');
    });

    it('keeps to 4 kB, with the worst hosts told and the rest counted', async () => {
      const results = Array.from({ length: 120 }, (_, i) => (i === 70 ? down : answered(30)));
      const text = formatHealth(await two(...results), 'nagios');
      const { short, long } = readPluginOutput(text);
      expect(short).to.contain('119 of 120 hosts serve');
      expect(long.at(-1)).to.match(/^\.\.\. and \d+ more lines$/);
      expect(long[0]).to.contain('kms071.corp.example:1688 WARNING');
    });

    it('lets no text break the line, begin performance data, or name a label', async () => {
      expect(formatHealth(one({ kind: 'no-kms', message: EVIL }), 'nagios')).to.match(
        /^KMS CRITICAL - 10\.0\.0\.1:1688 a \/ b=1 'KMS OK' "x" \\ +\[2J +é\n$/,
      );
      const evil = judge(
        [hostOf(EVIL, answered(30)), hostOf(`${EVIL}2`, down)],
        [await watched([record(EVIL, '10.0.0.1')])],
      );
      expect(() => readPluginOutput(formatHealth(evil, 'nagios'))).to.not.throw();
      expect(formatFailure('a\n|', [], 'nagios')).to.equal('KMS UNKNOWN - a /\n');
    });

    it('says what it knows where it could not look', async () => {
      const { state, long } = readPluginOutput(formatHealth(await failedDomain(), 'nagios'));
      expect(state).to.equal('UNKNOWN');
      expect(long.join()).to.contain('DNS SRV _vlmcs._tcp.corp.example').and.to.contain('127.0.0.1:53');
    });
  });

  describe('for Prometheus', () => {
    const series = (health: Health): Record<string, number> =>
      Object.fromEntries(
        readExposition(formatHealth(health, 'prometheus')).map(({ name, labels, value }) => [
          `${name.replace('kms_probe_', '')} ${labels['domain']}/${labels['host']}`,
          value,
        ]),
      );

    it('has a series for each host, and one for the domain', async () => {
      expect(series(await two(answered(31), down))).to.deep.equal({
        'success corp.example/kms01.corp.example:1688': 1,
        'success corp.example/kms02.corp.example:1688': 0,
        'success corp.example/': 0,
        'state corp.example/kms01.corp.example:1688': 0,
        'state corp.example/kms02.corp.example:1688': 1,
        'state corp.example/': 1,
        'reachable corp.example/kms01.corp.example:1688': 1,
        'reachable corp.example/kms02.corp.example:1688': 0,
        'count corp.example/kms01.corp.example:1688': 31,
        'duration_seconds corp.example/kms01.corp.example:1688': 0.0025,
        'srv_hosts corp.example/': 2,
        'srv_missing corp.example/': 0,
        'srv_stray corp.example/': 0,
        'dns_failures corp.example/': 0,
      });
    });

    it('speaks of one host with an empty domain', () => {
      expect(series(one(answered(31)))).to.include({
        'success /10.0.0.1:1688': 1,
        'count /10.0.0.1:1688': 31,
      });
    });

    it('is never silent: a failure is a series that says so', async () => {
      expect(series(await failedDomain())).to.deep.equal({
        ...{ 'success corp.example/': 0, 'state corp.example/': 3, 'dns_failures corp.example/': 1 },
      });
      const failure = formatFailure(
        'x',
        [
          { domain: 'corp.example', host: '' },
          { domain: '', host: 'kms01' },
        ],
        'prometheus',
      )!;
      expect(readExposition(failure).map(({ value }) => value)).to.deep.equal([0, 0, 3, 3]);
      expect(readExposition(formatFailure('x', [], 'prometheus')!)).to.have.length(2);
    });

    it('escapes what stands in labels, so that it is read back, with what would act written out', () => {
      const samples = readExposition(formatHealth(judge([targetOf(answered(30), EVIL)]), 'prometheus'));
      expect(samples[0]!.labels['host']).to.equal(makeVisible(EVIL));
    });
  });

  describe('for PRTG', () => {
    it('is channels with the limits that were given', async () => {
      const { text, result } = readPrtg(formatHealth(one(answered(31)), 'prtg'));
      expect(text).to.equal('10.0.0.1:1688 counts 31, 2.5 ms');
      expect(result!.map(({ channel, value }) => [channel, value])).to.deep.equal([
        ['State', 0],
        ['Count', 31],
        ['Response time', 2.5],
      ]);
      expect(result![1]!.limitminwarning).to.equal(25);
      const several = readPrtg(formatHealth(await two(answered(31), down), 'prtg'));
      expect(several.text).to.equal('kms02.corp.example:1688 refused the connection');
      const channels = several.result!.map(({ channel }) => channel);
      expect(channels).to.include.members(['Hosts', 'Serving hosts', 'Count of kms01.corp.example:1688']);
      expect(new Set(channels).size, 'each channel once').to.equal(channels.length);
    });

    it('is an error where nothing is known', async () => {
      expect(readPrtg(formatHealth(await failedDomain(), 'prtg'))).to.include({ error: 1 });
      expect(readPrtg(formatFailure(EVIL.repeat(200), [], 'prtg')!)).to.include({ error: 1 });
    });

    it('keeps within what a sensor takes', async () => {
      const health = await two(...Array.from({ length: 80 }, () => answered(3, 600)));
      expect(() => readPrtg(formatHealth(health, 'prtg'))).to.not.throw();
    });
  });

  it('is JSON, with the measurements of a single host at the top', async () => {
    const read = (health: Health) => JSON.parse(formatHealth(health, 'json')) as Record<string, unknown>;
    expect(read(one(answered(31)))).to.deep.include({
      ...{ schema: 'kmsspec.probe/1', success: true, target: '10.0.0.1:1688', state: 'ok', problems: [] },
      ...{ reachable: true, count: 31, latencyMs: 2.5, ePid: '55041-00206', records: null },
      thresholds: { minCount: 25, warnCount: '25:', critCount: null, warnMs: 100, critMs: 500 },
    });
    const several = read(await two(answered(31), down));
    expect(several).to.include({ success: false, state: 'warning', target: 'corp.example', count: null });
    expect(several['records']).to.deep.equal({ domain: 'corp.example', missing: 0, stray: 0 });
    expect(several['hosts']).to.have.length(2);
    expect(JSON.parse(formatFailure('x', [], 'json')!)).to.include({ success: false, state: 'unknown' });
  });

  it('is text, with every host and what is wrong with it', async () => {
    expect(formatHealth(one(answered(3)), 'text')).to.equal(
      '10.0.0.1:1688: warning, counts 3, 2.5 ms\n  warning: counts 3, fewer than 25 (low-count)\n',
    );
    expect(formatHealth(await two(answered(31), down), 'text')).to.equal(
      [
        'corp.example, asked of 127.0.0.1:53: warning, 1 of 2 hosts serve',
        '  kms01.corp.example:1688: ok, counts 31, 2.5 ms',
        '  kms02.corp.example:1688: warning, not reachable',
        '    warning: refused the connection (unreachable)',
        '',
      ].join('\n'),
    );
    expect(formatFailure('x', [], 'text')).to.equal(null);
  });

  it('breaks no format, whatever hosts and DNS say', async () => {
    const odd = [
      one({ kind: 'no-kms', message: EVIL }),
      one(refused, EVIL),
      judge([hostOf(EVIL, { [EVIL]: answered(1), x: down })], [await watched([record(EVIL, null)], [EVIL])], {
        warnCount: parseRange('~:5')!,
      }),
      await failedDomain(),
      judge([], [await watched([])]),
    ];
    for (const health of odd) {
      readPluginOutput(formatHealth(health, 'nagios'));
      readExposition(formatHealth(health, 'prometheus'));
      readPrtg(formatHealth(health, 'prtg'));
      JSON.parse(formatHealth(health, 'json'));
      for (const format of FORMATS)
        expect(formatHealth(health, format).endsWith('\n'), format).to.equal(true);
    }
    expect(thresholds.warnCount.text).to.equal('25:');
  });
});
