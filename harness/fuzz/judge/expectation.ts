import {
  decodeRequestStub,
  type Encoding,
  type KmsRequestInput,
  ProtocolError,
  REQUEST_SIZE,
} from '../../../protocol';
import type { AskStep } from '../case';
import type { BoundContext } from '../conduct/render';

/** What a conforming host may make of a request. */
export interface Expectation {
  /** `granted`: it must be; `denied`: it must not be; `any`: a source leaves it open. */
  readonly grant: 'granted' | 'denied' | 'any';
  /** False where the host may wait for more bytes, or take no notice. */
  readonly mustReact: boolean;
  /** The message's version and what else it holds are a version 4.0 request's. */
  readonly isVersion4: boolean;
}

/** The largest N_Policy that a host takes (wire format, section 3). */
const MAX_REQUIRED_COUNT = 1000;
const MAX_LICENSE_STATUS = 6;
/** Header fields that change how a PDU is framed, joined or dispatched. */
const FRAMING_FIELDS = ['rpcVers', 'rpcVersMinor', 'ptype', 'pfcFlags', 'fragLength', 'authLength'];
/** 1970 and the end of 9999: beyond, a client's clock is odd. */
const SANE_TIMES = [116_444_736_000_000_000n, 2_650_467_743_999_999_999n] as const;

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
  const isVersion4 =
    message?.length === REQUEST_SIZE && request.majorVersion === 4 && request.minorVersion === 0;
  const isAddressed = !step.body.some(
    ({ field, value }) =>
      (field === 'opnum' && value !== 0) || (field === 'contextId' && value !== context.contextId),
  );
  const mustReact = !isReframed;
  if (!isVersion4 || !isAddressed) return { grant: isReframed ? 'any' : 'denied', mustReact, isVersion4 };
  const isPlain = !isReframed && step.objectUuid === null && !step.bigEndian && isWholeFragments(step);
  const isGood = isPlain && !hasTrailing(step) && isGoodMessage(request);
  return { grant: isGood ? 'granted' : 'any', mustReact, isVersion4 };
}

/** Fragments are cut at multiples of 8 (C706 12.6.3.1); others a host may refuse. */
const isWholeFragments = ({ fragmentSize }: AskStep): boolean =>
  fragmentSize === null || fragmentSize % 8 === 0;

const hasTrailing = ({ stub }: AskStep): boolean =>
  stub.some(({ field, value }) => field === 'trailing' && (value as Uint8Array).length > 0);

function isGoodMessage(request: KmsRequestInput): boolean {
  const { requiredClientCount, licenseStatus, isVirtualMachine, requestTime, workstationName } = request;
  return (
    requiredClientCount >= 1 &&
    requiredClientCount <= MAX_REQUIRED_COUNT &&
    licenseStatus <= MAX_LICENSE_STATUS &&
    isVirtualMachine <= 1 &&
    requestTime >= SANE_TIMES[0] &&
    requestTime <= SANE_TIMES[1] &&
    typeof workstationName === 'string' &&
    !/[\0-\x1f\x7f-\x9f]|[\ud800-\udfff]/.test(workstationName)
  );
}
