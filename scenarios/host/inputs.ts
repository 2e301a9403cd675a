import type { Reaction } from '../../harness/jobs/suite/host/reply';
import { Deviation } from './deviation';

/** One of several inputs, none of which a host may count unless it grants it. */
export interface Input {
  /** In words, for messages. */
  readonly what: string;
  /** Sends it, each time for another machine. */
  readonly send: () => Promise<Reaction>;
  /** Looks at the reaction, where more than the count matters. @throws Deviation */
  readonly judge?: (reaction: Reaction) => void;
}

/** What sending inputs needs of a host. */
export interface CountingHost {
  /** @throws Deviation where it counts something else than what it granted */
  stillServes(): Promise<void>;
  countNow(): Promise<number>;
}

/** How many inputs a message names. */
const NAMED = 3;

/** What `stillServes` looks at. */
export const SERVES_AND_COUNTS = 'the count of a good request afterwards';

/** Behind the first two inputs and every so manyth the host is asked: one that counts them all has soon no place left to show it. */
const EVERY = 16;
const isCheckpoint = (sent: number, of: number): boolean => sent === of || sent <= 2 || sent % EVERY === 0;

/**
 * Sends inputs, and sees that the host serves on and counts what it granted and nothing else. Where it counts more, those so far are sent
 * once more, one by one, to say which.
 */
export async function sendUncounted(host: CountingHost, inputs: readonly Input[]): Promise<void> {
  for (const [index, { send, judge }] of inputs.entries()) {
    const reaction = await send();
    judge?.(reaction);
    if (isCheckpoint(index + 1, inputs.length)) await expectUncounted(host, inputs.slice(0, index + 1));
  }
}

async function expectUncounted(host: CountingHost, sent: readonly Input[]): Promise<void> {
  try {
    await host.stillServes();
  } catch (error) {
    if (!(error instanceof Deviation) || error.subject !== SERVES_AND_COUNTS) throw error;
    const counted = await whichAreCounted(host, sent);
    if (counted.length === 0) throw error;
    const { expected, actual } = error;
    const subject = `the count of a good request after ${sent.length === 1 ? '1 input' : `${sent.length} inputs`} of which none may count`;
    throw new Deviation({ subject, expected, received: actual, hint: `counted: ${counted.join('; ')}` });
  }
}

/** Those that raise the count without being granted. A host that counts all it can count shows none. */
async function whichAreCounted(host: CountingHost, inputs: readonly Input[]): Promise<string[]> {
  const counted: string[] = [];
  let before = await host.countNow();
  for (const { what, send } of inputs) {
    const reaction = await send();
    const after = await host.countNow();
    if (after > before && reaction.kind !== 'granted') counted.push(`${what} (${before} became ${after})`);
    if (counted.length === NAMED) return [...counted, 'and perhaps more'];
    before = after;
  }
  return counted;
}
