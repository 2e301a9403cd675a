import { encodingOf, HEADER_SIZE, PFC } from '../../protocol';
import { octetsInWords } from '../../harness/jobs/suite/wording/values';
import { Deviation } from './deviation';

/** One PDU of an answer, as its own header cuts it from the octets that came. */
export interface AnswerPdu {
  readonly fragLength: number;
  /** How many octets are there for it. */
  readonly octets: number;
  /** Which fragment of its call it says it is: `FIRST and LAST` of a call that is one PDU. */
  readonly edges: string;
}

const DREP_OFFSET = 4;

/**
 * The PDUs of one answer, of which there are several where a host sends it in fragments (C706 12.6.2). All that came behind
 * one with LAST, or whose frag_length leads nowhere, counts as its own.
 */
export function pdusOfAnswer(bytes: Uint8Array): AnswerPdu[] {
  const pdus: AnswerPdu[] = [];
  for (let rest = bytes; pdus.length === 0 || rest.length > 0; ) {
    if (rest.length < HEADER_SIZE) {
      throw new Deviation({
        expected: `a PDU of at least ${HEADER_SIZE} octets`,
        received: octetsInWords(rest),
      });
    }
    const flags = rest[3]!;
    const fragLength = fragLengthOf(rest);
    const leadsOn = (flags & PFC.lastFrag) === 0 && fragLength >= HEADER_SIZE && fragLength < rest.length;
    const octets = leadsOn ? fragLength : rest.length;
    pdus.push({ fragLength, octets, edges: edgesOf(flags) });
    rest = rest.subarray(octets);
  }
  return pdus;
}

/** What the edges of each PDU of an answer have to be. */
export function rightEdges(count: number): string[] {
  if (count === 1) return ['FIRST and LAST'];
  return ['FIRST', ...Array.from({ length: count - 2 }, () => 'neither'), 'LAST'];
}

/** In the byte order that the PDU declares. */
function fragLengthOf(pdu: Uint8Array): number {
  const view = new DataView(pdu.buffer, pdu.byteOffset);
  return view.getUint16(8, !encodingOf(pdu.subarray(DREP_OFFSET)).bigEndian);
}

function edgesOf(flags: number): string {
  const edges = [...(flags & PFC.firstFrag ? ['FIRST'] : []), ...(flags & PFC.lastFrag ? ['LAST'] : [])];
  return edges.length === 0 ? 'neither' : edges.join(' and ');
}
