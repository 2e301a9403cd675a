/** Why bytes or a value do not fit a layout. Stable: reports and tests rely on these words. */
export type ProtocolErrorCode =
  | 'truncated' // the bytes end before the field does
  | 'trailing' // bytes are left where the structure ends
  | 'bad-value' // the field holds a value that the structure does not allow
  | 'too-long' // a length exceeds what the field or the caller allows
  | 'bad-input'; // a value handed to the encoder does not fit its field

/** What was wrong with bytes or an input, and where. */
export interface ProtocolErrorDetails {
  readonly code: ProtocolErrorCode;
  /** Names from the outermost layout inwards, such as `rpc.bind.contexts[1].transferSyntaxes[0].uuid`. */
  readonly path: string;
  /** Bytes from the start of what was decoded or encoded. */
  readonly offset: number;
  readonly expected: string;
  readonly actual: string;
}

/** The one error that codecs throw, whatever the bytes. */
export class ProtocolError extends Error implements ProtocolErrorDetails {
  readonly code: ProtocolErrorCode;
  readonly path: string;
  readonly offset: number;
  readonly expected: string;
  readonly actual: string;

  constructor(details: ProtocolErrorDetails) {
    const { stackTraceLimit } = Error;
    // Malformed bytes are no defect of ours, and path and offset say more than a stack, which costs more than decoding a message.
    if (details.code !== 'bad-input') Error.stackTraceLimit = 0;
    super(
      `${details.path} at offset ${details.offset}: expected ${details.expected}, found ${details.actual} (${details.code})`,
    );
    Error.stackTraceLimit = stackTraceLimit;
    this.code = details.code;
    this.path = details.path;
    this.offset = details.offset;
    this.expected = details.expected;
    this.actual = details.actual;
  }
}

// On the prototype: an own property for each error costs a third of making it.
ProtocolError.prototype.name = 'ProtocolError';

const BASES: Readonly<Record<string, string>> = { rpc: 'the PDU', stub: 'the stub', kms: 'the message' };

/** What an offset is counted from, by the layout that it stands in: the PDU, the stub, or the message. */
export const baseOfOffset = (path: string): string => BASES[path.split('.', 1)[0]!] ?? 'the bytes';

/** Which field does not decode, where, and why: `rpc.bindAck.resultCount at offset 41 of the PDU: expected 1, found 0`. */
export function undecodableInWords({ path, offset, expected, actual }: ProtocolErrorDetails): string {
  return `${path} at offset ${offset} of ${baseOfOffset(path)}: expected ${expected}, found ${actual}`;
}
