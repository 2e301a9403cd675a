import {
  decodeRequestStub,
  type Encoding,
  type KmsRequestInput,
  NIL_GUID,
  ProtocolError,
  REQUEST_SIZE,
} from '../../../protocol';
import { MAX_LICENSE_STATUS } from '../../model/client-state';
import type { AskStep, BoundContext, FieldChange } from '../case';
import type { ClauseId } from './clauses';

/** What a conforming host may make of a request. */
export interface Expectation {
  /** The clause by which it must be granted, and that by which it must not be; both null where none settles it. */
  readonly granted: ClauseId | null;
  readonly denied: ClauseId | null;
  /** False where the host may wait for more bytes, or take no notice. */
  readonly mustReact: boolean;
  /** What else the message is: a version 4.0 request, one with more behind it, or something that no source says how to answer. */
  readonly message: 'version 4' | 'long' | 'other';
}

/** What a host that says nothing may have had in mind: what of a request was unusual, and the clause by which it must not be granted. */
export const silenceKinds = (tags: readonly string[], { denied }: Expectation): readonly string[] =>
  denied === null ? tags : [...tags, denied];

/** Header fields that change how a PDU is framed, joined or dispatched. */
const FRAMING_FIELDS = ['rpcVers', 'rpcVersMinor', 'ptype', 'pfcFlags', 'fragLength', 'authLength'];
/** As servers and client OSes send it: others a host may refuse, no clause says which. */
const USUAL_POLICIES: readonly number[] = [5, 25];

/** The message that a stub holds for a host that reads it as C706 says, null where its lengths lie. */
export function readMessage(stub: Uint8Array, encoding: Encoding): Uint8Array | null {
  try {
    const { requestSize, maxCount, message } = decodeRequestStub(stub, encoding);
    return BigInt.asUintN(32, requestSize) === maxCount ? message : null;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

export function expectationOf(
  step: AskStep,
  request: KmsRequestInput,
  context: BoundContext,
  message: Uint8Array | null,
): Expectation {
  const isReframed = step.header.some(({ field }) => FRAMING_FIELDS.includes(field));
  const kind = kindOf(message, request);
  const settles = { mustReact: !isReframed, message: kind };
  const denied = isReframed ? null : denialOf(step, context, message);
  if (denied !== null || isReframed || kind !== 'version 4') return { granted: null, denied, ...settles };
  return { granted: grantOf(step, request), denied: null, ...settles };
}

function kindOf(message: Uint8Array | null, request: KmsRequestInput): Expectation['message'] {
  if (message === null || request.majorVersion !== 4 || request.minorVersion !== 0) return 'other';
  if (message.length === REQUEST_SIZE) return 'version 4';
  return message.length > REQUEST_SIZE ? 'long' : 'other';
}

/** What must not be granted: another operation, another context, a stub whose lengths lie. */
function denialOf(step: AskStep, context: BoundContext, message: Uint8Array | null): ClauseId | null {
  if (step.body.some(({ field, value }) => field === 'opnum' && value !== 0)) return 'RPC-09';
  const isElsewhere = ({ field, value }: AskStep['body'][number]): boolean =>
    field === 'contextId' && value !== context.contextId;
  if (step.body.some(isElsewhere)) return 'RPC-10';
  return message === null ? 'RPC-20' : null;
}

/** The clause by which a request must be granted: by what is unusual about it, or by being as clients send it. */
function grantOf(step: AskStep, request: KmsRequestInput): ClauseId | null {
  const { fragmentSize, body, cuts, syntax, callId, message } = step;
  if (step.objectUuid !== null || step.bigEndian || hasTrailing(step)) return null;
  if (request.clientMachineId === NIL_GUID) return null;
  const clauses = message.map((change) => grantOfField(change, request));
  if (clauses.includes(null)) return null;
  // Fragments are cut at multiples of 8 (C706 12.6.3.1), and the first may be refused for the length that it announces.
  const isHinted = body.some(({ field }) => field === 'allocHint');
  if (fragmentSize !== null) return fragmentSize % 8 === 0 && !isHinted ? 'RPC-14' : null;
  if (isHinted) return 'RPC-18';
  const [told] = clauses;
  if (told !== undefined && told !== null && told !== 'CNT-16') return told;
  if (step.previous !== null) return 'MSG-10';
  if (cuts.length > 0) return 'RPC-15';
  if (callId === 0 || callId === 0xffffffff) return 'RPC-06';
  return syntax === 'ndr64' ? 'RPC-19' : 'CNT-16';
}

const hasTrailing = ({ stub }: AskStep): boolean =>
  stub.some(({ field, value }) => field === 'trailing' && (value as Uint8Array).length > 0);

/** By which clause a request is granted whatever stands in this field; null where none says so. */
function grantOfField({ field, mode }: FieldChange, request: KmsRequestInput): ClauseId | null {
  switch (field) {
    case 'licenseStatus':
      return request.licenseStatus <= MAX_LICENSE_STATUS ? 'MSG-10' : null;
    case 'isVirtualMachine':
      return request.isVirtualMachine <= 1 ? 'MSG-10' : null;
    case 'previousClientMachineId':
      return 'MSG-10';
    case 'workstationName':
      if (mode === 'valid') return 'CNT-16';
      return isName(request.workstationName) ? 'MSG-11' : null;
    case 'requiredClientCount':
      return USUAL_POLICIES.includes(request.requiredClientCount) ? 'CNT-16' : null;
    default:
      return null;
  }
}

const isName = (name: KmsRequestInput['workstationName']): boolean =>
  typeof name === 'string' && !/[\0-\x1f\x7f-\x9f]|[\ud800-\udfff]/.test(name);
