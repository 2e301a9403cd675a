import type { RequirementExplanation } from './explanation';
import { HexRows } from './hex-rows';

type Run = NonNullable<RequirementExplanation['run']>;

/** A conversation, PDU by PDU: what each says, and its octets. */
export function exchangeLines(exchange: Run['exchange'], leftOut: Run['leftOut']): string[] {
  const hex = new HexRows();
  const more =
    leftOut.turns === 0 ? [] : ['', `… ${leftOut.turns} turns more are left out: --pcap FILE keeps them all`];
  const lines = exchange.flatMap((pdu, at) => [
    ...(at === leftOut.after ? more : []),
    '',
    headLine(pdu, at),
    ...hex.rowsOf(pdu).map((row) => `     ${row}`),
  ]);
  return leftOut.after >= exchange.length ? [...lines, ...more] : lines;
}

/** ` 3 → request, 284 octets, connection 1: call 1, CMID … asks`. */
export function headLine(
  { direction, pdu, hex, connection, note, words }: Run['exchange'][number],
  at: number,
): string {
  const arrow = direction === 'sent' ? '→' : '←';
  const parts = [
    `${String(at + 1).padStart(2)} ${arrow} ${nameOf(pdu)}${hex.length / 2} octets`,
    ...(connection === undefined ? [] : [`connection ${connection + 1}`]),
    ...(note === undefined ? [] : [note]),
  ];
  return `${parts.join(', ')}: ${words}`;
}

/** The name that C706 12.6.4 has for a kind of PDU. */
const nameOf = (pdu: string): string =>
  pdu === 'bytes' ? '' : `${pdu.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}, `;
