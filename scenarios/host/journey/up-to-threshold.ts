import { client, type Machine, server, virtualClient } from '../../../harness/jobs/suite/host/machines';
import { CLIENT_THRESHOLD } from '../../../protocol';
import { cmidsThatDifferInOneByte, cmidWithZero } from '../cmids';
import type { Step } from './step';
import { BYTES_BEFORE } from './ten-places';
import type { Way } from './way';

/** What a host answered on its way to the threshold of client OSes, from a count below it. What it did not come to is missing. */
export interface UpToThreshold {
  /** Every new machine in its order, up to the threshold and where need be beyond. */
  readonly each: readonly Step[];
  /** Of them, clients of one name. */
  readonly sameName: readonly Step[];
  /** Clients whose CMIDs differ in one byte, each in another, from that of a client before them. */
  readonly byteApart: readonly Step[];
  /** A server behind three clients. */
  readonly server?: Step;
  /** A virtual machine, and the physical one behind it. */
  readonly virtual: readonly Step[];
  /** The last machine below the threshold, the one that meets it, and the first of all clients, which asks again then. */
  readonly below?: Step;
  readonly meets?: Step;
  readonly again?: Step;
}

/** Clients of one name, behind which a server asks. */
const SAME_NAME = 3;
/** So many clients ask before the virtual machine. */
const BEFORE_VIRTUAL = 5;

/** Goes up to the threshold. Who asks shows on the way what is counted and what is not. @param from machines that are counted already */
export async function seeThreshold(way: Way, from: number): Promise<UpToThreshold> {
  const { random, session } = way.driver;
  const climb = new Climb(way, from, session.options.target.profile.countsVirtualMachines);
  const template = cmidWithZero(random);
  const cmids = [template, ...cmidsThatDifferInOneByte(template).slice(BYTES_BEFORE)];
  const byCmid: Step[] = [];
  let serverStep: Step | undefined;
  const virtual: Step[] = [];
  for (const [i, clientMachineId] of cmids.entries()) {
    if (i === SAME_NAME && session.grants('server')) serverStep = await climb.askBeside(server());
    if (i === BEFORE_VIRTUAL) virtual.push(await climb.askBeside(virtualClient()));
    const name = i < SAME_NAME ? { workstationName: 'cloned-image' } : {};
    byCmid.push(await climb.ask(client({ clientMachineId, ...name })));
    if (i === BEFORE_VIRTUAL) virtual.push(byCmid.at(-1)!);
  }
  while (climb.number < CLIENT_THRESHOLD) await climb.ask(client());
  return {
    ...climb.seen,
    sameName: byCmid.slice(0, SAME_NAME),
    byteApart: byCmid.slice(1),
    ...(serverStep === undefined ? {} : { server: serverStep }),
    virtual,
  };
}

interface Seen {
  readonly each: Step[];
  below?: Step;
  meets?: Step;
  again?: Step;
}

class Climb {
  readonly seen: Seen = { each: [] };
  #early: Machine | null = null;

  /** @param number of the machines that a conforming host has counted, whatever this one says */
  constructor(
    private readonly way: Way,
    public number: number,
    private readonly countsVirtual: boolean,
  ) {}

  /** One that is no physical client OS. The threshold is met by clients: where it comes next, they go first. */
  async askBeside(machine: Machine): Promise<Step> {
    while (this.number >= CLIENT_THRESHOLD - 2 && this.number < CLIENT_THRESHOLD) await this.ask(client());
    return this.ask(machine);
  }

  async ask(machine: Machine): Promise<Step> {
    const { seen } = this;
    const isCounted = this.countsVirtual || !machine.virtual;
    if (isCounted) this.number++;
    const step = await this.way.ask(
      machine,
      `${machine.virtual ? 'a virtual machine behind ' : 'machine '}${this.number}`,
    );
    seen.each.push(step);
    this.#early ??= machine;
    if (!isCounted) return step;
    if (this.number === CLIENT_THRESHOLD - 1) seen.below = step;
    if (this.number !== CLIENT_THRESHOLD) return step;
    seen.meets = step;
    seen.again = await this.way.ask(this.#early, 'an early client that asks again');
    return step;
  }
}
