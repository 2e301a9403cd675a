import { asked, countingHosts, expectAllAsked, expectAllKnown, spares } from './host/domain-hosts';
import { expect, inconclusive, requirement } from './requirement';

const looking = { domain: true, parallel: true } as const;
const asking = { domain: true, adds: 1 } as const;

describe('what a domain publishes', () => {
  requirement('DNS-01', looking, async ({ host: { dns }, note }) => {
    const published = await dns.published();
    for (const { domain, srv, warnings } of published) {
      warnings.forEach(note);
      if (srv.kind !== 'failed') expect(srv.kind, `the SRV records _vlmcs._tcp.${domain}`).to.equal('found');
    }
    if (published.some(({ srv }) => srv.kind === 'failed')) inconclusive((await dns.unknown()).join('; '));
  });

  requirement('DNS-03', looking, async ({ host: { dns }, note }) => {
    for (const { warnings } of await dns.published()) warnings.forEach(note);
    for (const { target, addresses } of await dns.resolved()) {
      expect(addresses, `addresses of ${target}`).to.not.be.empty;
    }
    await expectAllKnown(dns);
  });

  requirement('DNS-10', looking, async ({ host: { dns } }) => {
    const aliases = (await dns.hosts()).filter(({ alias }) => alias !== null);
    const named = aliases.map(({ target, alias }) => `${target} (an alias of ${alias})`);
    expect(named, 'SRV targets that are aliases').to.deep.equal([]);
    await expectAllKnown(dns);
  });

  requirement('DNS-09', looking, async ({ host: { dns } }) => {
    expect(await dns.publicAddresses(), 'hosts that the Internet reaches').to.deep.equal([]);
    await expectAllKnown(dns);
  });

  requirement('DNS-05', looking, async ({ host: { dns } }) => {
    if (dns.expected === null) inconclusive('needs to know which hosts are right: configure expectedHosts');
    expect(await dns.misordered(), 'hosts that clients ask first and nobody expects').to.deep.equal([]);
    const unknown = (await dns.published()).filter(({ srv }) => srv.kind === 'failed');
    if (unknown.length > 0) inconclusive((await dns.unknown()).join('; '));
  });
});

describe('the hosts that a domain publishes', () => {
  requirement('DNS-02', asking, async ({ host: { dns }, note }) => {
    for (const { label, host, probe } of await asked(dns)) {
      if (host.port !== 1688) note(`${host.target} is published at port ${host.port}`);
      expect(probe.kind, `what listens at ${label}`).to.not.equal('unreachable');
    }
    await expectAllAsked(dns);
  });

  requirement('DNS-04', asking, async ({ host: { dns }, note }) => {
    for (const { label, host, probe } of await asked(dns)) {
      expect(probe.kind, `what ${label} does with a request`).to.equal('answered');
      expect(await dns.isExpected(host), `${label} is expected, and no rogue host`).to.equal(true);
    }
    (await spares(dns)).forEach(note);
    await expectAllAsked(dns);
  });

  requirement('DNS-06', asking, async ({ host: { dns }, note }) => {
    const clients = 20;
    const several = (await dns.published()).filter(({ hosts }) => hosts.length > 1);
    for (const domain of several) {
      for (let i = 0; i < clients; i++) {
        const found = await dns.serveOneClient(domain);
        if (found instanceof Error) await expectAllAsked(dns);
        expect(found, `the host that a client of ${domain.domain} finds`).to.not.be.instanceOf(Error);
        if ('skipped' in found) found.skipped.forEach((what) => note(`clients pass over ${what}`));
      }
    }
    if (several.length > 0) return;
    await expectAllKnown(dns);
    inconclusive('each domain publishes one host at most');
  });

  requirement('DNS-08', asking, async ({ host: { dns } }) => {
    const names = await dns.sharedNames();
    const remote: string[] = [];
    for (const { name, addresses } of names) {
      expect(addresses, `addresses of ${name}`).to.not.be.empty;
      for (const { label, endpoint, probe } of addresses) {
        if (probe.kind === 'not-allowed') remote.push(`${label} is not on this machine: --allow-remote`);
        else expect(probe.kind, `what ${name} does at ${endpoint.host}`).to.equal('answered');
      }
    }
    await expectAllKnown(dns, remote);
    if (names.length === 0) inconclusive('no name has several addresses, or is an alias');
  });

  requirement('DNS-07', { domain: true, adds: 3 }, async ({ host: { dns }, note }) => {
    const [first, second] = await countingHosts(dns);
    (await spares(dns)).forEach(note);
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
