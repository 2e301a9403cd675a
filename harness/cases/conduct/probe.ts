import {
  encodeRequest,
  filetimeFromUnixMs,
  HRESULT,
  type KmsRequestInput,
  product,
  faultName,
  formatStatus,
  readAnswer,
  encodePdu,
  encodeRequestStub,
  stubEncoding,
  type Answer,
  undecodableInWords,
  verifyMac,
} from '../../../protocol';
import { HostFailure, type Endpoint } from '../../client';
import { buildRequest } from '../../model/machine-request';
import type { Random } from '../../support/random';
import { type Capabilities, type RunContext, WINDOWS } from './capabilities';
import { CaseConnection, type Heard } from './case-connection';

/** How a host answered a good request: in time, late, not at all, or nobody is there. */
export type Life = 'answers' | 'slow' | 'silent' | 'gone';

/** A host that answers within this many times the deadline is slow; beyond, it hangs. */
const SLOW_FACTOR = 3;

/** How long a host that ends connections without an answer may be about to die. */
const DYING_MS = 1000;
const DYING_PAUSE_MS = 25;

/** The time of requests to a host that does not look at it: fixed, so that cases are the same on every day. */
const FIXED_TIME = filetimeFromUnixMs(Date.UTC(2026, 10, 21, 8, 0, 0));

/**
 * Asks whether the host lives: a new connection, a bind, a good request of a machine of its own.
 * @param patience how many deadlines to wait: a slow host is told from one that hangs
 */
export async function checkLiveness(
  context: RunContext,
  random: Random,
  patience = SLOW_FACTOR,
): Promise<Life> {
  let caseConnection: CaseConnection;
  const startedAt = performance.now();
  try {
    caseConnection = await CaseConnection.open(context);
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    return error.kind === 'timed-out' ? 'silent' : 'gone';
  }
  try {
    const heard = await askGood(caseConnection, context, random, patience * context.timeoutMs);
    if (heard.kind === 'timeout') return 'silent';
    if (heard.kind === 'reset' || heard.kind === 'closed')
      return (await stopsListening(context)) ? 'gone' : 'silent';
    return performance.now() - startedAt > context.timeoutMs ? 'slow' : 'answers';
  } finally {
    caseConnection.drop('fin');
  }
}

/** A process that dies closes its connections before its port, and on a busy machine that takes a while. */
async function stopsListening(context: RunContext): Promise<boolean> {
  const deadline = performance.now() + DYING_MS;
  while (await isListening(context)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, DYING_PAUSE_MS));
  }
  return true;
}

async function isListening(context: RunContext): Promise<boolean> {
  try {
    (await CaseConnection.open(context)).drop('fin');
    return true;
  } catch (error) {
    if (error instanceof HostFailure) return false;
    throw error;
  }
}

/** A request that nothing is wrong with. */
export function goodKmsRequest(
  applicationId: string,
  clientMachineId: string,
  requestTime: bigint,
): KmsRequestInput {
  const name = 'FZ-PROBE.example.test';
  return buildRequest({ product: product('r2-b'), applicationId, clientMachineId, name }, requestTime);
}

/** Binds and sends a good request of a machine of its own; what came back. */
export async function askGood(
  caseConnection: CaseConnection,
  context: RunContext,
  random: Random,
  timeoutMs: number,
): Promise<Heard> {
  const application = context.capabilities.countsApplicationsApart ? random.guid() : WINDOWS;
  return askFor(caseConnection, context, { application, machine: random.guid() }, timeoutMs);
}

/** Asks for an application as a machine, and hears what comes. */
export async function askFor(
  caseConnection: CaseConnection,
  { capabilities, mac, timeoutMs: usualMs }: RunContext,
  { application, machine }: { readonly application: string; readonly machine: string },
  timeoutMs = usualMs,
): Promise<Heard> {
  const bound = await caseConnection.contextFor('ndr32');
  if ('kind' in bound) return bound;
  const request = goodKmsRequest(application, machine, capabilities.requestTime);
  await caseConnection.send(callOf(encodeRequest(request, mac), bound.contextId));
  return caseConnection.hear(timeoutMs);
}

function callOf(message: Uint8Array, contextId: number): Uint8Array {
  const stub = encodeRequestStub({ message }, stubEncoding('ndr32'));
  return encodePdu({ kind: 'request', header: { callId: 1 }, body: { contextId, opnum: 0, stub } });
}

