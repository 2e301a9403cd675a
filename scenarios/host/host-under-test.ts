import { countedRequest } from '../../harness/model/counting-model';
import type { CallOptions } from '../../harness/client';
import { client, type Machine, machine } from '../../harness/jobs/suite/host/machines';
import type { Granted, Reaction, Reply } from '../../harness/jobs/suite/host/reply';
import { type RequestChanges, type RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { inconclusive } from '../../harness/jobs/suite/verdict';
import type { Random } from '../../harness/support/random';
import { activateAll, activateTogether } from './many-requests';
import { ClockWords } from './clock-words';
import { ConnectionWords } from './connection-words';
import { CountWords } from './count-words';
import { Deviation } from './deviation';
import type { DomainSurvey } from './domain-survey';
import { type Input, sendUncounted, SERVES_AND_COUNTS } from './inputs';
import { JourneyWords } from './journey/journey';
import { FleetWords } from './fleet-words';
import { MachineWords } from './machine-words';
import { OwnCounterWords } from './own-counter-words';
import { PaceWords } from './pace-words';
import { RpcWords } from './rpc-words';
import { ServiceWords } from './service-words';
import { patienceOf, tolerate } from './tolerate';
import { WholeRun } from './whole-run';

export type { RequestChanges };

/* eslint-disable @typescript-eslint/no-require-imports -- what asks DNS is loaded where a run looks at domains only */

/**
 * The host as scenarios see it. Machines ask and the host answers counts, each request over a connection of its own, as real
 * clients send it; all else is said by theme.
 */
export class HostUnderTest {
  /** Binds, associations, stubs and PDUs. */
  readonly rpc: RpcWords;
  /** Connections that do what no client does. */
  readonly connections: ConnectionWords;
  /** Requests whose counts are judged by all that was asked before, alone or at the same time. */
  readonly counts: CountWords;
  /** What is known of machines and their requests. */
  readonly machines: MachineWords;
  /** The host's clock. */
  readonly clock: ClockWords;
  /** What can be done to the service beside the wire. */
  readonly service: ServiceWords;
  /** What it says of itself beside the wire. */
  readonly own: OwnCounterWords;
  /** Machines that live for months. */
  readonly fleet: FleetWords;
  /** How long things take. */
  readonly pace: PaceWords;

  constructor(private readonly driver: RequestDriver) {
    this.rpc = new RpcWords(driver);
    this.connections = new ConnectionWords(driver);
    this.counts = new CountWords(driver);
    this.machines = new MachineWords(driver);
    this.clock = new ClockWords(driver);
    this.service = new ServiceWords(driver);
    this.own = new OwnCounterWords(driver);
    this.fleet = new FleetWords(driver);
    this.pace = new PaceWords(driver);
  }

  /** The domains that the configuration names; a scenario that looks at them needs `domain`. */
  get dns(): DomainSurvey {
    const survey = this.#survey;
    this.driver.lastSent = survey.questions;
    return survey;
  }

  /** The same for one that asks the hosts that they publish. */
  get dnsHosts(): DomainSurvey {
    const survey = this.#survey;
    this.driver.lastSent = `${survey.questions}, and a good request to each address that they name`;
    return survey;
  }

  get #survey(): DomainSurvey {
    const { domainsOf } = require('./configured-domains') as typeof import('./configured-domains');
    return domainsOf(this.driver.session);
  }

  /** Draws of this scenario, from the run's seed. */
  get random(): Random {
    return this.driver.random;
  }

  /** What the run saw of a new host that nobody can empty, for scenarios that have a `place` on its way; null for any other host. */
  get journey(): JourneyWords | null {
    return this.driver.session.onJourney ? new JourneyWords(this.driver) : null;
  }

  /** What the whole run saw, for scenarios that go `last`. */
  get wholeRun(): WholeRun {
    return new WholeRun(this.driver);
  }

  /** The Count that the host answered last, or was found with when the scenario began. */
  get count(): number {
    return this.driver.count;
  }

  /** A machine asks for activation, or asks again. @throws NotGranted where the host does not grant it */
  activate(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Granted> {
    return this.driver.activate(machine, changes, call);
  }

  /** A client that the host has seen asks again. */
  renew(machine: Machine): Promise<Granted> {
    return this.driver.activate(machine);
  }

  /** As `activate`, where the host may refuse. @throws HostFailure where nothing answers */
  ask(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reply> {
    return this.driver.ask(machine, changes, call);
  }

  /** As `ask`, where the host may also say nothing; it is not waited for as long as for a good answer. */
  attempt(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reaction> {
    const request = this.driver.requestOf(machine, changes);
    const patient = { timeoutMs: patienceOf(this.driver), ...call };
    this.driver.provokes(this.driver.describe(machine, changes, call));
    return tolerate(this.driver, request, () => this.driver.ask(machine, changes, patient));
  }

  /** Sends any bytes as the message of a machine's request. */
  attemptMessage(machine: Machine, message: Uint8Array, what: string): Promise<Reaction> {
    const { driver } = this;
    const request = driver.requestOf(machine, {});
    driver.provokes(what);
    return tolerate(driver, request, async () =>
      driver.take(request, await driver.client.activate(message, { timeoutMs: patienceOf(driver) })),
    );
  }

  /** Machines ask one after the other; their answers in that order. */
  async activateEach(machines: readonly Machine[]): Promise<Granted[]> {
    const answers: Granted[] = [];
    for (const machine of machines) answers.push(await this.activate(machine));
    return answers;
  }

  /** Machines ask at the same time, all connections open before the first request; answers in the order of the machines. */
  activateTogether(machines: readonly Machine[]): Promise<Granted[]> {
    return activateTogether(this.driver, machines);
  }

  /** Machines ask in any order, some at a time, over connections that are kept where the host keeps them. */
  activateAll(machines: readonly Machine[]): Promise<Granted[]> {
    return activateAll(this.driver, machines);
  }

  /** New machines ask until the host counts so many. */
  async fillUpTo(count: number, make: () => Machine = client): Promise<Machine[]> {
    const machines: Machine[] = [];
    while (this.count < count) {
      const before = this.count;
      const machine = make();
      machines.push(machine);
      await this.activate(machine);
      if (this.count <= before) {
        throw new Deviation({
          subject: `the count of a new machine after ${before}`,
          expected: `${before + 1}`,
          received: `${this.count}`,
        });
      }
    }
    return machines;
  }

  /**
   * What the first machine of all received: on a host that was reset a new one's answer, else the run's first. One that is granted and
   * counted is never answered with 0, whoever asked before.
   */
  async firstAnswer(): Promise<number> {
    const { openingCount, possibleStates, regular } = this.driver.session;
    const { applicationId } = this.driver.session.productOf(regular);
    const knownEmpty = possibleStates.counts(applicationId)?.has(0) === true;
    if (knownEmpty) return (await this.activate(machine())).count;
    if (openingCount === 0 || openingCount === 1) return openingCount;
    inconclusive(`the host is not new: its first answer to this run was ${openingCount}`);
  }

  /** The host still answers a good request in time, and counts what it granted and nothing else. */
  async stillServes(): Promise<void> {
    const { regular, possibleStates } = this.driver.session;
    const request = this.driver.requestOf(regular, {});
    const expected = possibleStates.expected(countedRequest(request));
    const count = await this.countNow();
    if (expected === undefined || expected.has(count)) return;
    throw new Deviation({
      subject: SERVES_AND_COUNTS,
      expected: [...expected].sort((a, b) => a - b).join(' or '),
      received: `${count}`,
    });
  }

  /** What the host counts, as it tells a client that it counts already. */
  async countNow(): Promise<number> {
    return (await this.activate(this.driver.session.regular)).count;
  }

  /** Sends inputs, and sees that the host serves on and counts what it granted and nothing else. @throws Deviation that says which was counted */
  uncounted(inputs: readonly Input[]): Promise<void> {
    return sendUncounted(this, inputs);
  }
}
