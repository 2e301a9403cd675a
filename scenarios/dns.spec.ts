import { asked, countingHosts, spares } from './domain-hosts';
import { expect, inconclusive, requirement } from './requirement';

const looking = { domain: true, sideBySide: true } as const;
const asking = { domain: true, adds: 1 } as const;

describe('what a domain publishes', () => {
  requirement('DNS-01', looking, async ({ domains }) => {
    for (const { domain, hosts } of await domains.published()) {
      expect(hosts, `SRV records _vlmcs._tcp.${domain}`).to.not.be.empty;
    }
  });

  requirement('DNS-03', looking, async ({ domains, note }) => {
    for (const { hosts, warnings } of await domains.published()) {
      warnings.forEach(note);
      for (const { target, addresses } of hosts) expect(addresses, `addresses of ${target}`).to.not.be.empty;
    }
  });

  requirement('DNS-09', looking, async ({ domains }) => {
    expect(await domains.publicAddresses(), 'hosts that the Internet reaches').to.deep.equal([]);
  });

  requirement('DNS-05', looking, async ({ domains }) => {
    if (domains.expected === null)
      inconclusive('needs to know which hosts are right: configure expectedHosts');
    expect(await domains.misordered(), 'hosts that clients ask first and nobody expects').to.deep.equal([]);
  });
});

describe('the hosts that a domain publishes', () => {
  requirement('DNS-02', asking, async ({ domains, note }) => {
    for (const { label, host, probe } of await asked(domains)) {
      if (host.port !== 1688) note(`${host.target} is published at port ${host.port}`);
      expect(probe.kind, `what listens at ${label}`).to.not.equal('unreachable');
    }
  });

  requirement('DNS-04', asking, async ({ domains, note }) => {
    for (const { label, host, probe } of await asked(domains)) {
      expect(probe.kind, `what ${label} does with a request`).to.equal('answered');
      expect(domains.isExpected(host), `${label} is expected, and no rogue host`).to.equal(true);
    }
    (await spares(domains)).forEach(note);
  });

  requirement('DNS-06', asking, async ({ domains, note }) => {
    const clients = 20;
    const published = await domains.published();
    if (published.every(({ hosts }) => hosts.length < 2))
      inconclusive('each domain publishes one host at most');
    await asked(domains);
    for (const { domain } of published.filter(({ hosts }) => hosts.length > 1)) {
      for (let i = 0; i < clients; i++) {
        const found = await domains.serveOneClient(domain);
        expect(found, `the host that a client of ${domain} finds`).to.not.be.instanceOf(Error);
        if ('skipped' in found) found.skipped.forEach((what) => note(`clients pass over ${what}`));
      }
    }
  });

  requirement('DNS-08', asking, async ({ domains }) => {
    const names = await domains.sharedNames();
    if (names.length === 0) inconclusive('no name has several addresses, or is an alias');
    for (const { name, addresses } of names) {
      expect(addresses, `addresses of ${name}`).to.not.be.empty;
      for (const { label, endpoint, probe } of addresses) {
        if (probe.kind === 'not-allowed') inconclusive(`${label} is not on this machine: --allow-remote`);
        expect(probe.kind, `what ${name} does at ${endpoint.host}`).to.equal('answered');
      }
    }
  });

  requirement('DNS-07', { domain: true, adds: 3 }, async ({ domains, note }) => {
    const [first, second] = await countingHosts(domains);
    (await spares(domains)).forEach(note);
    // Others may ask the second host meanwhile: only what comes again each time is the first one's doing.
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = await second.count();
      const added = await first.countNewMachine();
      if (added === 0) inconclusive(`${first.label} is full: its count shows no new machine`);
      if ((await second.count()) === before) return;
    }
    expect.fail(`each machine that ${first.label} counts shows in the count of ${second.label}`);
  });
});
