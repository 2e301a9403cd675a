import {
  encodePdu,
  encodeRequest,
  encodeRequestStub,
  type KmsRequestInput,
  type PduInputOf,
  stubEncoding,
} from '../../../../protocol';
import { offerAlterContext, offerBind, type OfferOptions } from '../../../client/bind-offer';
import {
  type AskStep,
  type FieldChange,
  type FuzzCase,
  GOOD_ASK,
  type RawStep,
  type Step,
} from '../../../cases/case';
import { WINDOWS } from '../../../cases/conduct/capabilities';
import { goodKmsRequest } from '../../../cases/conduct/probe';

/** Words in which conversations are written that no seed is likely to draw. */

const digits = (number: number, width: number): string => number.toString(16).padStart(width, '0');

/** GUIDs that stand for those of a conversation: each time that it is held, others take their places. */
export const application = (number: number): string =>
  `7a21c6b0-0d5e-4f38-a2c4-0000000000${digits(number, 2)}`;
export const machine = (number: number): string => `3d90e7f4-58ab-4b16-8c7d-0000000000${digits(number, 2)}`;

/** Those of calls that are put together beforehand among them. */
const USUAL_MACHINES = 8;

/** Machines of a conversation are numbered from 0; the last one asks where a step names none. */
export function conversation(steps: readonly Step[], given: Partial<FuzzCase> = {}): FuzzCase {
  const asked = steps.flatMap((step) => ('machine' in step ? [step.machine ?? 0] : []));
  return {
    level: 'sequence',
    applications: [application(0), application(1)],
    machines: Array.from(
      { length: Math.max(USUAL_MACHINES, ...asked.map((number) => number + 1)) },
      (_, number) => machine(number),
    ),
    canary: 0x0d1f0000,
    steps,
    ...given,
  };
}

export const ask = (machineIndex: number, change: Partial<AskStep> = {}): AskStep => ({
  ...GOOD_ASK,
  machine: machineIndex,
  ...change,
});
/** As a client OS, with its N_Policy of 25. */
export const client = (machineIndex: number, change: Partial<AskStep> = {}): AskStep =>
  ask(machineIndex, { server: false, ...change });

export const field = (name: keyof KmsRequestInput, value: unknown): FieldChange => ({
  field: name,
  mode: 'boundary',
  value,
});
/** A request of which some fields are otherwise. */
export const asks = (machineIndex: number, fields: Partial<KmsRequestInput>): AskStep =>
  ask(machineIndex, {
    message: Object.entries(fields).map(([name, value]) => field(name as keyof KmsRequestInput, value)),
  });

export const policy = (machineIndex: number, requiredClientCount: number): AskStep =>
  asks(machineIndex, { requiredClientCount });

export const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** A request with octets of a call that is not as it ought to be. */
type Call = Partial<PduInputOf<'request'>['body']> & {
  readonly header?: PduInputOf<'request'>['header'];
  readonly message?: Uint8Array;
};

/** A whole call of a machine, ready to be sent; its time is fixed, and it is not signed. */
export function call(machineIndex: number, { header, message, ...body }: Call = {}): Uint8Array {
  const request = goodKmsRequest(application(0), machine(machineIndex), FIXED_TIME);
  const stub = encodeRequestStub({ message: message ?? encodeRequest(request) }, stubEncoding('ndr32'));
  return encodePdu({
    kind: 'request',
    header: { callId: machineIndex + 1, ...header },
    body: { contextId: 0, opnum: 0, stub, ...body },
  });
}

/** 2026-11-21 08:00 UTC. */
const FIXED_TIME = 134_082_504_000_000_000n;

export const bindPdu = (options: OfferOptions = {}): Uint8Array =>
  offerBind({ syntaxes: ['ndr32'], btfn: null, ...options }).pdu;
export const alterPdu = (options: OfferOptions = {}): Uint8Array => offerAlterContext(options).pdu;

/** PDUs one after the other on a connection, each in a segment of its own. */
export const stream = (pdus: readonly Uint8Array[], on = 0): RawStep => ({
  ...together(pdus, on),
  cuts: pdus.slice(0, -1).map((_, at) => pdus.slice(0, at + 1).reduce((sum, pdu) => sum + pdu.length, 0)),
});

/** PDUs in one write. */
export const together = (pdus: readonly Uint8Array[], on = 0): RawStep => ({
  kind: 'raw',
  on,
  bytes: Buffer.concat(pdus),
  cuts: [],
  bound: false,
  mode: 'valid',
  what: pdus.length === 1 ? 'one PDU' : `${pdus.length} PDUs`,
});

/** What is asked of the table of Windows. */
export const ofWindows = (steps: readonly Step[]): FuzzCase =>
  conversation(steps, { applications: [WINDOWS, application(1)] });
