import { expect } from 'chai';
import type { KmsResponse } from '../../protocol';
import { createMac, isGuid, LAB_KEY } from '../../protocol';
import { VirtualClock } from '../clock';
import { startLabHost } from '../lab-host';
import type { PublishedDomain } from '../discovery';
import { ask, type ProbeResult } from './ask';
import { formatHealth, nagiosUnknown } from './formats';
import { goodRequest, stableClientMachineId } from './good-request';
import { type Health, judgeHealth } from './health';

const endpoint = { host: '10.0.0.1', port: 1688 };
const thresholds = { minCount: 25, warnMs: 100, critMs: 500 };
const answered = (count: number, latencyMs = 2.5, defects: string[] = []): ProbeResult => ({
  kind: 'answered',
  latencyMs,
  defects,
  response: { currentClientCount: count, ePid: '55041-00206' } as KmsResponse,
});
const judge = (
  result: ProbeResult,
  published?: PublishedDomain,
  expected: readonly string[] | null = null,
): Health => judgeHealth({ endpoint, result, thresholds, published, expected });
const kinds = ({ problems }: Health): string[] => problems.map(({ kind, state }) => `${kind} ${state}`);

describe('the request of a probe', () => {
  it('has the same CMID each time on one machine, and others on others', () => {
    expect(stableClientMachineId('kms-monitor')).to.equal(stableClientMachineId('KMS-Monitor'));
    expect(stableClientMachineId('other')).to.not.equal(stableClientMachineId('kms-monitor'));
    expect(stableClientMachineId()).to.equal(stableClientMachineId());
    expect(isGuid(stableClientMachineId())).to.equal(true);
    // Version 8 and the variant of RFC 9562.
    expect(stableClientMachineId('x')).to.match(/^.{8}-.{4}-8.{3}-[89ab].{3}-.{12}$/);
  });

  it('differs from run to run in its time alone', () => {
    const at = (ms: number) => goodRequest({ clock: new VirtualClock(ms), identity: 'x' });
    expect({ ...at(0), requestTime: 0n }).to.deep.equal({ ...at(1e12), requestTime: 0n });
    expect(at(0)).to.include({ workstationName: 'kmsspec-probe', requiredClientCount: 25 });
  });

  it('renews one record of the host, however often it asks', async () => {
    const host = await startLabHost();
    const options = {
      endpoint: { host: host.address, port: host.port },
      clock: new VirtualClock(Date.now()),
    };
    try {
      for (let i = 0; i < 3; i++) {
        const result = await ask(options);
        expect(result).to.include({ kind: 'answered' });
        expect((result as { response: KmsResponse }).response.currentClientCount).to.equal(1);
      }
    } finally {
      await host.close();
    }
    expect(await ask({ ...options, timeoutMs: 500 })).to.include({ kind: 'unreachable' });
  });

  it('sees a refusal, and an answer that is signed with another key', async () => {
    const host = await startLabHost({ keyGroup: 'office2010' });
    const options = {
      endpoint: { host: host.address, port: host.port },
      clock: new VirtualClock(Date.now()),
    };
    try {
      expect(await ask(options)).to.include({ kind: 'refused', hresult: 0xc004f042 });
      const served = await ask({ ...options, product: 'office2010', sign: createMac(LAB_KEY) });
      expect(served).to.deep.include({ kind: 'answered', defects: [] });
      const other = await ask({ ...options, product: 'office2010', sign: createMac(new Uint8Array(20)) });
      expect(other).to.deep.include({ defects: ['signs with another key'] });
    } finally {
      await host.close();
    }
  });
});

