import {
  btfnSyntax,
  DREP_BIG_ENDIAN,
  encodePdu,
  encodeRequest,
  encodeRequestStub,
  fragment,
  KMS_INTERFACE,
  type KmsRequestInput,
  type Mac,
  NIL_GUID,
  PFC,
  PFC_WHOLE,
  product,
  type PduInputOf,
  REQUEST_SIZE,
  stubEncoding,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
} from '../../../protocol';
import { buildRequest } from '../../model/machine-request';
import {
  type BoundContext,
  type AskStep,
  type BindStep,
  type FieldChange,
  type FuzzCase,
  GOOD_ASK,
  type PiecesStep,
} from '../case';
import { readMessage, type Expectation, expectationOf } from '../judge/expectation';

/** What of the campaign goes into the bytes of a case. */
export interface RenderContext {
  readonly requestTime: bigint;
  readonly mac: Mac | undefined;
}

/** A request, ready to be sent, and what may come of it. */
export interface RenderedAsk {
  readonly request: KmsRequestInput;
  readonly callId: number;
  readonly contextId: number;
  readonly syntax: TransferSyntax;
  readonly bytes: Uint8Array;
  /** Length of the message, whatever the stub says of it. */
  readonly messageBytes: number;
  readonly expectation: Expectation;
}

const CLIENT = product('win7');
const SERVER = product('r2-b');

/** The message of a machine of the case, before anything of it is changed. */
export function goodRequest(
  fuzzCase: FuzzCase,
  { machine, application, server }: Pick<AskStep, 'machine' | 'application' | 'server'>,
  requestTime: bigint,
): KmsRequestInput {
  return buildRequest(
    {
      product: server ? SERVER : CLIENT,
      applicationId: fuzzCase.applications[application],
      clientMachineId: fuzzCase.machines[machine] ?? NIL_GUID,
      name: nameOf(fuzzCase, machine),
    },
    requestTime,
  );
}

/** A request as clients send it, of the last machine of the case. */
export const goodAsk = ({ machines }: FuzzCase): AskStep => ({ ...GOOD_ASK, machine: machines.length - 1 });

/** Every machine of every case has a name of its own: by it a leak is told. */
export const nameOf = ({ canary }: Pick<FuzzCase, 'canary'>, machine: number): string =>
  `FZ-${canary.toString(16).padStart(8, '0')}-${machine}`;

/** The values with what a step changes put into them. */
function changed<T extends object>(values: T, changes: readonly FieldChange[]): T {
  for (const { field, value } of changes) (values as Record<string, unknown>)[field] = value;
  return values;
}

export function renderAsk(
  fuzzCase: FuzzCase,
  step: AskStep,
  context: BoundContext,
  { requestTime, mac }: RenderContext,
): RenderedAsk {
  const request = goodRequest(fuzzCase, step, requestTime);
  if (step.previous !== null)
    Object.assign(request, { previousClientMachineId: fuzzCase.machines[step.previous] ?? NIL_GUID });
  changed(request, step.message);
  const message = resized(encodeRequest(request, mac), step.messageSize);
  const encoding = stubEncoding(context.syntax, step.bigEndian);
  const stub = encodeRequestStub(changed({ message }, step.stub), encoding);
  const header: PduInputOf<'request'>['header'] = { callId: step.callId };
  const body: PduInputOf<'request'>['body'] = { contextId: context.contextId, opnum: 0, stub };
  const call: PduInputOf<'request'> = {
    kind: 'request',
    header: changed(step.bigEndian ? { ...header, drep: DREP_BIG_ENDIAN } : header, step.header),
    body: changed(step.objectUuid === null ? body : { ...body, objectUuid: step.objectUuid }, step.body),
  };
  // A stub of which nothing was changed is read as it was written.
  const asWritten = step.stub.length === 0 && step.messageSize === null;
  const pdus = step.fragmentSize === null ? [call] : fragment(call, step.fragmentSize);
  return {
    request,
    callId: step.callId,
    contextId: call.body.contextId,
    syntax: context.syntax,
    bytes: joined(pdus.map((pdu) => encodePdu(pdu))),
    messageBytes: message.length,
    expectation: expectationOf(step, request, context, asWritten ? message : readMessage(stub, encoding)),
  };
}

const joined = (pdus: readonly Uint8Array[]): Uint8Array =>
  pdus.length === 1 ? pdus[0]! : Buffer.concat(pdus);

function resized(message: Uint8Array, size: number | null): Uint8Array {
  if (size === null || size === REQUEST_SIZE) return message;
  const bytes = Buffer.alloc(size);
  bytes.set(message.subarray(0, size));
  return bytes;
}

/** The fragments of a good request in the order that the step has them, each a PDU. */
export function renderPieces(
  fuzzCase: FuzzCase,
  step: PiecesStep,
  context: BoundContext,
  { requestTime, mac }: RenderContext,
): Uint8Array {
  const request = goodRequest(fuzzCase, { ...step, server: true }, requestTime);
  const stub = encodeRequestStub({ message: encodeRequest(request, mac) }, stubEncoding(context.syntax));
  let sent = 0;
  const pdus = step.pieces.map(({ first, last, size, callIdOffset, instead }) => {
    const callId = step.callId + callIdOffset;
    if (instead !== null)
      return encodePdu({
        kind: instead === 'orphaned' ? 'orphaned' : 'coCancel',
        header: { callId },
        body: {},
      });
    const part = stub.subarray(sent, sent + size);
    sent += part.length;
    const pfcFlags = (first ? PFC.firstFrag : 0) | (last ? PFC.lastFrag : 0);
    return encodePdu({
      kind: 'request',
      header: { callId, pfcFlags },
      body: { contextId: context.contextId, opnum: 0, stub: part },
    });
  });
  return Buffer.concat(pdus);
}

export const BIND_CALL_ID = 1;

/**
 * A bind, or an alter_context on a connection that is bound.
 * @param assocGroupId of the association that it asks to belong to; 0 for one of its own
 */
export function renderBind(step: BindStep, alter: boolean, assocGroupId = 0): Uint8Array {
  const context = (contextId: number, uuid: string, version: number) => ({
    contextId: contextId & 0xffff,
    abstractSyntax: KMS_INTERFACE,
    transferSyntaxes: [{ uuid, version }],
  });
  const { uuid, version } = TRANSFER_SYNTAXES[step.syntax];
  const features = btfnSyntax(3);
  const contexts = [
    context(step.contextId, uuid, version),
    ...(step.features ? [context(step.contextId + 1, features.uuid, features.version)] : []),
  ];
  return encodePdu({
    kind: alter ? 'alterContext' : 'bind',
    header: { callId: BIND_CALL_ID, pfcFlags: alter ? PFC_WHOLE : PFC_WHOLE | PFC.concMpx },
    body: changed({ maxXmitFrag: 5840, maxRecvFrag: 5840, assocGroupId, contexts }, step.body),
  });
}
