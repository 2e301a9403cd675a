import { expect } from 'chai';
import fc from 'fast-check';
import { CountingModel, type CountedRequest, RECORD_LIFETIME_MS } from './counting-model';
import { DEFAULT_PROFILE, PROFILES } from './profile';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const request = (machine: number, requiredClientCount: number, isVirtualMachine = false): CountedRequest => ({
  applicationId: 'windows',
  clientMachineId: `machine ${machine}`,
  requiredClientCount,
  isVirtualMachine,
});

const server = (machine: number): CountedRequest => request(1000 + machine, 5);
const client = (machine: number): CountedRequest => request(machine, 25);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function grantAll(model: CountingModel, requests: readonly CountedRequest[], nowMs = 0): number[] {
  return requests.map((each) => model.grant(each, nowMs));
}

/**
 * The reference model's text once more, as naively as it reads: a plain list, oldest first, searched from its start.
 */
class NaiveHost {
  #records: { application: string; machine: string; atMs: number }[] = [];
  #capacities: Record<string, number> = {};

  constructor(private readonly countsVirtual: boolean) {}

  ask(asked: CountedRequest, nowMs: number): number {
    const application = asked.applicationId;
    this.#records = this.#records.filter(({ atMs }) => !(nowMs - atMs > 30 * DAY_MS));
    const ofApplication = () => this.#records.filter((each) => each.application === application);
    if (asked.isVirtualMachine && !this.countsVirtual) return ofApplication().length;
    const wanted = 2 * (asked.requiredClientCount < 1 ? 1 : asked.requiredClientCount);
    if (wanted > (this.#capacities[application] ?? 0)) this.#capacities[application] = wanted;
    const isTheClient = (each: { application: string; machine: string }): boolean =>
      each.application === application && each.machine === asked.clientMachineId;
    this.#records = this.#records.filter((each) => !isTheClient(each));
    if (ofApplication().length === this.#capacities[application]) {
      this.#records.splice(this.#records.indexOf(ofApplication()[0]!), 1);
    }
    this.#records.push({ application, machine: asked.clientMachineId, atMs: nowMs });
    return ofApplication().length;
  }

  restart(): void {
    this.#records = [];
    this.#capacities = {};
  }
}

interface Real {
  model: CountingModel;
}
interface Naive {
  host: NaiveHost;
  nowMs: number;
}
type Command = fc.Command<Naive, Real>;

class Ask implements Command {
  constructor(private readonly asked: CountedRequest) {}
  check = (): boolean => true;
  run(naive: Naive, { model }: Real): void {
    expect(model.grant(this.asked, naive.nowMs)).to.equal(naive.host.ask(this.asked, naive.nowMs));
  }
  toString = (): string => `ask(${JSON.stringify(this.asked)})`;
}

class Advance implements Command {
  constructor(private readonly ms: number) {}
  check = (): boolean => true;
  run(naive: Naive): void {
    naive.nowMs += this.ms;
  }
  toString = (): string => `advance(${this.ms} ms)`;
}

class Restart implements Command {
  check = (): boolean => true;
  run(naive: Naive, { model }: Real): void {
    naive.host.restart();
    model.reset();
  }
  toString = (): string => 'restart';
}

const asks = fc
  .record({
    applicationId: fc.constantFrom('windows', 'office'),
    clientMachineId: fc.nat(30).map((n) => `machine ${n}`),
    requiredClientCount: fc.constantFrom(0, 1, 2, 5, 5, 5, 25, 1000),
    isVirtualMachine: fc.boolean(),
  })
  .map((asked) => new Ask(asked));
const advances = fc
  .constantFrom(1, HOUR_MS, 10 * DAY_MS, 29 * DAY_MS, 30 * DAY_MS - 1, 30 * DAY_MS, 30 * DAY_MS + 1)
  .map((ms) => new Advance(ms));

describe('counting model', () => {
  it('is by default that of Windows 7 and Server 2008 R2', () => {
    expect(DEFAULT_PROFILE).to.equal(PROFILES['win7-2008r2']);
  });

  for (const profile of Object.values(PROFILES)) {
    it(`counts as a naive reading of its text does (${profile.name})`, () => {
      const commands = fc.commands<Naive, Real>(
        [asks, asks, asks, asks, asks, asks, advances, fc.constant(new Restart())],
        { maxCommands: 120, size: 'max' },
      );
      fc.assert(
        fc.property(commands, (sequence) => {
          const setup = () => ({
            model: { host: new NaiveHost(profile.countsVirtualMachines), nowMs: 0 },
            real: { model: new CountingModel(profile) },
          });
          fc.modelRun(setup, sequence);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('servers only fill up to 10 and stay there', () => {
    const counts = grantAll(new CountingModel(PROFILES['win7-2008r2']), range(15).map(server));
    expect(counts).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10, 10, 10]);
  });

  it('the first client OS is number 11, further ones fill up to 50, and servers find 50 places', () => {
    const model = new CountingModel(PROFILES['win7-2008r2']);
    grantAll(model, range(15).map(server));
    const clients = grantAll(model, range(45).map(client));
    expect(clients).to.deep.equal(range(45).map((i) => Math.min(11 + i, 50)));
    expect(grantAll(model, [server(50), server(51)])).to.deep.equal([50, 50]);
  });

  it('the capacity is still 50 when all records have expired', () => {
    const model = new CountingModel(PROFILES['win7-2008r2']);
    grantAll(model, range(50).map(client));
    const later = 31 * DAY_MS;
    expect(model.count('windows', later)).to.equal(0);
    expect(grantAll(model, range(15).map(server), later)).to.deep.equal(range(15).map((i) => i + 1));
  });

  it('a record lives for 30 days to the millisecond, from its last request', () => {
    const model = new CountingModel(PROFILES['win7-2008r2']);
    grantAll(model, [client(1), client(2)]);
    model.grant(client(1), HOUR_MS);
    expect(RECORD_LIFETIME_MS).to.equal(30 * DAY_MS);
    expect(model.count('windows', 30 * DAY_MS)).to.equal(2);
    expect(model.count('windows', 30 * DAY_MS + 1)).to.equal(1);
    expect(model.count('windows', 30 * DAY_MS + HOUR_MS)).to.equal(1);
    expect(model.count('windows', 30 * DAY_MS + HOUR_MS + 1)).to.equal(0);
  });

  it('a larger N_Policy makes room, and tells a cached machine from one that was evicted', () => {
    const evicted = new CountingModel(PROFILES['win7-2008r2']);
    grantAll(evicted, range(11).map(server));
    expect(grantAll(evicted, [client(0), server(0)])).to.deep.equal([11, 12]);
    const renewed = new CountingModel(PROFILES['win7-2008r2']);
    grantAll(renewed, [...range(10).map(server), server(0), server(10)]);
    expect(grantAll(renewed, [client(0), server(0), server(1)])).to.deep.equal([11, 11, 12]);
  });

  it('a virtual machine counts as the profile says', () => {
    const requests = [request(1, 25), request(2, 25, true), request(3, 25, true), request(4, 25)];
    expect(grantAll(new CountingModel(PROFILES['win7-2008r2']), requests)).to.deep.equal([1, 2, 3, 4]);
    expect(grantAll(new CountingModel(PROFILES['vista-2008']), requests)).to.deep.equal([1, 1, 1, 2]);
  });
});
