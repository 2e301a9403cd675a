import { CSV_LOGS } from './made-csv';
import { JSON_LOGS } from './made-json';
import { ODD_LOGS } from './made-odd';
import { EVTX_LOGS, XML_LOGS } from './made-xml';
import type { MadeRequest } from './made-requests';
import { TEXT_LOGS } from './made-text';

/** A form in which people have logs, and what writes it. */
export interface MadeLog {
  readonly name: string;
  /** Names that are not ASCII come out as question marks or other letters. */
  readonly losesLetters?: boolean;
  readonly write: (requests: readonly MadeRequest[]) => Uint8Array | string;
}

/** Every form once, as `NAME.EXTENSION`. */
export const MADE_LOGS: readonly MadeLog[] = [
  ...EVTX_LOGS,
  ...XML_LOGS,
  ...CSV_LOGS,
  ...JSON_LOGS,
  ...TEXT_LOGS,
  ...ODD_LOGS,
];
