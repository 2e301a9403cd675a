import { NIL_GUID, writeGuid } from '../../protocol';
import type { Random } from '../support/random';
import type { FuzzCase, Step } from './case';
import { WINDOWS } from './conduct/capabilities';

/** Hexadecimal digits of a GUID, but for its first and its last group: there cases make machines alike. */
const MASKED_DIGITS = [9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22];

/** Another machine, which stands to others as the one did: equal where equal, different in the same places. */
function masked(machine: string, mask: Uint8Array): string {
  if (machine === NIL_GUID) return machine;
  const digits = [...machine];
  for (const [i, at] of MASKED_DIGITS.entries()) {
    digits[at] = (Number.parseInt(digits[at]!, 16) ^ (mask[i]! & 0xf)).toString(16);
  }
  return digits.join('');
}

/**
 * Cases with applications, machines and names that a host has not met: what they have in common stays.
 * @param apart whether the host counts applications apart; where it does not, all ask for Windows
 */
export function afresh(cases: readonly FuzzCase[], random: Random, apart: boolean): readonly FuzzCase[] {
  const mask = random.bytes(MASKED_DIGITS.length);
  const canaryMask = random.uint32();
  // The table of Windows has no other that stands for it.
  const another = (one: string): string => (one === WINDOWS ? WINDOWS : random.guid());
  return cases.map((one) => {
    const applications = apart
      ? ([another(one.applications[0]), another(one.applications[1])] as const)
      : ([WINDOWS, WINDOWS] as const);
    const machines = one.machines.map((machine) => masked(machine, mask));
    const canary = (one.canary ^ canaryMask) >>> 0;
    const pairs = [...one.applications, ...one.machines].map(
      (guid, at) => [guid, [...applications, ...machines][at]!] as const,
    );
    return { ...one, applications, machines, canary, steps: one.steps.map((step) => renamed(step, pairs)) };
  });
}

/** Bytes that were put together beforehand hold the GUIDs of their case too. */
function renamed(step: Step, pairs: readonly (readonly [string, string])[]): Step {
  if (step.kind !== 'raw' || step.bytes.length < GUID_SIZE) return step;
  const bytes = Buffer.from(step.bytes);
  for (const [guid, other] of pairs) {
    if (guid === other || guid === NIL_GUID) continue;
    const sought = octetsOf(guid);
    for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + GUID_SIZE))
      bytes.set(octetsOf(other), at);
  }
  return { ...step, bytes };
}

const GUID_SIZE = 16;

function octetsOf(guid: string): Buffer {
  const octets = Buffer.alloc(GUID_SIZE);
  writeGuid(octets, 0, guid);
  return octets;
}
