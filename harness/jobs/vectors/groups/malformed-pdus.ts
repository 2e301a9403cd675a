import { HEADER_SIZE, KMS_INTERFACE, NDR32, NDR64, NIL_GUID } from '../../../../protocol';
import { hexOf, integerOctets, type Value } from '../plain/lay-out';
import { type GivenPdu, type LaidPdu, layPdu } from '../plain/pdu';
import { cuts } from './cuts';
import { BYTE_ORDERS, counted, MADE, orderInWords, type Unnumbered } from './made';

type MalformedVector = Unnumbered<'malformed'>;
type Fault = MalformedVector['error'];

const context = (contextId: number, syntax: Value): Value => ({
  contextId,
  abstractSyntax: { ...KMS_INTERFACE },
  transferSyntaxes: [syntax],
});
const BIND = {
  maxXmitFrag: 5840,
  maxRecvFrag: 5840,
  contexts: [context(0, NDR32), context(1, NDR64)] as never,
};
const BIND_ACK = {
  ...{
    maxXmitFrag: 5840,
    maxRecvFrag: 5840,
    assocGroupId: 0x01020304,
    secondaryAddress: '31363838',
    padding: '3136',
  },
  results: [
    { result: 0, reason: 0, transferSyntax: { ...NDR32 } },
    { result: 2, reason: 2, transferSyntax: { uuid: NIL_GUID, version: 0 } },
  ],
};

/** One of each kind whose body has fields; their stubs are empty, since any octets are a stub. */
const WHOLE: readonly GivenPdu[] = [
  { kind: 'bind', body: BIND },
  { kind: 'alterContext', body: BIND },
  { kind: 'bindAck', body: BIND_ACK },
  { kind: 'alterContextResp', body: BIND_ACK },
  { kind: 'bindNak', body: { reason: 4, versions: [{ major: 5, minor: 0 }] } },
  { kind: 'request', body: { contextId: 1, opnum: 0 } },
  { kind: 'request', body: { contextId: 1, opnum: 0, objectUuid: KMS_INTERFACE.uuid } },
  { kind: 'response', body: { contextId: 1 } },
  { kind: 'fault', body: { contextId: 1, status: 0x1c010002 } },
];

/** Counts and lengths that claim one more, or many more, than there is; each moves nothing that comes before what it counts. */
const LIES: readonly { readonly given: GivenPdu; readonly lie: string; readonly path: string }[] = [
  {
    given: { kind: 'bind', body: { ...BIND, contextCount: 3 } },
    lie: '3 contexts of 2',
    path: 'rpc.bind.contexts[2].contextId',
  },
  {
    given: { kind: 'bind', body: { ...BIND, contextCount: 255 } },
    lie: '255 contexts of 2',
    path: 'rpc.bind.contexts[2].contextId',
  },
  {
    given: {
      kind: 'bind',
      body: { ...BIND, contexts: [{ ...context(0, NDR32), transferSyntaxCount: 2 }] as never },
    },
    lie: '2 transfer syntaxes of 1',
    path: 'rpc.bind.contexts[0].transferSyntaxes[1].uuid',
  },
  {
    given: { kind: 'bindAck', body: { ...BIND_ACK, resultCount: 3 } },
    lie: '3 results of 2',
    path: 'rpc.bindAck.results[2].result',
  },
  {
    given: { kind: 'bindAck', body: { ...BIND_ACK, resultCount: 255 } },
    lie: '255 results of 2',
    path: 'rpc.bindAck.results[2].result',
  },
  {
    given: { kind: 'bindNak', body: { reason: 4, versionCount: 2, versions: [{ major: 5, minor: 0 }] } },
    lie: '2 versions of 1',
    path: 'rpc.bindNak.versions[1].major',
  },
  {
    given: { kind: 'bindNak', body: { reason: 4, versionCount: 9 } },
    lie: '9 versions of none',
    path: 'rpc.bindNak.versions[0].major',
  },
];

const ADDRESS_AT = 26;

export function* malformedPdus(): Generator<MalformedVector> {
  for (const bigEndian of BYTE_ORDERS) {
    const vector = (comment: string, octets: readonly number[], error: Fault): MalformedVector => ({
      ...{
        comment: `${comment}; ${orderInWords(bigEndian)}`,
        source: MADE,
        bytes: hexOf(octets),
        of: 'pdu',
        error,
      },
    });
    for (const given of WHOLE) {
      const laid = layPdu({ ...given, bigEndian });
      for (const { size, path, offset } of cuts(laid.fields)) {
        if (size < HEADER_SIZE && given.kind !== 'bind') continue;
        const octets = size < HEADER_SIZE ? laid.octets.slice(0, size) : withLength(laid, size, bigEndian);
        yield vector(`${given.kind} of ${size} octets`, octets, { code: 'truncated', path, offset });
      }
    }
    for (const { given, lie, path } of LIES) {
      const { octets } = layPdu({ ...given, bigEndian });
      yield vector(lie, octets, { code: 'truncated', path, offset: octets.length });
    }
    const address = { code: 'truncated', path: 'rpc.bindAck.secondaryAddress', offset: ADDRESS_AT } as const;
    for (const secondaryAddressLength of [200, 0xffff]) {
      const { octets } = layPdu({
        kind: 'bindAck',
        bigEndian,
        body: { ...BIND_ACK, secondaryAddressLength },
      });
      yield vector(`a secondary address of ${secondaryAddressLength} octets`, octets, address);
    }
    yield* headers(bigEndian, vector);
  }
}

function* headers(
  bigEndian: boolean,
  vector: (comment: string, octets: readonly number[], error: Fault) => MalformedVector,
): Generator<MalformedVector> {
  const given = { kind: 'request', bigEndian, body: { contextId: 1, opnum: 0, stub: counted(12) } } as const;
  const { length } = layPdu(given).octets;
  const lay = (header: Value) => layPdu({ ...given, header }).octets;
  for (const rpcVers of [0, 4, 6, 255]) {
    yield vector(`rpc_vers ${rpcVers}`, lay({ rpcVers }), {
      code: 'bad-value',
      path: 'rpc.header.rpcVers',
      offset: 0,
    });
  }
  for (const fragLength of [0, 15, 16, length - 1, length + 1, 0xffff]) {
    const error = { code: 'bad-value', path: 'rpc.header.fragLength', offset: 8 } as const;
    yield vector(`frag_length ${fragLength} of ${length}`, lay({ fragLength }), error);
  }
  // The verifier is auth_length and 8 octets more, and the header is not part of it.
  for (const authLength of [length - HEADER_SIZE - 7, length, 0xffff]) {
    const error = { code: 'too-long', path: 'rpc.header.authLength', offset: 10 } as const;
    yield vector(`auth_length ${authLength} of ${length} octets`, lay({ authLength }), error);
  }
  const error = { code: 'truncated', path: 'rpc.request.allocHint', offset: HEADER_SIZE } as const;
  yield vector('a verifier that leaves no body', lay({ authLength: length - HEADER_SIZE - 8 }), error);
}

/** Cut short, with a frag_length that says so: what is missing is then a field of the body. */
function withLength({ octets, fields }: LaidPdu, size: number, bigEndian: boolean): number[] {
  const { offset } = fields.find(({ path }) => path === 'rpc.header.fragLength')!;
  const cut = octets.slice(0, size);
  cut.splice(offset, 2, ...integerOctets(BigInt(size), 2, bigEndian));
  return cut;
}
