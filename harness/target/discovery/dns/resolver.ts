import type { Answer } from 'dns-packet';
import { randomInt } from 'node:crypto';
import { type Endpoint, formatEndpoint } from '../../../client/endpoint';
import { isQueryable } from '../domain-name';
import { isTruncated, overTcp, overUdp, type Reply } from './exchange';
import type { Failed, LookupFailureKind, LookupType, Outcome } from './outcome';
import { readAnswer, type Reading, sameName } from './read-answer';

/** An alias that leads to another, so often: more than any sound zone needs. */
const MAX_ALIASES = 8;

/** A failure before it is told with name and server. */
interface Failure {
  readonly kind: 'failed';
  readonly how: LookupFailureKind;
  readonly problem: string;
  readonly partial?: readonly Answer[];
}

/** What was read, and which server said it. */
type Read = { readonly reading: Exclude<Reading, { kind: 'failed' }> } | { readonly failure: Failure };

/**
 * Asks servers for records, over TCP where an answer is cut, and follows aliases: a resolver of our own, because the system's tells
 * neither referrals nor aliases, and takes whatever stands in an answer.
 */
export class Resolver {
  constructor(
    private readonly servers: readonly Endpoint[],
    /** The servers as reports name them. */
    private readonly label: string,
    /** Gives up what is waited for. */
    private readonly signal?: AbortSignal,
  ) {}

  /** @param deadline in ms of `performance.now()`: no lookup takes longer, however many servers and aliases it takes */
  async lookup(name: string, type: LookupType, deadline: number): Promise<Outcome<Answer>> {
    const aliases: string[] = [];
    for (let asked = name; ; asked = aliases.at(-1)!) {
      const fail = ({ how, problem, partial = [] }: Failure): Failed<Answer> => ({
        ...{ kind: 'failed', how, server: this.label, name, type, aliases, partial },
        problem: asked === name ? problem : `it is an alias of ${asked}, and there ${problem}`,
      });
      const read = await this.#ask(asked, type, deadline);
      if ('failure' in read) return fail(read.failure);
      const { reading } = read;
      const looped = reading.aliases.find((next) => [name, ...aliases].some((one) => sameName(one, next)));
      aliases.push(...reading.aliases);
      if (looped !== undefined || aliases.length > MAX_ALIASES) {
        const problem =
          looped === undefined
            ? `it has more than ${MAX_ALIASES} aliases`
            : `its aliases lead back to ${looped}`;
        return { ...fail({ kind: 'failed', how: 'alias-loop', problem }), problem };
      }
      if (reading.kind === 'records') {
        return { kind: 'found', records: reading.records, aliases, foreign: reading.foreign };
      }
      if (reading.kind === 'none') return { kind: 'none', why: reading.why, aliases };
    }
  }

  /** Server after server, each for its share of the time that is left. */
  async #ask(name: string, type: LookupType, deadline: number): Promise<Read> {
    if (!isQueryable(name)) return { failure: fails('bad-name', 'that is no name DNS can be asked for') };
    let failure = fails('unreachable', 'no DNS server is configured');
    for (const [i, server] of this.servers.entries()) {
      const left = deadline - performance.now();
      const read =
        left > 0
          ? await this.#askServer(server, name, type, left / (this.servers.length - i), deadline)
          : { failure: fails('timed-out', 'there was no time left to ask') };
      if ('reading' in read) return read;
      if (i === 0 || failure.how === 'timed-out') failure = read.failure;
    }
    return { failure };
  }

  async #askServer(
    server: Endpoint,
    name: string,
    type: LookupType,
    timeoutMs: number,
    deadline: number,
  ): Promise<Read> {
    const { signal } = this;
    const query = { id: randomInt(0x1_0000), name, type };
    const reply = await overUdp(server, query, { timeoutMs, signal });
    if (reply.kind === 'failed' || !isTruncated(reply.packet)) return readReply(reply, name, type);
    const whole = readReply(
      await overTcp(server, query, { timeoutMs: Math.max(1, deadline - performance.now()), signal }),
      name,
      type,
    );
    if ('reading' in whole) return whole;
    const cut = readAnswer(reply.packet, name, type);
    const problem = `the answer was cut, and over TCP (${formatEndpoint(server)}) ${whole.failure.problem}`;
    return { failure: fails('truncated', problem, cut.kind === 'records' ? cut.records : []) };
  }
}

const fails = (how: LookupFailureKind, problem: string, partial: readonly Answer[] = []): Failure => ({
  ...{ kind: 'failed', how, problem, partial },
});

function readReply(reply: Reply, name: string, type: LookupType): Read {
  if (reply.kind === 'failed') return { failure: reply };
  const reading = readAnswer(reply.packet, name, type);
  return reading.kind === 'failed' ? { failure: reading } : { reading };
}
