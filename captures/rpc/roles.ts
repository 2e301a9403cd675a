import type { Pdu } from '../../protocol';
import type { Direction } from '../tcp/half-stream';

const FROM_CLIENT: ReadonlySet<string> = new Set(['bind', 'alterContext', 'request', 'coCancel', 'orphaned']);
const FROM_HOST: ReadonlySet<string> = new Set([
  'bindAck',
  'bindNak',
  'alterContextResp',
  'response',
  'fault',
  'shutdown',
]);

/** Which end of a connection is the client: the one that began it, or the first PDU that only one of them sends shows. */
export class Roles {
  constructor(public client: Direction | -1) {}

  /** Whether a PDU of this kind may come this way. */
  mayCome(direction: Direction, { kind }: Pdu): boolean {
    const other = direction === 0 ? 1 : 0;
    if (FROM_CLIENT.has(kind)) {
      if (this.client === -1) this.client = direction;
      return this.client === direction;
    }
    if (!FROM_HOST.has(kind)) return true;
    if (this.client === -1) this.client = other;
    return this.client === other;
  }
}
