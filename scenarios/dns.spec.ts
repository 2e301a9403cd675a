import { asked, countingHosts, expectAllAsked, expectAllKnown, inReply, spares } from './host/domain-hosts';
import type { NoHostFound, SrvAnswer } from '../harness/target/discovery';
import { Deviation, expect, inconclusive, requirement } from './requirement';

const looking = { domain: true, parallel: true } as const;
const asking = { domain: true, adds: 1 } as const;

describe('what a domain publishes', () => {
  requirement('DNS-01', looking, async ({ host: { dns }, note }) => {
    const published = await dns.published();
    for (const { domain, srv, warnings } of published) {
      warnings.forEach(note);
      if (srv.kind === 'none' || srv.kind === 'not-available') throw publishesNone(domain, srv);
    }
    if (published.some(({ srv }) => srv.kind === 'failed')) inconclusive((await dns.unknown()).join('; '));
  });

  requirement('DNS-03', looking, async ({ host: { dns }, note }) => {
    for (const { warnings } of await dns.published()) warnings.forEach(note);
    const dangling = (await dns.resolved()).filter(({ addresses }) => addresses.length === 0);
    const names = dangling.map(({ target }) => target);
    expect(names, 'published names without address').to.deep.equal([]);
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
  requirement('DNS-02', asking, async ({ host: { dnsHosts: dns }, note }) => {
    const addresses = await asked(dns);
    for (const { host } of addresses) {
      if (host.port !== 1688) note(`${host.target} is published at port ${host.port}`);
    }
    const silent = addresses.filter(({ probe }) => probe.kind === 'unreachable').map(inReply);
    expect(silent, 'published hosts where nothing answers').to.deep.equal([]);
    await expectAllAsked(dns);
  });

  requirement('DNS-04', asking, async ({ host: { dnsHosts: dns }, note }) => {
    const addresses = await asked(dns);
    const idle = addresses.filter(({ probe }) => probe.kind !== 'answered').map(inReply);
    expect(idle, 'published hosts that answer no request with a count').to.deep.equal([]);
    const rogue: string[] = [];
    for (const { label, host } of addresses) if (!(await dns.isExpected(host))) rogue.push(label);
    expect(rogue, 'rogue hosts, which answer and are not expected').to.deep.equal([]);
    (await spares(dns)).forEach(note);
    await expectAllAsked(dns);
  });

  requirement('DNS-06', asking, async ({ host: { dnsHosts: dns }, note }) => {
    const clients = 20;
    const several = (await dns.published()).filter(({ hosts }) => hosts.length > 1);
    for (const domain of several) {
      for (let i = 0; i < clients; i++) {
        const found = await dns.serveOneClient(domain);
        if (found instanceof Error) await expectAllAsked(dns);
        if (found instanceof Error) throw findsNone(domain.domain, found);
        found.skipped.forEach((what) => note(`clients pass over ${what}`));
      }
    }
    if (several.length > 0) return;
    await expectAllKnown(dns);
    inconclusive('each domain publishes one host at most');
  });

  requirement('DNS-08', asking, async ({ host: { dnsHosts: dns } }) => {
    const names = await dns.sharedNames();
    const remote: string[] = [];
    for (const { name, addresses } of names) {
      expect(addresses, `addresses of ${name}`).to.not.be.empty;
      for (const { label, probe } of addresses) {
        if (probe.kind === 'not-allowed') remote.push(`${label} is not on this machine: --allow-remote`);
      }
      const others = addresses.filter(({ probe }) => probe.kind !== 'not-allowed');
      const idle = others.filter(({ probe }) => probe.kind !== 'answered').map(inReply);
      expect(idle, `addresses of ${name} that answer no request`).to.deep.equal([]);
    }
    await expectAllKnown(dns, remote);
    if (names.length === 0) inconclusive('no name has several addresses, or is an alias');
  });

  requirement('DNS-07', { domain: true, adds: 3 }, async ({ host: { dnsHosts: dns }, note }) => {
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

/** A clause of a domain that names no host. */
const publishesNone = (domain: string, srv: Extract<SrvAnswer, { kind: 'none' | 'not-available' }>) =>
  new Deviation({
    subject: `the SRV records of _vlmcs._tcp.${domain}`,
    expected: 'one that names a host',
    received:
      srv.kind === 'not-available'
        ? 'the target "." alone, which says that there is no such service'
        : srv.why === 'no-such-name'
          ? 'none: there is no such name (NXDOMAIN)'
          : 'none: the name has no record of that type',
  });

const findsNone = (domain: string, { tried }: NoHostFound) =>
  new Deviation({
    subject: `the host that a client of ${domain} finds`,
    expected: 'one that serves it',
    received: `none: ${tried.join('; ')}`,
  });
