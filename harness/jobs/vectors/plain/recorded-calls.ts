import {
  kmsRequest,
  kmsResponse,
  type Layout,
  NDR32,
  NDR64,
  refusalStub,
  requestStub,
  responseStub,
  sealedMessage,
  type TransferSyntax,
} from '../../../../protocol';
import { octetsOf, type Value } from './lay-out';
import { readPdu } from './pdu';
import { readOut } from './read-out';
import type { RecordedConnection } from './recordings';

/** One call of a recording: its stubs in hex, and how they are laid out. */
export interface RecordedCall {
  readonly recording: string;
  readonly callId: number;
  readonly transferSyntax: TransferSyntax;
  readonly request: string;
  readonly answer: string;
}

/** The calls of a connection, in order; every one of the recordings is of one fragment each way. */
export function recordedCalls({ recording, sent, received }: RecordedConnection): RecordedCall[] {
  const syntaxes = new Map<unknown, TransferSyntax>();
  const calls: RecordedCall[] = [];
  sent.forEach((octets, i) => {
    const [asked, answered] = [readPdu(octets), readPdu(received[i]!)];
    if (asked.kind !== 'request') return void learnContexts(asked.body, answered.body, syntaxes);
    calls.push({
      recording,
      callId: asked.header['callId'] as number,
      transferSyntax: syntaxes.get(asked.body['contextId'])!,
      request: asked.body['stub'] as string,
      answer: answered.body['stub'] as string,
    });
  });
  return calls;
}

/** Each result of a bind_ack is that of the context in the same place of the bind. */
function learnContexts(offered: Value, answered: Value, syntaxes: Map<unknown, TransferSyntax>): void {
  const contexts = offered['contexts'] as Value[];
  (answered['results'] as Value[]).forEach(({ result, transferSyntax }, i) => {
    const { uuid } = transferSyntax as Value;
    if (result !== 0) return;
    if (uuid === NDR32.uuid) syntaxes.set(contexts[i]!['contextId'], 'ndr32');
    if (uuid === NDR64.uuid) syntaxes.set(contexts[i]!['contextId'], 'ndr64');
  });
}

const widthOf = (syntax: TransferSyntax): 4 | 8 => (syntax === 'ndr64' ? 8 : 4);

/** A recorded stub by its table: recordings are little-endian. */
export function readStub(of: 'request' | 'answer', stub: string, syntax: TransferSyntax) {
  const octets = Buffer.from(stub, 'hex');
  const encoding = { bigEndian: false, ndrWidth: widthOf(syntax) };
  const kind =
    of === 'request' ? 'request' : isNull(octetsOf(stub), encoding.ndrWidth) ? 'refusal' : 'response';
  return { kind, value: readOut(STUBS[kind], octets, encoding) } as const;
}

const STUBS: Readonly<Record<'request' | 'response' | 'refusal', Layout>> = {
  request: requestStub,
  response: responseStub,
  refusal: refusalStub,
};

const isNull = (octets: readonly number[], width: number): boolean =>
  octets.slice(width, 2 * width).every((octet) => octet === 0);

/** A recorded message by its table; of versions 5 and 6, what is in clear. */
export function readMessage(of: 'request' | 'response', message: string) {
  const octets = Buffer.from(message, 'hex');
  const isSealed = octets.readUInt16LE(2) !== 4;
  const encoding = { bigEndian: false, ndrWidth: 4 } as const;
  const clear = of === 'request' ? kmsRequest : kmsResponse;
  return isSealed
    ? ({ kind: 'sealed', value: readOut(sealedMessage, octets, encoding) } as const)
    : ({ kind: 'clear', value: readOut(clear, octets, encoding) } as const);
}
