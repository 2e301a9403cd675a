import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { violations } from '../../../reports/testing/axe';
import { withBrowser } from '../../../reports/testing/browser';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';

const DOMAIN = 'corp.example';
const CAPTURE = join(packageRoot(), 'captures', 'corpus', 'v4-mixed-growth.pcap');
const HISTORY = join(packageRoot(), 'examples', 'histories', 'lost-update.json');
/** A word that no line of a page has room for, as a folder of somebody's may be named. */
const LONG = 'a-folder-of-somebody-whose-name-goes-on'.repeat(5).replaceAll('-', '_');

/** Every verb that writes a page, as it is run, with what there is to see on it. */
const PAGES: readonly (readonly [name: string, argv: readonly string[], exitCode: number])[] = [
  ['run', ['run', 'MSG', 'RPC-2*', 'TIME', '--json', 'run.json', '--label', LONG.slice(0, 60)], 0],
  [
    'run-failed',
    ['run', 'MSG', 'RPC-2*', 'TIME', '--fault', 'time-in-milliseconds', '--json', 'failed.json'],
    1,
  ],
  ['replay', ['replay', CAPTURE], 0],
  ['replay-failed', ['replay', CAPTURE, '--fault', 'cap-49'], 1],
  ['stream', ['stream', 'server*15 client*45 server*5'], 0],
  ['fleet', ['fleet', '--clients', '20', '--days', '10'], 0],
  ['load', ['load', '--rate', '50', '--duration', '1s'], 0],
  ['fuzz', ['fuzz', '--runs', '200', '--seed', '1', '--fault', 'time-in-milliseconds', '--out', LONG], 1],
  ['diff', ['diff', 'lab', 'HOST', '--runs', '20', '--seed', '1', '--out', 'differs'], 1],
  ['discover', ['discover', DOMAIN, '--dns', 'DNS', '--expect', 'kms01.corp.example'], 1],
  ['check-history', ['check-history', HISTORY], 1],
  ['comparison', ['compare', 'run.json', 'failed.json'], 1],
];

describe('the page of every verb, in Chromium', function () {
  this.timeout(300_000);
  let parent: string;
  let folder: string;
  let host: LabHost;
  let dns: TestDnsServer;
  before(async () => {
    parent = mkdtempSync(join(tmpdir(), 'kmsspec-pages-'));
    folder = join(parent, LONG);
    mkdirSync(folder);
    for (const file of [CAPTURE, HISTORY]) copyFileSync(file, join(folder, basename(file)));
    host = await startLabHost({ faults: ['time-in-milliseconds'] });
    const names = ['kms01.corp.example', 'kms02.corp.example'] as const;
    dns = await startTestDns({
      records: names.flatMap((name) => [srv(DOMAIN, name, host.port), a(name, '127.0.0.1')]),
    });
    for (const [name, argv, exitCode] of PAGES) {
      const known = new Map([
        ['HOST', `127.0.0.1:${host.port}`],
        ['DNS', dns.address],
        [CAPTURE, join(folder, basename(CAPTURE))],
        [HISTORY, join(folder, basename(HISTORY))],
      ]);
      const words = argv.map((word) => known.get(word) ?? word);
      const ran = await runInProcess([...words, '--html', `${name}.html`, '--quiet'], { cwd: folder });
      expect(ran.exitCode, `${name}: ${ran.stdout}${ran.stderr}`).to.equal(exitCode);
    }
    const site = await runInProcess(['matrix', 'run.json', 'failed.json', '--out', '.'], { cwd: folder });
    expect(site.exitCode, site.stderr).to.equal(0);
  });
  after(async () => {
    await dns?.close();
    await host?.close();
    rmSync(parent, { recursive: true, force: true });
  });

  // As a reader first meets them; what folds is opened in report.system.ts.
  for (const [width, dark] of [
    [1280, false],
    [390, true],
  ] as const) {
    it(`has no serious accessibility violation and fits into ${width} pixels, ${dark ? 'dark' : 'light'}`, () =>
      withBrowser(async (context) => {
        const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
        expect(pages).to.include.members([
          'index.html',
          'compare.html',
          ...PAGES.map(([name]) => `${name}.html`),
        ]);
        const wider: string[] = [];
        for (const name of pages) {
          const page = await context.newPage();
          page.on('pageerror', ({ message }) => expect.fail(`${name}: ${message}`));
          await page.setViewportSize({ width, height: 860 });
          await page.goto(pathToFileURL(join(folder, name)).href);
          expect(await violations(page), name).to.deep.equal([]);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          if (overflow !== 0) wider.push(`${name} by ${String(overflow)}`);
          await page.close();
        }
        expect(wider, `wider than ${width}`).to.deep.equal([]);
      }, dark));
  }
});