/** The host does not answer a good request, so that there is nothing to fuzz. */
export class NoGoodAnswer extends HostFailure {
  constructor(endpoint: Endpoint, what: string) {
    super({
      kind: 'rejected',
      stage: 'answer',
      endpoint,
      what: `${what}: only a host that answers good requests can be tried further`,
      saysWhen: true,
    });
  }
}

type WithoutCapabilities = Omit<RunContext, 'capabilities'>;

/**
 * Finds out what a host grants, on connections of their own.
 * @throws HostFailure where it cannot be reached; NoGoodAnswer where it grants nothing
 */
export async function learnCapabilities(
  base: WithoutCapabilities,
  random: Random,
  nowMs: number,
): Promise<Capabilities> {
  let capabilities: Capabilities = {
    ndr64: false,
    grantsAnyApplication: false,
    countsApplicationsApart: false,
    keepsConnections: true,
    requestTime: FIXED_TIME,
    signs: false,
  };
  const ask = async (application: string, requestTime: bigint): Promise<Answer | null> => {
    const context = { ...base, capabilities: { ...capabilities, requestTime } };
    const caseConnection = await CaseConnection.open(context);
    try {
      const bound = await caseConnection.contextFor('ndr32');
      if ('kind' in bound) return null;
      const request = goodKmsRequest(application, random.guid(), requestTime);
      await caseConnection.send(callOf(encodeRequest(request, base.mac), bound.contextId));
      const heard = await caseConnection.hear();
      return heard.kind === 'call' ? readAnswer(heard.pdu, 'ndr32') : null;
    } finally {
      caseConnection.drop('fin');
    }
  };
  let answer = await ask(WINDOWS, FIXED_TIME);
  if (answer?.kind === 'refusal' && answer.hresult === HRESULT.clockTooFarOff) {
    capabilities = { ...capabilities, requestTime: filetimeFromUnixMs(nowMs) };
    answer = await ask(WINDOWS, capabilities.requestTime);
  }
  if (answer === null || answer.kind === 'fault' || answer.kind === 'malformed') {
    throw new NoGoodAnswer(base.endpoint, `answers a good request with ${unusable(answer)}`);
  }
  const unknown = [
    await ask(random.guid(), capabilities.requestTime),
    await ask(random.guid(), capabilities.requestTime),
  ];
  return {
    ...capabilities,
    grantsAnyApplication: unknown.every((one) => one?.kind === 'response'),
    countsApplicationsApart: unknown.every((one) => one?.kind === 'response') && !shareATable(unknown),
    signs: answer.kind === 'response' && base.mac !== undefined && verifyMac(answer.bytes, base.mac),
    ndr64: await acceptsNdr64({ ...base, capabilities }),
    keepsConnections: await keepsConnections({ ...base, capabilities }, random),
  };
}

function unusable(answer: Extract<Answer, { kind: 'fault' | 'malformed' }> | null): string {
  if (answer === null) return 'nothing';
  if (answer.kind === 'fault')
    return `the fault ${formatStatus(answer.status)} (${faultName(answer.status)})`;
  return `an answer that does not decode (${undecodableInWords(answer.error)})`;
}

/** More than any host holds: such a count is wrong, and no sign of a table that applications share. */
const BEYOND_ANY_TABLE = 10_000;

/** Whether the counts of two applications that nobody asked for before are those of one table: the first of each would be 1. */
function shareATable(answers: readonly (Answer | null)[]): boolean {
  const [first = 0, second = 0] = answers.map((one) =>
    one?.kind === 'response' ? one.value.currentClientCount : 0,
  );
  return first >= 1 && second > 1 && second >= first && second < BEYOND_ANY_TABLE;
}

async function acceptsNdr64(context: RunContext): Promise<boolean> {
  const caseConnection = await CaseConnection.open({
    ...context,
    capabilities: { ...context.capabilities, ndr64: true },
  });
  try {
    const bound = await caseConnection.contextFor('ndr64');
    return !('kind' in bound);
  } finally {
    caseConnection.drop('fin');
  }
}

async function keepsConnections(context: RunContext, random: Random): Promise<boolean> {
  const caseConnection = await CaseConnection.open(context);
  try {
    await askGood(caseConnection, context, random, context.timeoutMs);
    return (await askGood(caseConnection, context, random, context.timeoutMs)).kind === 'call';
  } finally {
    caseConnection.drop('fin');
  }
}
