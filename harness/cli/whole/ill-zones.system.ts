import { expect } from 'chai';
import type { Answer } from 'dns-packet';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { type Bind9, startBind9 } from '../../testing/bind9';
import { ILL_ZONES } from '../../testing/ill-zones';
import { startZoneHosts, type ZoneHosts } from '../testing/zone-hosts';
import { discoverCell, nagiosCell } from '../testing/zone-runs';
import { runInProcess } from '../testing/in-process';

const ZONE = 'lab.example';

/** Those that a zone file can hold, each in a domain of its own. */
const SERVED = ILL_ZONES.filter(({ notByNamed }) => notByNamed !== true).map((zone, i) => ({
  zone,
  domain: `z${i}.${ZONE}`,
}));

/** The rows of the page by their first words: what the small server of the tests came to. */
const PAGE = new Map(
  readFileSync(join(packageRoot(), 'docs', 'ill-zones.md'), 'utf8')
    .split('\n')
    .filter((row) => row.startsWith('| '))
    .map((row) => {
      const [name = '', ...cells] = row.slice(2, -2).split(' | ');
      return [name.replace(/ \(`.*`\)$/, ''), cells] as const;
    }),
);

describe('ill zones in a real name server (bind9)', function () {
  this.timeout(300_000);
  let dns: Bind9;
  const hosts: ZoneHosts[] = [];

  before(async () => {
    const lines: string[] = [`referred IN NS ns.elsewhere.example.`];
    for (const { zone, domain } of SERVED) {
      const started = await startZoneHosts((port) => zone.records(domain, port));
      hosts.push(started);
      lines.push(...zone.records(domain, started.port).map(zoneLine));
    }
    dns = await startBind9(ZONE, lines, false);
  });
  after(async () => {
    await dns?.close();
    await Promise.all(hosts.map((started) => started.close()));
  });

  it('are most of those with records', () => expect(SERVED.length).to.be.at.least(35));

  for (const { zone, domain } of SERVED) {
    it(`a domain that ${zone.name} comes to what the page says`, async () => {
      const served = { zone, domain, dns: dns.address };
      const [discover, , nagios] = PAGE.get(zone.name)!;
      expect(await discoverCell(served)).to.equal(discover);
      expect(await nagiosCell(served)).to.equal(nagios);
    });
  }

  it('tells a domain that is delegated elsewhere, and one that the server refuses', async () => {
    for (const [domain, how] of [
      [`referred.${ZONE}`, 'referral'],
      ['other.example', 'refused'],
    ] as const) {
      const { exitCode, stdout } = await runInProcess(['discover', domain, '--dns', dns.address]);
      expect(exitCode, domain).to.equal(3);
      expect(stdout, domain).to.contain(`(${how})`).and.to.not.contain('no SRV record');
    }
  });
});

function zoneLine(record: Answer): string {
  const owner = `${record.name}. IN ${record.type}`;
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return `${owner} ${record.data}`;
    case 'CNAME':
    case 'DNAME':
      return `${owner} ${record.data}.`;
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = record.data;
      return `${owner} ${priority} ${weight} ${port} ${target.replace(/\.$/, '')}.`;
    }
    default:
      throw new Error(`no zone of the tests has ${record.type} records`);
  }
}
