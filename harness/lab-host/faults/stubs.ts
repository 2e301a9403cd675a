import { type Encoding, REQUEST_SIZE, type TransferSyntax } from '../../../protocol';
import { fault, type Override } from './fault';
import { countAnyway } from './message-bytes';

/** Bytes of the two lengths in front of a request message. */
const LENGTHS_SIZE: Readonly<Record<TransferSyntax, number>> = { ndr32: 8, ndr64: 16 };

/** The two lengths of a request stub; null where they are not there. */
export function stubLengths(stub: Uint8Array, { ndrWidth, bigEndian }: Encoding): [number, number] | null {
  if (stub.length < 2 * ndrWidth) return null;
  const view = new DataView(stub.buffer, stub.byteOffset, stub.length);
  const at = (offset: number): number =>
    ndrWidth === 8 ? Number(view.getBigUint64(offset, !bigEndian)) : view.getUint32(offset, !bigEndian);
  return [at(0), at(ndrWidth)];
}

/** Reads a request out of a stub in which the host would find none; null where there is none for this fault, too. */
const readingBadStub =
  (read: (content: Uint8Array, lengths: [number, number] | null) => Uint8Array | null): Override =>
  ({ readStub }) => ({
    readStub: (stub, encoding) =>
      readStub(stub, encoding) ?? read(stub.subarray(2 * encoding.ndrWidth), stubLengths(stub, encoding)),
  });

/** Reads the stub of a call as this makes it. */
const resizing =
  (resize: (stub: Uint8Array, allocHint: number) => Uint8Array): Override =>
  ({ call }) => ({
    call: (asked, association) => {
      const { stub, allocHint } = asked.body;
      return call({ ...asked, body: { ...asked.body, stub: resize(stub, allocHint) } }, association);
    },
  });

/** Faults of stubs: their lengths, alloc_hint, NDR64, and what a fault PDU carries. */
export const STUB_FAULTS = [
  fault({
    name: 'trusts-alloc-hint',
    sentence: 'It reads as much stub as alloc_hint says.',
    requirements: ['RPC-18'],
    override: resizing((stub, allocHint) => stub.subarray(0, allocHint)),
  }),
  fault({
    name: 'refuses-alloc-hint-zero',
    sentence: 'It refuses calls whose alloc_hint is 0.',
    requirements: ['RPC-18'],
    override: resizing((stub, allocHint) => (allocHint === 0 ? new Uint8Array(0) : stub)),
  }),
  fault({
    name: 'ndr64-counts-apart',
    sentence: 'It counts clients that speak NDR64 in a table of their own.',
    requirements: ['RPC-19'],
    override: ({ tableKey }) => ({
      tableKey: (request) => `${tableKey(request)} ${request.caller.syntax}`,
    }),
  }),
  fault({
    name: 'ndr64-count-plus-one',
    sentence: 'It answers over NDR64 with a count of one more.',
    requirements: ['RPC-19'],
    override: ({ answerCount }) => ({
      answerCount: (entry) => answerCount(entry) + (entry.request.caller.syntax === 'ndr64' ? 1 : 0),
    }),
  }),
  fault({
    name: 'grants-short-stub',
    sentence: 'It fills a stub that is too short with zeros and grants it.',
    requirements: ['RPC-20'],
    override: readingBadStub((content) => {
      if (content.length >= REQUEST_SIZE) return null;
      const whole = new Uint8Array(REQUEST_SIZE);
      whole.set(content);
      return whole;
    }),
  }),
  fault({
    name: 'grants-differing-sizes',
    sentence: 'It grants a stub whose two lengths differ.',
    requirements: ['RPC-20'],
    override: readingBadStub((content, lengths) => {
      const differ = lengths !== null && lengths[0] !== lengths[1];
      return differ && content.length >= REQUEST_SIZE ? content.subarray(0, REQUEST_SIZE) : null;
    }),
  }),
  fault({
    name: 'counts-bad-stub',
    sentence: 'It counts the client of a stub that it faults.',
    requirements: ['RPC-20'],
    override: ({ malformed }) => ({
      malformed: (problem, kms) => {
        malformed(problem, kms);
        if (problem.kind !== 'stub') return;
        const { stub, caller } = problem;
        countAnyway(stub.subarray(LENGTHS_SIZE[caller.syntax]), kms, caller);
      },
    }),
  }),
  fault({
    name: 'stub-in-fault',
    sentence: 'It sends the request back as stub data of a fault.',
    requirements: ['RPC-22'],
    override: ({ answerPdu }) => ({
      answerPdu: (right, call, association) => {
        const answer = answerPdu(right, call, association);
        if (answer.kind === 'response') return answer;
        return { ...answer, body: { ...answer.body, stub: call.body.stub } };
      },
    }),
  }),
] as const;
