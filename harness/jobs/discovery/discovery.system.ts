import { expect } from 'chai';
import { runInProcess } from '../../cli/testing/in-process';
import { systemClock } from '../../support/clock';
import { type LabHost, type LabHostOptions } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { Random } from '../../support/random';
import { parseReport } from '../../../reports/results/model';
import { startFilledHost } from '../../testing/filled-host';
import { type Bind9, startBind9 } from '../../testing/bind9';
import { DnsError } from '../../target/discovery/dns-error';
import { findTarget } from '../../target/discovery/find-target';
import { NoHostFound } from '../../target/discovery/find-host';
import { dnsLookup } from '../../target/discovery/lookup';
import { publish } from './publish';
import { lookUpDomain } from '../../target/discovery/published-hosts';

const ZONE = 'lab.example';

describe('discovery in a real zone (bind9)', () => {
  let dns: Bind9;
  const hosts: LabHost[] = [];

  before(async function () {
    this.timeout(30_000);
    // The fifth host: an SRV record whose name has no address.
    dns = await startBind9(ZONE, [`_vlmcs._tcp IN SRV 0 0 1688 gone.${ZONE}.`]);
  });
  after(() => dns?.close());
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close()));
  });

  /** A lab host that has counted so many machines. */
  const hostWith = async (machines: number, options: LabHostOptions = {}): Promise<LabHost> => {
    const host = await startFilledHost(machines, options);
    hosts.push(host);
    return host;
  };
  const published = (host: LabHost, name: string, priority: number, weight = 0) =>
    publish({
      domain: ZONE,
      server: { host: '127.0.0.1', port: dns.port },
      host: { host: host.address, port: host.port },
      name: `${name}.${ZONE}`,
      priority,
      weight,
      random: new Random(priority),
    });

  it('judges each of five hosts right, and exits as the table of exit codes says', async () => {
    const publications = [
      await published(await hostWith(30), 'kms01', 0, 100),
      await published(await hostWith(27), 'kms02', 10),
      await published(await hostWith(2), 'desktop7', 0),
      await published(await hostWith(0, { keyGroup: 'office2010' }), 'office', 0),
    ];
    const run = (...more: string[]) =>
      runInProcess(['discover', ZONE, '--dns', dns.address, '--json', '-', ...more]);
    const expected = ['--expect', `kms01.${ZONE},kms02.${ZONE},office.${ZONE},gone.${ZONE}`];
    const { exitCode, stdout, stderr } = await run(...expected);
    expect(stderr).to.equal('');
    const verdictsOf = (text: string) => {
      const [domain] = parseReport(text).discovery!.domains;
      return Object.fromEntries(
        domain!.hosts.map(({ name, verdicts }) => [name.split('.')[0], verdicts.join('+')]),
      ) as Record<string, string>;
    };
    const asItIs = {
      kms01: 'right',
      kms02: 'right+low-priority',
      desktop7: 'rogue',
      office: 'refused',
      gone: 'dangling',
    };
    expect(verdictsOf(stdout)).to.deep.equal(asItIs);
    expect(exitCode).to.equal(1);
    const [domain] = parseReport(stdout).discovery!.domains;
    const byName = new Map(domain!.hosts.map((host) => [host.name.split('.')[0], host]));
    // The probe is one more machine, and the same one each time.
    expect(byName.get('kms01')!.count).to.equal(31);
    expect(byName.get('desktop7')!.count).to.equal(3);
    expect(byName.get('office')!.message).to.contain('0xC004F042');

    // Nobody says what is expected: the rogue one is told by its count.
    const again = await run();
    expect(verdictsOf(again.stdout)).to.deep.equal(asItIs);
    expect(
      parseReport(again.stdout).discovery!.domains[0]!.hosts.map(({ count }) => count ?? null),
    ).to.include.members([31, 28, 3]);

    for (const publication of publications) await publication.withdraw();
    const { hosts: left } = await lookUpDomain(ZONE, dnsLookup({ server: dns.address }));
    expect(left.map(({ target }) => target)).to.deep.equal([`gone.${ZONE}`]);
  });

  it('publishes and withdraws exactly its own records', async () => {
    const one = await hostWith(0);
    const other = await hostWith(0, { ipv6: true });
    const first = await published(one, 'a', 1, 2);
    const second = await published(other, 'b', 3);
    const lookup = dnsLookup({ server: dns.address });
    const found = async () =>
      (await lookUpDomain(ZONE, lookup)).hosts.filter(({ target }) => !target.startsWith('gone'));
    expect(await found()).to.deep.equal([
      {
        target: `a.${ZONE}`,
        port: one.port,
        priority: 1,
        weight: 2,
        addresses: ['127.0.0.1'],
        alias: null,
        aliases: [],
        failures: [],
      },
      {
        target: `b.${ZONE}`,
        port: other.port,
        priority: 3,
        weight: 0,
        addresses: ['::1'],
        alias: null,
        aliases: [],
        failures: [],
      },
    ]);
    await first.withdraw();
    expect((await found()).map(({ target }) => target)).to.deep.equal([`b.${ZONE}`]);
    await second.withdraw();
    expect(await found()).to.deep.equal([]);
  });

  it('finds a host as a client does, past those that are down', async () => {
    const down = await hostWith(0);
    const up = await hostWith(0);
    const publications = [await published(down, 'down', 0), await published(up, 'up', 10)];
    await down.close();
    const find = (profile: keyof typeof PROFILES, seed: number) =>
      findTarget({
        domain: ZONE,
        lookup: dnsLookup({ server: dns.address }),
        profile: PROFILES[profile],
        random: new Random(seed),
        clock: systemClock,
        allowRemote: false,
        timeoutMs: 1000,
      });
    const found = await find('win7-2008r2', 1);
    expect(found).to.deep.include({ name: `up.${ZONE}`, port: up.port });
    expect(found.skipped).to.include(`down.${ZONE} (127.0.0.1) does not respond (refused)`);
    // A random pick finds it too, with fewer or more detours.
    const detours = new Set<number>();
    for (let seed = 0; seed < 10; seed++) detours.add((await find('vista-2008', seed)).skipped.length);
    expect(detours.size).to.be.greaterThan(1);
    for (const publication of publications) await publication.withdraw();
    const failure = await find('win7-2008r2', 1).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NoHostFound);
    expect((failure as NoHostFound).message).to.contain(`gone.${ZONE} has no address`);
  });

  it('is what kmsspec host --publish does, and undoes when it is interrupted', async () => {
    const interruption = new AbortController();
    const running = runInProcess(
      [
        'host',
        '--port',
        '0',
        '--publish',
        ZONE,
        '--dns',
        dns.address,
        '--publish-name',
        `cli.${ZONE}`,
        '--publish-priority',
        '7',
      ],
      { signal: interruption.signal },
    );
    const lookup = dnsLookup({ server: dns.address });
    const records = async () =>
      (await lookUpDomain(ZONE, lookup)).hosts.filter(({ target }) => target === `cli.${ZONE}`);
    const deadline = performance.now() + 5000;
    while ((await records()).length === 0 && performance.now() < deadline);
    const [record] = await records();
    expect(record).to.deep.include({ priority: 7, weight: 0, addresses: ['127.0.0.1'] });
    interruption.abort();
    const { exitCode, stdout } = await running;
    expect(exitCode).to.equal(0);
    expect(stdout)
      .to.contain(`listening on 127.0.0.1:${record!.port}`)
      .and.to.contain(`published as cli.${ZONE} (127.0.0.1)`);
    expect(await records()).to.deep.equal([]);
  });

  it('is not published elsewhere than on this machine, nor without a server', async () => {
    const host = (...argv: string[]) => runInProcess(['host', '--port', '0', '--publish', ZONE, ...argv]);
    const without = await host();
    expect(without).to.include({ exitCode: 2 });
    expect(without.stderr).to.contain('--publish needs --dns');
    const remote = await host('--dns', '192.0.2.1');
    expect(remote).to.include({ exitCode: 2 });
    expect(remote.stderr).to.contain('not on this machine');
  });

  it('is refused by a zone that takes no updates, and by a server that holds none', async () => {
    const closed = await startBind9('closed.example', [], false);
    try {
      const host = await hostWith(0);
      const attempt = (domain: string) =>
        publish({
          domain,
          server: { host: '127.0.0.1', port: closed.port },
          host: { host: host.address, port: host.port },
          random: new Random(1),
        }).then(
          () => expect.fail('it was published'),
          (error: unknown) => error as DnsError,
        );
      const refused = await attempt('closed.example');
      expect(refused).to.be.instanceOf(DnsError);
      expect(refused).to.include({ code: 'refused' });
      expect(refused.message).to.contain('REFUSED');
      expect(await attempt('other.example')).to.include({ code: 'refused', what: 'SOA' });
    } finally {
      await closed.close();
    }
  }).timeout(30_000);
});
