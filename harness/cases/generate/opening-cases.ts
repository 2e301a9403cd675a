import { type AskStep, type FuzzCase, GOOD_ASK, type Step, type WalkStep } from '../case';
import { WINDOWS } from '../conduct/capabilities';

/** More than the capacity of each kind (understanding-kms 2.3), so that the host is seen to stop there. */
const SERVERS = 12;
const CLIENTS = 45;

const walkOf = (server: boolean, count: number): WalkStep => ({
  kind: 'walk',
  count,
  server,
  application: 0,
});

/** Asks for Windows, with the client OS's N_Policy, so that there is room for what may be counted. */
const windows: AskStep = { ...GOOD_ASK, application: 1, server: false };
const malformed = (change: Partial<AskStep>): AskStep => ({ ...GOOD_ASK, on: 1, machine: 1, ...change });
const field = (name: string, value: unknown) => ({ field: name, mode: 'hostile' as const, value });

/** What no host may count, of every kind: it may forget whose it was, and count it where most requests are counted. */
const UNCOUNTED: readonly AskStep[] = [
  malformed({ messageSize: 251 }),
  malformed({ messageSize: 100 }),
  malformed({ messageSize: 4 }),
  malformed({ message: [field('majorVersion', 3)] }),
  malformed({ message: [field('minorVersion', 1)] }),
  malformed({ stub: [field('maxCount', 300n)] }),
  malformed({ stub: [field('requestSize', 8n)] }),
  malformed({ body: [field('opnum', 1)] }),
  malformed({ body: [field('contextId', 77)] }),
];

const caseOf = (number: number, steps: readonly Step[]): FuzzCase => ({
  level: 'sequence',
  applications: [`5b0a11d4-7c1e-4d53-9a66-00000000${number.toString(16).padStart(4, '0')}`, WINDOWS],
  machines: [
    `1f7e8c02-3b64-4c8b-8e5f-00000000${number.toString(16).padStart(4, '0')}`,
    `27d0b7be-6a0f-4a43-b1c9-00000000${number.toString(16).padStart(4, '0')}`,
  ],
  canary: 0x0be90000 + number,
  steps,
});

/** Whether what comes before and beside a case has no part in its counts, where a host counts applications apart. */
export const asksOwnApplicationOnly = ({ steps }: FuzzCase): boolean =>
  steps.every((step) => 'application' in step && step.application === 0);

/**
 * Cases that every campaign begins with, alone on the host, whatever its seed: no case that is drawn counts through every number, and none looks
 * at the table of Windows, where a host may count what is not to be counted.
 */
export const OPENING_CASES: readonly FuzzCase[] = [
  [walkOf(true, SERVERS), walkOf(false, CLIENTS)],
  ...UNCOUNTED.map((step) => [windows, step, windows]),
].map((steps, number) => caseOf(number, steps));