describe('the health that a probe finds', () => {
  it('is well without a problem', () => {
    expect(judge(answered(25))).to.deep.equal({
      target: '10.0.0.1:1688',
      state: 'ok',
      problems: [],
      reachable: true,
      count: 25,
      latencyMs: 2.5,
      ePid: '55041-00206',
      thresholds,
      records: null,
    });
  });

  it('alerts on each thing, the worst first', () => {
    expect(kinds(judge(answered(24)))).to.deep.equal(['low-count warning']);
    expect(kinds(judge(answered(25, 99.9)))).to.deep.equal([]);
    expect(kinds(judge(answered(25, 100)))).to.deep.equal(['slow warning']);
    expect(kinds(judge(answered(25, 500)))).to.deep.equal(['slow critical']);
    expect(kinds(judge(answered(1, 500, ['answers with another client time'])))).to.deep.equal([
      'wrong-answer critical',
      'slow critical',
      'low-count warning',
    ]);
    expect(kinds(judge({ kind: 'unreachable', message: 'refused' }))).to.deep.equal(['unreachable critical']);
    expect(kinds(judge({ kind: 'no-kms', message: 'garbage' }))).to.deep.equal(['no-kms critical']);
    const refused: ProbeResult = {
      kind: 'refused',
      latencyMs: 1,
      message: 'refuses with 0xC004D104',
      hresult: 0xc004d104,
    };
    expect(kinds(judge(refused))).to.deep.equal(['not-initialised critical']);
    expect(judge(refused)).to.include({ count: null, reachable: true, state: 'critical' });
  });

  describe('in SRV records', () => {
    const record = (target: string, address: string | null) => ({
      target,
      port: 1688,
      priority: 0,
      weight: 0,
      addresses: address === null ? [] : [address],
      alias: null,
    });
    const domain = (...hosts: PublishedDomain['hosts'][number][]): PublishedDomain => ({
      domain: 'corp.example',
      server: 'test',
      hosts,
      warnings: [],
    });
    const mine = record('kms01.corp.example', '10.0.0.1');

    it('is well where the target is published', () => {
      expect(judge(answered(50), domain(mine))).to.deep.include({
        state: 'ok',
        records: { domain: 'corp.example', missing: 0, stray: 0 },
      });
    });

    it('misses the target, badly where nothing at all is published', () => {
      expect(kinds(judge(answered(50), domain(record('other.corp.example', '10.0.0.2'))))).to.deep.equal([
        'not-published warning',
      ]);
      expect(kinds(judge(answered(50), domain()))).to.deep.equal(['not-published critical']);
    });

    it('knows stray records: names that dangle, and hosts that nobody expects', () => {
      const stray = domain(
        mine,
        record('gone.corp.example', null),
        record('desktop.corp.example', '10.0.0.9'),
      );
      expect(kinds(judge(answered(50), stray))).to.deep.equal(['stray-record warning']);
      const health = judge(answered(50), stray, ['kms01.corp.example', 'kms02.corp.example']);
      expect(kinds(health)).to.deep.equal([
        'not-published warning',
        'stray-record warning',
        'stray-record warning',
      ]);
      expect(health.records).to.include({ missing: 1, stray: 2 });
    });
  });
});

describe('the output of a probe', () => {
  const lines = (health: Health, format: Parameters<typeof formatHealth>[1]) =>
    formatHealth(health, format).split('\n');

  it('is one Nagios line with performance data', () => {
    expect(formatHealth(judge(answered(31)), 'nagios')).to.equal(
      'KMS OK - 10.0.0.1:1688 counts 31, 2.5 ms | count=31;25:;;0 time=0.002500s;0.1;0.5;0\n',
    );
    expect(formatHealth(judge(answered(3, 200)), 'nagios')).to.equal(
      'KMS WARNING - 10.0.0.1:1688 counts 3, fewer than 25; took 200.0 ms, 100 or more | count=3;25:;;0 time=0.200000s;0.1;0.5;0\n',
    );
    expect(formatHealth(judge({ kind: 'unreachable', message: 'refused' }), 'nagios')).to.equal(
      'KMS CRITICAL - 10.0.0.1:1688 refused\n',
    );
  });

  it('lets no text break the line or begin performance data', () => {
    const evil = judge({ kind: 'no-kms', message: 'a | b=1\nKMS OK\u001b[2J' });
    expect(formatHealth(evil, 'nagios')).to.equal('KMS CRITICAL - 10.0.0.1:1688 a / b=1 KMS OK [2J\n');
    expect(nagiosUnknown('a\n|')).to.equal('KMS UNKNOWN - a /\n');
  });

  it('is Prometheus text: help, type and value of each metric once', () => {
    const text = lines(judge(answered(31)), 'prometheus');
    expect(text.at(-1)).to.equal('');
    const samples = text.filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples).to.deep.equal([
      'kms_probe_success{target="10.0.0.1:1688"} 1',
      'kms_probe_state{target="10.0.0.1:1688"} 0',
      'kms_probe_reachable{target="10.0.0.1:1688"} 1',
      'kms_probe_count{target="10.0.0.1:1688"} 31',
      'kms_probe_duration_seconds{target="10.0.0.1:1688"} 0.0025',
    ]);
    for (const sample of samples) {
      const [name] = sample.split('{');
      expect(text.filter((line) => line.startsWith(`# TYPE ${name} gauge`))).to.have.length(1);
      expect(text.filter((line) => line.startsWith(`# HELP ${name} `))).to.have.length(1);
    }
    const down = lines(judge({ kind: 'unreachable', message: 'x' }), 'prometheus');
    expect(down)
      .to.include('kms_probe_reachable{target="10.0.0.1:1688"} 0')
      .and.not.include('kms_probe_count');
    const odd = judgeHealth({ endpoint: { host: 'a"\\\n', port: 1 }, result: answered(1), thresholds });
    expect(formatHealth(odd, 'prometheus')).to.contain('{target="a\\"\\\\\\n:1"}');
  });

  it('is JSON and text', () => {
    expect(JSON.parse(formatHealth(judge(answered(31)), 'json'))).to.include({
      schema: 'kmsspec.probe/1',
      state: 'ok',
      count: 31,
    });
    expect(formatHealth(judge(answered(3)), 'text')).to.equal(
      '10.0.0.1:1688: warning, counts 3, 2.5 ms\n  warning: counts 3, fewer than 25 (low-count)\n',
    );
  });
});
