import { expect } from 'chai';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { VERBS } from '../verbs';
import { WorkFolder } from '../testing/capture-verbs';

const RECORDED = join(packageRoot(), 'captures/corpus/v4-refused.pcap');

describe('a configuration that is found in the folder', () => {
  const folder = new WorkFolder();
  let lab: LabHost;
  let here: string;
  before(async () => {
    lab = await startLabHost({});
    here = `127.0.0.1:${lab.port}`;
  });
  after(() => lab.close());
  const configure = (text: string): void => writeFileSync(folder.file('kmsspec.yaml'), text);
  beforeEach(() => {
    writeFileSync(folder.file('ctl'), '#!/bin/sh\ntouch RUN\n', { mode: 0o755 });
    configure(`target: ${here}\ncontrols: { reset: ["./ctl"] }\nprofile: vista-2008\n`);
  });

  it('is named in one line with the programs that it may run, and left alone with --no-config', async () => {
    const used = await folder.run(['run', 'MSG-01']);
    expect(used.stderr).to.match(
      /^kmsspec: .*kmsspec\.yaml is used and may run \.\/ctl; --no-config[^\n]*\n$/,
    );
    const named = await folder.run(['run', 'MSG-01', '--config', 'kmsspec.yaml']);
    const without = await folder.run(['run', 'MSG-01', '--no-config']);
    expect([named.stderr, without.stderr]).to.deep.equal(['', '']);
    expect(used.stdout).to.contain('vista-2008');
    expect(without.stdout).to.not.contain('vista-2008');
  });

  it('tells each command line that may be run as it would be typed, and nothing that is none', async () => {
    configure(
      `target: ${here}\ncontrols: { command: ["./ctl", "a b"], persistent: true, offers: [reset, restart], restart: ["./ctl"] }\n`,
    );
    const { stderr } = await folder.run(['run', 'MSG-01']);
    expect(stderr).to.match(/ is used and may run \.\/ctl, \.\/ctl "a b"; --no-config/);
  });

  /** Verbs that reset, restart or advance a host; of the others each with a line that it takes. */
  const RUNNING = ['run', 'replay', 'stream', 'fleet', 'fuzz', 'load'];
  const LOOKING: Readonly<Record<string, readonly string[]>> = {
    probe: ['probe', '--min-count', '0'],
    'probe of a target that was named': ['probe', '--target', 'HERE', '--min-count', '0'],
    discover: ['discover', 'x.invalid', '--dns', '127.0.0.1:1'],
    inspect: ['inspect', RECORDED],
    anonymise: ['anonymise', RECORDED, 'out.pcap'],
    correlate: ['correlate', RECORDED, 'kmsspec.yaml'],
    'check-history': ['check-history', 'kmsspec.yaml'],
    report: ['report', 'kmsspec.yaml'],
    compare: ['compare', 'kmsspec.yaml', 'kmsspec.yaml'],
    merge: ['merge', 'kmsspec.yaml'],
    matrix: ['matrix', 'kmsspec.yaml', '--out', 'site'],
    explain: ['explain', 'CACHE-11'],
    diff: ['diff', '127.0.0.1:1', 'lab', '--runs', '1'],
    list: ['list', 'configuration'],
    coverage: ['coverage', 'none'],
    ctl: ['ctl', '1', 'status'],
    dissector: ['dissector'],
    vectors: ['vectors', '--out', 'vectors'],
    schema: ['schema', 'config'],
    completion: ['completion', 'bash'],
  };
  /** They go on until they are stopped, and have tests of their own below. */
  const SERVING = ['record', 'host'];

  it('every verb is in one of the tables', () => {
    const named = [...RUNNING, ...Object.keys(LOOKING), ...SERVING].map((row) => row.split(' ')[0]!);
    expect([...new Set(named)].sort()).to.deep.equal(VERBS.map(({ name }) => name).sort());
  });

  for (const [verb, argv] of Object.entries(LOOKING)) {
    it(`runs none of its programs for ${verb}, which only looks or reads, and does not say that it may`, async function () {
      this.timeout(60_000);
      const all = ['reset', 'restart', 'observe', 'coverage'].map((name) => `${name}: ["./ctl"]`).join(', ');
      configure(
        `target: ${here}\ncontrols: { ${all}, advanceClock: ["./ctl", "{seconds}"] }\nprofile: vista-2008\n`,
      );
      const { stderr } = await folder.run(argv.map((word) => (word === 'HERE' ? here : word)));
      expect(stderr).to.not.match(/may run|controls/);
      expect(existsSync(folder.file('RUN'))).to.equal(false);
    });
  }

  for (const argv of [
    ['record', '--listen', '127.0.0.1:0', '--out', 'out.pcap'],
    ['host', '--port', '0'],
  ]) {
    it(`runs none of its programs for ${argv[0]}, which goes on until it is stopped`, async () => {
      const stop = new AbortController();
      const stopOnceItServes = (text: string): void =>
        /127\.0\.0\.1:\d+/.test(text) ? stop.abort('SIGINT') : undefined;
      const { stderr } = await folder.run(argv, {
        signal: stop.signal,
        onOutput: stopOnceItServes,
        onError: stopOnceItServes,
      });
      expect(stderr).to.not.match(/may run/);
      expect(existsSync(folder.file('RUN'))).to.equal(false);
    });
  }

  it('lends no control to another target, nor where it names none; the embedded host has its own', async () => {
    for (const target of ['', 'target: 127.0.0.2:1688\n']) {
      configure(`${target}controls: { reset: ["./ctl"] }\n`);
      const other = await folder.run(['run', 'CACHE-11', '--target', here]);
      expect(other.stderr, target).to.match(/^kmsspec: [^\n]*its controls are not used\n$/);
      expect(existsSync(folder.file('RUN')), target).to.equal(false);
    }
    configure('controls: { reset: ["./ctl"] }\n');
    expect((await folder.run(['run', 'MSG-01'])).stderr).to.equal('');
    await folder.run(['run', 'CACHE-11', '--target', here, '--config', 'kmsspec.yaml']);
    expect(existsSync(folder.file('RUN'))).to.equal(true);
  });

  it('has its DNS server asked only for what the command line named', async () => {
    let queries = 0;
    const dns = createSocket('udp4', () => queries++).bind(0, '127.0.0.1');
    await once(dns, 'listening');
    try {
      const other = `dns: 127.0.0.1:${dns.address().port}\n`;
      const refused: [string, string[]][] = [
        ['target: .corp.example\n', ['run', 'MSG-01']],
        ['target: .corp.example\n', ['probe']],
        ['target: kms01.corp.example\n', ['probe']],
        ['domains: [corp.example]\n', ['discover']],
      ];
      for (const [text, argv] of refused) {
        configure(other + text);
        const { exitCode, stderr } = await folder.run(argv);
        expect([exitCode, queries], stderr).to.deep.equal([2, 0]);
        expect(stderr + argv.join(' ')).to.match(/was found here, not named: its DNS server .* is not asked/);
      }
      configure(`${other}domains: [corp.example]\n`);
      const run = await folder.run(['run', 'DNS-01']);
      expect(run.stderr).to.match(/is not asked for corp\.example/);
      expect([run.exitCode === 0, queries]).to.deep.equal([false, 0]);
      await folder.run(['discover', 'corp.example', '--no-probe', '--timeout', '200']);
      expect(queries).to.be.greaterThan(0);
    } finally {
      dns.close();
    }
  });
});
