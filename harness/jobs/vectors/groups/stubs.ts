import { HRESULT, type Layout, refusalStub, requestStub, responseStub } from '../../../../protocol';
import { hexOf, layOut, type Value } from '../plain/lay-out';
import { RECORDINGS, recordedConnections } from '../plain/recordings';
import { readStub, recordedCalls } from '../plain/recorded-calls';
import {
  counted,
  ENCODINGS,
  encodingOf,
  inWords,
  MADE,
  once,
  type StubEncoding,
  type Unnumbered,
} from './made';

type StubVector = Unnumbered<'stub'>;
type Kind = StubVector['kind'];

const LAYOUTS: Readonly<Record<Kind, Layout>> = {
  request: requestStub,
  response: responseStub,
  refusal: refusalStub,
};

/** Stubs: as they were recorded, the recorded ones in every other encoding, and at their edges. */
export function* stubs(): Generator<StubVector> {
  const isNew = once();
  for (const recording of RECORDINGS) {
    const calls = recordedConnections(recording).flatMap(recordedCalls);
    for (const { transferSyntax, request, answer } of calls) {
      for (const [of, bytes] of [
        ['request', request],
        ['answer', answer],
      ] as const) {
        if (!isNew(bytes)) continue;
        const read = readStub(of, bytes, transferSyntax);
        const [bigEndian, comment] = [false, `of ${of === 'request' ? 'a client' : 'a host'}`];
        yield { comment, source: recording, bytes, transferSyntax, bigEndian, of, ...read };
      }
    }
    yield* inOtherEncodings(calls[0]!, recording);
  }
  for (const encoding of ENCODINGS) yield* atEdges(encoding);
}

/** The first call of a recording as another client and host would have written it. */
function* inOtherEncodings(
  { transferSyntax, request, answer }: ReturnType<typeof recordedCalls>[number],
  recording: string,
): Generator<StubVector> {
  for (const encoding of ENCODINGS) {
    for (const { kind, value } of [
      readStub('request', request, transferSyntax),
      readStub('answer', answer, transferSyntax),
    ]) {
      const { hresult = 0, message = '' } = value;
      const given = kind === 'refusal' ? { hresult } : { message };
      yield made(`the first ${kind} of ${recording}`, kind, given, encoding);
    }
  }
}

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 157, 160, 251, 252, 260];
const UNKNOWN_HRESULT = 0x12345678;

function* atEdges(encoding: StubEncoding): Generator<StubVector> {
  for (const size of SIZES) {
    const message = counted(size);
    yield made(`a message of ${size} octets`, 'request', { message }, encoding);
    yield made(`a message of ${size} octets`, 'response', { message }, encoding);
  }
  const message = counted(6);
  yield made('octets behind it', 'request', { message, trailing: counted(3, 0x80) }, encoding);
  yield made(
    'a requestSize that is not the maximum count',
    'request',
    { requestSize: '252', message },
    encoding,
  );
  yield made('the largest requestSize', 'request', { requestSize: largest(encoding), message }, encoding);
  yield made('octets behind it', 'response', { message, trailing: counted(3, 0x80) }, encoding);
  yield made(
    'padding that is not 0',
    'response',
    { message: counted(5), padding: counted(3, 0x31) },
    encoding,
  );
  yield made(
    'a responseSize of 0, and a message all the same',
    'response',
    { responseSize: '0', message },
    encoding,
  );
  for (const referentId of ['1', '131072', '4278190080', largest(encoding)]) {
    yield made(`referent id ${referentId}`, 'response', { referentId, message }, encoding);
  }
  yield made('a message beside an HRESULT', 'response', { message, hresult: HRESULT.invalidData }, encoding);
  for (const hresult of [...Object.values(HRESULT), UNKNOWN_HRESULT]) {
    yield made(`HRESULT ${hresult}`, 'refusal', { hresult }, encoding);
  }
  yield made(
    'a responseSize beside the null pointer',
    'refusal',
    { responseSize: '252', hresult: HRESULT.licenceStore },
    encoding,
  );
  yield made('octets behind it', 'refusal', { hresult: HRESULT.invalidData, trailing: counted(5) }, encoding);
}

const largest = ({ transferSyntax }: StubEncoding): string =>
  String(transferSyntax === 'ndr64' ? 2n ** 64n - 1n : 2n ** 32n - 1n);

function made(comment: string, kind: Kind, given: Value, encoding: StubEncoding): StubVector {
  const { octets, value } = layOut(LAYOUTS[kind], given, encodingOf(encoding));
  return {
    comment: `${comment}; ${inWords(encoding)}`,
    source: MADE,
    bytes: hexOf(octets),
    ...encoding,
    of: kind === 'request' ? 'request' : 'answer',
    kind,
    value,
  };
}
