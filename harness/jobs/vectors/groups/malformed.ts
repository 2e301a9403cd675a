import {
  kmsRequest,
  kmsResponse,
  type Layout,
  refusalStub,
  requestStub,
  responseStub,
  sealedMessage,
} from '../../../../protocol';
import { hexOf, layOut, octetsOf, type Value } from '../plain/lay-out';
import { cuts } from './cuts';
import { counted, ENCODINGS, encodingOf, inWords, MADE, type StubEncoding, type Unnumbered } from './made';
import { malformedPdus } from './malformed-pdus';

type MalformedVector = Unnumbered<'malformed'>;
type Fault = MalformedVector['error'];

/** What no decoder may take, and where it must see it. Where a structure is cut, that is the first field of which octets are missing. */
export function* malformed(): Generator<MalformedVector> {
  yield* malformedPdus();
  for (const encoding of ENCODINGS) yield* stubs(encoding);
  yield* messages();
}

function* stubs(encoding: StubEncoding): Generator<MalformedVector> {
  const width = encodingOf(encoding).ndrWidth;
  const vector = (
    of: 'requestStub' | 'answerStub',
    comment: string,
    octets: readonly number[],
    error: Fault,
  ) =>
    ({
      comment: `${comment}; ${inWords(encoding)}`,
      source: MADE,
      bytes: hexOf(octets),
      of,
      ...encoding,
      error,
    }) as const;
  const lay = (table: Layout, given: Value) => layOut(table, given, encodingOf(encoding));
  const message = counted(9);

  for (const [of, table, given] of [
    ['requestStub', requestStub, { message }],
    ['answerStub', responseStub, { message }],
    ['answerStub', refusalStub, { hresult: 0x8007000d }],
  ] as const) {
    const { octets, fields } = lay(table, given);
    for (const { size, path, offset } of cuts(fields)) {
      // Until the pointer is there, nothing tells a response from a refusal: it is read as one.
      const read =
        of === 'answerStub' && size < 2 * width ? path.replace('stub.response', 'stub.refusal') : path;
      const error = { code: 'truncated', path: read, offset } as const;
      yield vector(of, `${table.name} of ${size} octets`, octets.slice(0, size), error);
    }
  }
  const most = encoding.transferSyntax === 'ndr64' ? 2n ** 64n - 1n : 2n ** 32n - 1n;
  for (const maxCount of ['10', '256', '2147483648', String(most)]) {
    for (const [of, table, lengths] of [
      ['requestStub', requestStub, 2],
      ['answerStub', responseStub, 3],
    ] as const) {
      // Nothing behind the message, which would else be taken for the rest of it.
      const { octets } = lay(table, { maxCount, message });
      const error = { code: 'truncated', path: `${table.name}.message`, offset: lengths * width } as const;
      yield vector(
        of,
        `a maximum count of ${maxCount}, 9 octets`,
        octets.slice(0, lengths * width + 9),
        error,
      );
    }
  }
}

const LITTLE = { bigEndian: false, ndrWidth: 4 } as const;
const EPID = 'ABC';
const BASES = [
  ['requestMessage', kmsRequest, { majorVersion: 4, workstationName: 'PC-1' }],
  ['responseMessage', kmsResponse, { majorVersion: 4, ePid: EPID }],
] as const;
const GUIDS = Object.fromEntries(
  ['applicationId', 'skuId', 'kmsCountedId', 'clientMachineId', 'previousClientMachineId'].map((name, i) => [
    name,
    `${i}0112233-4455-6677-8899-aabbccddeeff`,
  ]),
);
/** Octets before the version of a message is known. */
const VERSION_END = 4;

function* messages(): Generator<MalformedVector> {
  for (const [of, table, given] of BASES) {
    const { octets, fields } = layOut(
      table,
      { ...GUIDS, requestTime: '128790414900000000', ...given },
      LITTLE,
    );
    const vector = (comment: string, bytes: readonly number[], error: Fault): MalformedVector => ({
      comment,
      source: MADE,
      bytes: hexOf(bytes),
      of,
      error,
    });
    for (const { size, path, offset } of cuts(fields)) {
      yield vector(`${table.name} of ${size} octets`, octets.slice(0, size), {
        code: 'truncated',
        path,
        offset,
      });
    }
    for (const size of [1, 2, 16, 100]) {
      const error = { code: 'trailing', path: table.name, offset: octets.length } as const;
      yield vector(`${size} octets behind it`, [...octets, ...octetsOf(counted(size))], error);
    }
    yield* sealed(of);
  }
  yield* lyingEpids();
}

function* sealed(of: 'requestMessage' | 'responseMessage'): Generator<MalformedVector> {
  for (const majorVersion of [5, 6]) {
    // Of a version that cannot be read whole nobody knows that it is sealed.
    const path = of === 'requestMessage' ? 'kms.request.majorVersion' : 'kms.response.majorVersion';
    const error = { code: 'truncated', path, offset: 2 } as const;
    yield {
      comment: `half of the version ${majorVersion}`,
      source: MADE,
      bytes: hexOf([0, 0, majorVersion]),
      of,
      error,
    };
    const { octets, fields } = layOut(
      sealedMessage,
      { majorVersion, initializationVector: counted(16) },
      LITTLE,
    );
    for (const { size, path, offset } of cuts(fields)) {
      if (size < VERSION_END) continue;
      const error = { code: 'truncated', path, offset } as const;
      yield {
        comment: `version ${majorVersion}, ${size} octets`,
        source: MADE,
        bytes: hexOf(octets.slice(0, size)),
        of,
        error,
      };
    }
  }
}

/** A PIDSize that is not that of the ePID moves all that follows; one beyond the message ends it. */
function* lyingEpids(): Generator<MalformedVector> {
  const given = { ...GUIDS, majorVersion: 4, ePid: EPID, requestTime: '128790414900000000' };
  const whole = layOut(kmsResponse, given, LITTLE);
  const size = 2 * EPID.length + 2;
  const end = whole.octets.length;
  const macOffset = whole.fields.at(-1)!.offset;
  const cases: readonly [number, Fault][] = [
    [0, { code: 'trailing', path: 'kms.response', offset: end - size }],
    [size - 2, { code: 'trailing', path: 'kms.response', offset: end - 2 }],
    [size - 1, { code: 'trailing', path: 'kms.response', offset: end - 1 }],
    [size + 1, { code: 'truncated', path: 'kms.response.mac', offset: macOffset + 1 }],
    [size + 16, { code: 'truncated', path: 'kms.response.mac', offset: macOffset + 16 }],
    [
      size + 17,
      { code: 'truncated', path: 'kms.response.renewalIntervalMinutes', offset: macOffset - 4 + 17 },
    ],
    ...[end - 7, 0x10000, 0x7fffffff, 0xffffffff].map((ePidSize): [number, Fault] => [
      ePidSize,
      { code: 'truncated', path: 'kms.response.ePid', offset: 8 },
    ]),
  ];
  for (const [ePidSize, error] of cases) {
    const { octets } = layOut(kmsResponse, { ...given, ePidSize }, LITTLE);
    yield {
      comment: `a PIDSize of ${ePidSize} where it is ${size}`,
      source: MADE,
      bytes: hexOf(octets),
      of: 'responseMessage',
      error,
    };
  }
}
