import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { startTestDns } from '../../testing/dns-server';
import { ILL_ZONES, type IllZone } from '../../testing/ill-zones';
import { startZoneHosts } from '../testing/zone-hosts';
import { zonePage } from '../testing/zone-page';
import { type Cells, zoneCells } from '../testing/zone-runs';

const PAGE = join(packageRoot(), 'docs', 'ill-zones.md');
const DOMAIN = 'corp.example';
/** So many side by side: most of the time of one that waits is spent waiting. */
const AT_ONCE = 8;

describe('every tool that watches hosts, in zones that are ill', function () {
  this.timeout(600_000);
  const cells = new Map<string, Cells>();

  before(async () => {
    const waiting = [...ILL_ZONES];
    const worker = async (): Promise<void> => {
      for (let zone = waiting.shift(); zone !== undefined; zone = waiting.shift()) {
        cells.set(zone.name, await served(zone, (dns) => zoneCells({ zone: zone, domain: DOMAIN, dns })));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });

  it('meets at least 60 of them, each by a name of its own', () => {
    expect(ILL_ZONES.length).to.be.at.least(60);
    expect(new Set(ILL_ZONES.map(({ name }) => name)).size).to.equal(ILL_ZONES.length);
    expect(cells.size).to.equal(ILL_ZONES.length);
  });

  it('never takes a failure of DNS for a verdict on hosts or records', () => {
    const failing = ILL_ZONES.filter(({ name }) => name.startsWith('has a server that answers everything'));
    expect(failing.length).to.be.at.least(10);
    for (const { name } of failing) {
      expect(cells.get(name), name).to.deep.equal({
        ...{ discover: '3: cannot-resolve', probe: '3: unknown', 'probe, Nagios': '3: unknown' },
        ...{ '--target .DOMAIN': '3', 'run DNS': '4: open 01 02 03 04 05 06 07 08 09 10' },
      });
    }
  });

  it('comes to what docs/ill-zones.md says', () => {
    const page = zonePage(ILL_ZONES, cells);
    const before = readFileSync(PAGE, 'utf8');
    // What is written is what was found: a reviewer sees the difference in the diff, CI in the failure.
    writeFileSync(PAGE, page);
    expect(page).to.equal(before);
  });
});

async function served<T>(zone: IllZone, job: (dns: string) => Promise<T>): Promise<T> {
  const hosts = await startZoneHosts((port) => zone.records(DOMAIN, port));
  const dns = await startTestDns({
    records: zone.records(DOMAIN, hosts.port),
    ...(zone.empty === undefined ? {} : { empty: zone.empty(DOMAIN) }),
    ...(zone.behaviour === undefined ? {} : { behaviour: zone.behaviour }),
  });
  try {
    if (zone.noServer === true) await dns.close();
    return await job(dns.address);
  } finally {
    await dns.close();
    await hosts.close();
  }
}
