import type { Coverage } from '../../../../reports/results/model';
import { HostFailure } from '../../../client';
import { GOOD_ASK } from '../../../cases/case';
import type { Random } from '../../../support/random';
import { CaseConnection, type Heard } from '../../../cases/conduct/case-connection';
import { type RunContext, WINDOWS } from '../../../cases/conduct/capabilities';
import { renderAsk } from '../../../cases/conduct/render';

/** What was taken for granted of a host, and tested before the first case: rows of the report. */
export type Assumption = NonNullable<Coverage['assumptions']>[number];

/** Bytes that are no PDU. */
const NOISE = Buffer.from('GET / HTTP/1.1\r\nHost: kms\r\n\r\n');
const LONG_MESSAGE = 253;
/** Silence is told from a slow answer by this many usual ones. */
const SILENCE_ANSWERS = 20;
const MIN_SILENCE_MS = 100;

/** What a host makes of noise and of a message that is too long, in words. @param answerMs its usual answer takes so long */
export async function learnManners(
  context: RunContext,
  random: Random,
  answerMs: number,
): Promise<readonly Assumption[]> {
  const patienceMs = Math.min(context.timeoutMs, Math.max(MIN_SILENCE_MS, SILENCE_ANSWERS * answerMs));
  const noise = await heardOf(context, async (connection) => {
    await connection.send(NOISE);
    return connection.hear(patienceMs);
  });
  const long = await heardOf(context, async (connection) => {
    const bound = await connection.contextFor('ndr32');
    if ('kind' in bound) return bound;
    const application = context.capabilities.countsApplicationsApart ? random.guid() : WINDOWS;
    const identity = { applications: [application, application] as const, machines: [random.guid()] };
    const one = { level: 'message' as const, ...identity, canary: random.uint32(), steps: [] };
    const { requestTime } = context.capabilities;
    const step = { ...GOOD_ASK, messageSize: LONG_MESSAGE };
    await connection.send(renderAsk(one, step, bound, { requestTime, mac: context.mac }).bytes);
    return connection.hear(patienceMs);
  });
  return [
    {
      question: 'what it makes of bytes that are no PDU',
      answer: inWords(noise),
      so:
        noise === 'timeout'
          ? 'silence about them is no fault, and is not waited for long'
          : 'that is no fault',
    },
    {
      question: `what it makes of a request message of ${LONG_MESSAGE} bytes`,
      answer: inWords(long),
      so: 'either is right: it is noted',
    },
  ];
}

/** What was found out of a host's tables and connections, in words. */
export function assumptionsOf(
  { capabilities }: RunContext,
  { judgesCounts, answerMs }: { readonly judgesCounts: string; readonly answerMs: number },
): readonly Assumption[] {
  const { countsApplicationsApart, grantsAnyApplication, keepsConnections, ndr64, signs } = capabilities;
  const yes = (is: boolean): string => (is ? 'yes' : 'no');
  return [
    {
      question: 'it grants applications that nobody knows',
      answer: yes(grantsAnyApplication),
      so: grantsAnyApplication ? 'cases may ask for any' : 'cases ask for Windows',
    },
    {
      question: 'it counts applications apart',
      answer: yes(countsApplicationsApart),
      so: countsApplicationsApart ? 'each case has a table of its own, beside others' : judgesCounts,
    },
    {
      question: 'it keeps connections behind an answer',
      answer: yes(keepsConnections),
      so: keepsConnections
        ? 'single calls share them'
        : 'each call has one, and an end behind an answer is right',
    },
    { question: 'it takes NDR64', answer: yes(ndr64), so: ndr64 ? 'cases use both' : 'cases use NDR32' },
    {
      question: 'it signs with the key at hand',
      answer: yes(signs),
      so: signs ? 'MACs are looked at' : 'MACs are not looked at',
    },
    {
      question: 'how long a good answer takes',
      answer: `${answerMs.toFixed(1)} ms`,
      so: 'how long others are waited for',
    },
  ];
}

async function heardOf(
  context: RunContext,
  ask: (connection: CaseConnection) => Promise<Heard>,
): Promise<Heard['kind'] | 'fault' | 'unreachable'> {
  let connection: CaseConnection;
  try {
    connection = await CaseConnection.open(context);
  } catch (error) {
    if (error instanceof HostFailure) return 'unreachable';
    throw error;
  }
  try {
    const heard = await ask(connection);
    return heard.kind === 'call' && heard.pdu.kind === 'fault' ? 'fault' : heard.kind;
  } finally {
    connection.drop('fin');
  }
}

function inWords(heard: Awaited<ReturnType<typeof heardOf>>): string {
  switch (heard) {
    case 'call':
      return 'it answers';
    case 'fault':
      return 'it answers with a fault';
    case 'other':
    case 'wrong':
      return 'it answers with something else';
    case 'closed':
      return 'it closes';
    case 'reset':
      return 'it resets';
    case 'timeout':
      return 'it keeps silent';
    case 'unreachable':
      return 'it could not be connected to';
  }
}
