import {
  encodeRequest,
  filetimeFromUnixMs,
  HRESULT,
  type KmsRequestInput,
  product,
  readAnswer,
  encodePdu,
  encodeRequestStub,
  stubEncoding,
  type Answer,
  verifyMac,
} from '../../../protocol';
import { HostFailure, type Endpoint } from '../../client';
import type { Random } from '../../random';
import { type Capabilities, type RunContext, WINDOWS } from './capabilities';
import { Dialogue, type Heard } from './dialogue';

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
export async function lifeOf(context: RunContext, random: Random, patience = SLOW_FACTOR): Promise<Life> {
  let dialogue: Dialogue;
  const startedAt = performance.now();
  try {
    dialogue = await Dialogue.open(context);
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    return error.kind === 'timed-out' ? 'silent' : 'gone';
  }
  try {
    const heard = await askGood(dialogue, context, random, patience * context.timeoutMs);
    if (heard.kind === 'timeout') return 'silent';
    if (heard.kind === 'reset' || heard.kind === 'closed')
      return (await stopsListening(context)) ? 'gone' : 'silent';
    return performance.now() - startedAt > context.timeoutMs ? 'slow' : 'answers';
  } finally {
    dialogue.drop('fin');
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
    (await Dialogue.open(context)).drop('fin');
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
  const { kmsCountedId, requiredClientCount, skus } = product('r2-b');
  return {
    minorVersion: 0,
    majorVersion: 4,
    isVirtualMachine: 0,
    licenseStatus: 2,
    bindingExpirationMinutes: 43_200,
    applicationId,
    skuId: skus[0].skuId,
    kmsCountedId,
    clientMachineId,
    requiredClientCount,
    requestTime,
    previousClientMachineId: '00000000-0000-0000-0000-000000000000',
    workstationName: 'FZ-PROBE.example.test',
  };
}

async function askGood(
  dialogue: Dialogue,
  context: RunContext,
  random: Random,
  timeoutMs: number,
): Promise<Heard> {
  const bound = await dialogue.contextFor('ndr32');
  if ('kind' in bound) return bound;
  const { capabilities, mac } = context;
  const application = capabilities.grantsAnyApplication ? random.guid() : WINDOWS;
  const request = goodKmsRequest(application, random.guid(), capabilities.requestTime);
  await dialogue.send(callOf(encodeRequest(request, mac), bound.contextId));
  return dialogue.hear(timeoutMs);
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
      what: `${what}; a host is fuzzed that answers good requests`,
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
    keepsConnections: true,
    requestTime: FIXED_TIME,
    signs: false,
  };
  const ask = async (application: string, requestTime: bigint): Promise<Answer | null> => {
    const context = { ...base, capabilities: { ...capabilities, requestTime } };
    const dialogue = await Dialogue.open(context);
    try {
      const bound = await dialogue.contextFor('ndr32');
      if ('kind' in bound) return null;
      const request = goodKmsRequest(application, random.guid(), requestTime);
      await dialogue.send(callOf(encodeRequest(request, base.mac), bound.contextId));
      const heard = await dialogue.hear();
      return heard.kind === 'call' ? readAnswer(heard.pdu, 'ndr32') : null;
    } finally {
      dialogue.drop('fin');
    }
  };
  let answer = await ask(WINDOWS, FIXED_TIME);
  if (answer?.kind === 'refusal' && answer.hresult === HRESULT.clockTooFarOff) {
    capabilities = { ...capabilities, requestTime: filetimeFromUnixMs(nowMs) };
    answer = await ask(WINDOWS, capabilities.requestTime);
  }
  if (answer === null || answer.kind === 'fault' || answer.kind === 'malformed') {
    throw new NoGoodAnswer(base.endpoint, `answers a good request with ${answer?.kind ?? 'nothing'}`);
  }
  const unknown = await ask(random.guid(), capabilities.requestTime);
  return {
    ...capabilities,
    grantsAnyApplication: unknown?.kind === 'response',
    signs: answer.kind === 'response' && base.mac !== undefined && verifyMac(answer.bytes, base.mac),
    ndr64: await acceptsNdr64({ ...base, capabilities }),
    keepsConnections: await keepsConnections({ ...base, capabilities }, random),
  };
}

async function acceptsNdr64(context: RunContext): Promise<boolean> {
  const dialogue = await Dialogue.open({
    ...context,
    capabilities: { ...context.capabilities, ndr64: true },
  });
  try {
    const bound = await dialogue.contextFor('ndr64');
    return !('kind' in bound);
  } finally {
    dialogue.drop('fin');
  }
}

async function keepsConnections(context: RunContext, random: Random): Promise<boolean> {
  const dialogue = await Dialogue.open(context);
  try {
    await askGood(dialogue, context, random, context.timeoutMs);
    return (await askGood(dialogue, context, random, context.timeoutMs)).kind === 'call';
  } finally {
    dialogue.drop('fin');
  }
}
