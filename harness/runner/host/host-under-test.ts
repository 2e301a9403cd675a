import { encodeRequest, filetimeFromUnixMs, type KmsRequestInput, NIL_GUID } from '../../../protocol';
import { countedOf } from './asker';
import { type LivedFleet, liveFleet, type LivingGroup } from './fleet-of-machines';
import { type Machine, machine, type MachineKind } from './machines';
import { Talker } from './talker';
import { Deviation, inconclusive } from '../verdict';

export type { RequestChanges } from './asker';

/** The host as scenarios see it: what machines ask of it, talk on one connection, its clock, and whether it still serves. */
export class HostUnderTest extends Talker {
  /** What the first machine of all received: on a host that was reset a new one's answer, else the run's first. */
  async firstAnswer(): Promise<number> {
    if (this.knownEmpty) return (await this.activate(machine())).count;
    const { openingCount } = this.session;
    if (openingCount === 1) return openingCount;
    inconclusive(`the host is not new: its first answer to this run was ${openingCount}`);
  }

  /** The host still answers a good request in time, and counts what it granted and nothing else. */
  async stillServes(): Promise<void> {
    const { regular, ledger } = this.session;
    const request = this.requestOf(regular, {});
    const expected = ledger.expected(countedOf(request));
    const { count } = await this.activate(regular);
    if (expected === undefined || expected.has(count)) return;
    const wanted = [...expected].sort((a, b) => a - b).join(' or ');
    throw new Deviation(
      `expected a good request afterwards to receive the count ${wanted}, received ${count}`,
      wanted,
      `${count}`,
    );
  }

  /** Requests that bear on a host for good, such as a high N_Policy, go only to one that can be reset. */
  get canBeReset(): boolean {
    return this.session.options.target.controls.reset !== undefined && this.session.resetProblem === null;
  }

  /** A CMID that begins with that digit, so that its place among others is known. */
  cmidFrom(digit: string): string {
    return digit + this.random.guid().slice(1);
  }

  /** Whether the host grants that kind of machine, as far as is known. */
  grants(kind: MachineKind): boolean {
    return this.session.grants(kind);
  }

  /** Sets the host's clock forward. */
  async timePasses(time: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
  }): Promise<void> {
    const { days = 0, hours = 0, minutes = 0 } = time;
    await this.session.advanceClock(((days * 24 + hours) * 60 + minutes) * 60);
  }

  /** Lets a fleet of clients live for so many days of the host's clock, or until an answer decides. */
  live(
    groups: readonly LivingGroup[],
    days: number,
    decides?: (answer: LivedFleet['answers'][number]) => boolean,
  ): Promise<LivedFleet> {
    return liveFleet(this, groups, days, decides);
  }

  /** Starts the service again; the host forgets what it counted, as the profile says. */
  async restart(): Promise<void> {
    await this.session.options.target.controls.restart!();
    if (this.session.options.target.profile.countSurvivesRestart) return;
    this.session.ledger.reset();
    this.count = 0;
  }

  /** The machine's CMID. */
  cmidOf(machine: Machine): string {
    return this.requestOf(machine, {}).clientMachineId;
  }

  /** Bytes by which a request of the machine is known: CMID, CMID before, and name. */
  tracesOf(machine: Machine): Uint8Array {
    const { clientMachineId, workstationName } = this.requestOf(machine, {});
    const anyone = { ...this.requestOf(this.session.regular, {}), previousClientMachineId: NIL_GUID };
    const message = encodeRequest({ ...anyone, clientMachineId, workstationName });
    return Buffer.concat([message.subarray(64, 80), message.subarray(108, 236)]);
  }

  /** The client's clock, so much ahead of the host's. */
  clientTime(ahead: { readonly hours?: number; readonly minutes?: number } = {}): bigint {
    const { hours = 0, minutes = 0 } = ahead;
    return filetimeFromUnixMs(this.session.now() + (hours * 60 + minutes) * 60_000);
  }

  /** What a machine of that kind says of its product. */
  productOf(machine: Machine): Pick<KmsRequestInput, 'kmsCountedId' | 'skuId'> {
    const { kmsCountedId, skus } = this.session.productOf(machine);
    return { kmsCountedId, skuId: skus[0].skuId };
  }
}
