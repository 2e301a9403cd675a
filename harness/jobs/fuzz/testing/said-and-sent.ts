import { evidenceFields } from '../../../../reports/evidence/evidence-fields';
import { transferSyntaxes } from '../../../../reports/evidence/evidence-syntax';
import type { Evidence } from '../../../../reports/results/result';

/** What words say of a number in a request. */
export interface Said {
  /** As evidence names the field. */
  readonly path: string;
  readonly value: bigint;
}

/** What each pattern of the words is about; the first group is the number, a second one before it the path. */
const SAYING: readonly (readonly [pattern: RegExp, path: string])[] = [
  [/([\w.]+) is (\d+)(?![\w-])/g, ''],
  [/a request message of (\d+) bytes/g, 'stub.request.requestSize'],
  [/call_id (\d+)/g, 'rpc.header.callId'],
];

/** The numbers that words of what was sent name, read back from the words alone. */
export function numbersSaid(sent: readonly string[]): Said[] {
  return sent.flatMap((line) =>
    SAYING.flatMap(([pattern, path]) =>
      [...line.matchAll(pattern)].map((match) => ({
        path: path === '' ? match[1]! : path,
        value: BigInt(match.at(-1)!),
      })),
    ),
  );
}

/** The values of a field in all that was sent, read from its octets by where the field lies. */
export function numbersSent(evidence: readonly Evidence[], path: string): bigint[] {
  const syntaxes = transferSyntaxes(evidence);
  return evidence.flatMap((pdu, at) => {
    if (pdu.direction !== 'sent') return [];
    const octets = Buffer.from(pdu.hex, 'hex');
    return evidenceFields(pdu, syntaxes[at])
      .filter((field) => field.path === path)
      .map(({ offset, length }) => numberAt(octets, offset, length));
  });
}

/** C706 14.1: the first octet of the data representation has 1 in its upper half where integers are little-endian. */
function numberAt(pdu: Buffer, offset: number, length: number): bigint {
  const octets = pdu.subarray(offset, offset + length);
  const isLittle = (pdu[4]! & 0xf0) === 0x10;
  return BigInt(`0x0${(isLittle ? Buffer.from(octets).reverse() : octets).toString('hex')}`);
}
