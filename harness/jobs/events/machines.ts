import { type EventTable, guidWords, type GuidWords, machineKey, NO_MINUTE } from './event-table';
import type { SeenRequest } from './requests';

/** Requests and events of one machine, by their numbers, each in its order. */
export interface Machine {
  /** Of its CMID. */
  readonly words: GuidWords;
  readonly requests: number[];
  /** Those that may be of its requests by their time; hosts keep those of years. */
  readonly events: number[];
}

/** Fourteen hours that the log may be away from UTC, and some in which an event is looked for. */
const NEAR_MINUTES = 24 * 60;

interface OpenMachine extends Machine {
  /** Of its first and last request. */
  first: number;
  last: number;
}

/** The machines that asked, with those of the log's events that are theirs. */
export function machinesOf(seen: readonly SeenRequest[], events: EventTable): Machine[] {
  const byId = new Map<string, OpenMachine>();
  seen.forEach(({ clientMachineId, minute }, i) => {
    const known = byId.get(clientMachineId);
    if (known === undefined) {
      const words = guidWords(clientMachineId);
      byId.set(clientMachineId, { words, requests: [i], events: [], first: minute, last: minute });
      return;
    }
    known.requests.push(i);
    known.first = Math.min(known.first, minute);
    known.last = Math.max(known.last, minute);
  });
  const byKey = new Map<number, OpenMachine[]>();
  for (const machine of byId.values()) {
    const key = machineKey(machine.words);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [machine]);
    else others.push(machine);
  }
  for (let i = 0; i < events.length; i++) {
    const candidates = byKey.get(events.machineKey(i));
    if (candidates === undefined) continue;
    const machine = candidates.find(({ words }) => events.isOfMachine(i, words));
    if (machine !== undefined && isNear(events.minute.at(i), machine)) machine.events.push(i);
  }
  return [...byId.values()];
}

const isNear = (minute: number, { first, last }: OpenMachine): boolean =>
  minute === NO_MINUTE || (minute >= first - NEAR_MINUTES && minute <= last + NEAR_MINUTES);
