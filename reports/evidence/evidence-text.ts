import { evidenceFields } from './evidence-fields';
import type { Evidence } from '../results/result';

const ROW = 16;

/** A hex dump of 16 bytes a line with offsets and printable ASCII: what writers without markup show. */
export function hexDump(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += ROW) {
    const row = bytes.subarray(offset, offset + ROW);
    const digits = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    lines.push(`${offset.toString(16).padStart(4, '0')}  ${digits.padEnd(ROW * 3 - 1)}  ${asciiOf(row)}`);
  }
  return lines.join('\n');
}

/** Printable ASCII, a dot for everything else. */
export function asciiOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}

/** One PDU in words: direction, kind, length, then the dump and the fields that the message is about. */
export function evidenceText(evidence: Evidence): string {
  const { direction, pdu, hex, connection, at, note } = evidence;
  const head = [
    `${direction} ${pdu}, ${hex.length / 2} bytes`,
    ...(connection === undefined ? [] : [`connection ${connection}`]),
    ...(at === undefined ? [] : [at]),
    ...(note === undefined ? [] : [note]),
  ].join(', ');
  const marked = evidenceFields(evidence).filter((field) => field.marked === true);
  const fields = marked.map(
    ({ path, offset, length, value }) => `> ${path} at ${offset}, ${length} bytes: ${value}`,
  );
  return [head, hexDump(hex), ...fields].filter((line) => line !== '').join('\n');
}
