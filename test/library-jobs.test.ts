import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as library from '../harness';
import { reportSchema, summarise } from '../reports/results/model';
import type { JobOutcome } from '../reports/results/job-outcome';
import { CATALOGUE } from '../scenarios/catalogue';
import { scenarioFiles } from '../scenarios/files';
import { packageRoot } from '../harness/support/package-root';
import { a, srv, startTestDns } from '../harness/testing/dns-server';

/** What a report holds beside results and sections is of who ran the job. */
const REST = {
  schema: 'kmsspec.report/1',
  tool: { name: 'kmsspec', version: '0' },
  run: { startedAt: '2026-01-01T00:00:00Z', durationMs: 0, seed: 1, shard: null, command: 'kmsspec' },
  target: { address: '127.0.0.1:1688', embedded: true, profile: 'win7-2008r2', controls: [] },
};

/** The jobs, by what the library exports alone. */
const JOBS: Readonly<Record<string, (host: library.PreparedTarget) => Promise<JobOutcome>>> = {
  runSuite: (host) =>
    library.runSuite(
      {
        catalogue: CATALOGUE,
        selection: { words: ['MSG-01', 'CNT-01'], exclude: [], slow: false, shard: null },
        files: scenarioFiles(),
        ...{ timeoutMs: 2000, seed: 1 },
      },
      host,
    ),
  replay: async (host) =>
    library.replay(
      {
        recording: await library.readConversations(
          join(packageRoot(), 'captures/corpus/v4-one-connection-ndr64.pcap'),
        ),
        ...{ name: 'capture', seed: 1 },
      },
      host,
    ),
  runStream: (host) => library.runStream({ program: library.parseStream('server*3'), seed: 1 }, host),
  runFleet: (host) =>
    library.runFleet(
      { groups: [{ name: 'client', product: 'win7', count: 3 }], days: 1, hosts: [{}], seed: 1 },
      host,
    ),
  runLoad: (host) => library.runLoad({ durationMs: 100, threads: 0, connections: 2 }, host),
  fuzz: async () => {
    const out = mkdtempSync(join(tmpdir(), 'kmsspec-jobs-'));
    try {
      return await library.fuzz({ settings: { ...FUZZ, out }, runs: 10, milliseconds: null });
    } finally {
      rmSync(out, { recursive: true });
    }
  },
  discover: async ({ target: { clock, endpoint } }) => {
    const dns = await startTestDns({
      records: [srv('corp.example', 'kms.corp.example', endpoint.port), a('kms.corp.example', '127.0.0.1')],
    });
    try {
      return await library.discover({
        domains: ['corp.example'],
        lookup: library.dnsLookup({ server: dns.address }),
        ...{ expected: null, heedsPriority: true, looksOnly: false, failOn: ['MUST'] },
        ask: (asked, observer) => library.ask({ endpoint: asked, clock, observer }),
        mayAsk: () => true,
      });
    } finally {
      await dns.close();
    }
  },
};

const FUZZ: library.CampaignSettings = {
  ...{ seed: 1, levels: library.CASE_LEVELS, corpus: null, lanes: 4, connections: 'kept', workers: 1 },
  ...{ shard: { index: 1, of: 1 }, timeoutMs: 2000, stopOnFinding: false, out: null },
  target: {
    ...{ address: null, arguments: [], allowRemote: false, keyGroup: null, controls: {}, macKey: null },
    profile: library.DEFAULT_PROFILE,
    controlsFolder: '.',
    lab: {},
  },
};

describe('the jobs of the library', () => {
  for (const [name, run] of Object.entries(JOBS)) {
    it(`${name} comes to what a report is made of`, async () => {
      const target = await library.openTarget();
      try {
        const { results, sections, ended } = await run({ target });
        expect(ended?.how ?? 'complete').to.equal('complete');
        const whole = results.map((one) => ({ suite: one.id, durationMs: 0, ...one }));
        const report = { ...REST, results: whole, summary: summarise(whole), ...sections };
        const parsed = reportSchema.safeParse(report);
        expect(parsed.error?.issues ?? []).to.deep.equal([]);
        for (const { outcome } of results) expect(outcome).to.be.oneOf(['passed', 'failed']);
        expect(results.length + Object.keys(sections).length).to.be.greaterThan(0);
      } finally {
        await target.close();
      }
    });
  }
});
