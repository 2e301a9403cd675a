import {
  type Answer,
  bindAckBody,
  decodePdu,
  Defragmenter,
  diff,
  type Exchange,
  type Pdu,
  type PduOf,
  ProtocolError,
  readAnswer,
  transferSyntaxOf,
} from '../../../protocol';
import { type Connection, HostFailure, type KmsClient } from '../../client';
import type { RecordedConversation, RecordedTurn } from './conversations';

/** Fields of a bind_ack that are each host's own. */
const OWN_FIELDS = /^(assocGroupId|secondaryAddress|secondaryAddressLength|padding)$/;

/** Sends the recorded PDUs of one connection after the other, byte by byte, binds too. */
export class RawSender {
  readonly #open = new Map<number, { connection: Connection; next: number }>();

  constructor(
    private readonly client: KmsClient,
    private readonly conversations: ReadonlyMap<number, RecordedConversation>,
    /** Told where a target negotiates otherwise than the recorded host. */
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * Sends every PDU of the connection up to the exchange's own, and takes what the target answers to each.
   * @throws HostFailure
   */
  async send(recorded: Exchange): Promise<Exchange> {
    const { turns } = this.conversations.get(recorded.connection)!;
    const at = await this.#at(recorded.connection);
    const last = lastTurnOf(recorded, turns, at.next);
    try {
      while (at.next < last) await this.#lead(at.connection, turns[at.next++]!, recorded);
      const { connection } = at;
      const requestedAt = connection.time.nowNs();
      await connection.send(turns[at.next++]!.sent);
      const received: Uint8Array[] = [];
      const answer = await receiveAnswer(connection, recorded, received);
      if (at.next >= turns.length) void connection.close();
      return {
        ...recorded,
        client: connection.client,
        host: connection.host,
        requestedAt,
        answeredAt: connection.time.nowNs(),
        answer,
        pdus: { sent: recorded.pdus.sent, received },
      };
    } catch (error) {
      this.#open.delete(recorded.connection);
      void at.connection.destroy();
      throw error instanceof HostFailure ? error.with({ sent: recorded.pdus.sent }) : error;
    }
  }

  async #at(index: number): Promise<{ connection: Connection; next: number }> {
    const known = this.#open.get(index);
    if (known !== undefined) return known;
    const fresh = { connection: await this.client.connect(), next: 0 };
    this.#open.set(index, fresh);
    return fresh;
  }

  /** Sends what comes before the last PDU of a request: a bind, an alter_context, a fragment. Requests that a filter left out are not sent. */
  async #lead(connection: Connection, turn: RecordedTurn, recorded: Exchange): Promise<void> {
    const { kind } = decodePdu(turn.sent);
    if (kind === 'request') {
      const own = recorded.pdus.sent.some((bytes) => Buffer.compare(bytes, turn.sent) === 0);
      return own ? connection.send(turn.sent) : undefined;
    }
    const stage = kind === 'bind' ? 'bind' : 'alter-context';
    await connection.send(turn.sent, { stage });
    const bytes = await connection.receive({ stage });
    const difference = negotiationDifference(turn.received[0], bytes);
    if (difference !== null) {
      this.warn(`connection ${recorded.connection}: the target negotiates otherwise: ${difference}`);
    }
  }
}

/** The turn that sends the last PDU of a request. Connections that began before the capture have no bind. */
function lastTurnOf({ pdus }: Exchange, turns: readonly RecordedTurn[], from: number): number {
  const last = pdus.sent.at(-1)!;
  for (let i = from; i < turns.length; i++) {
    if (Buffer.compare(turns[i]!.sent, last) === 0) return i;
  }
  throw new Error('the capture holds a request whose PDU was not kept');
}

function negotiationDifference(recorded: Uint8Array | undefined, answered: Uint8Array): string | null {
  const now = decoded(answered);
  const before = recorded === undefined ? null : decoded(recorded);
  if (now === null || before === null || now.kind !== before.kind) {
    return `${now?.kind ?? 'no PDU'} instead of ${before?.kind ?? 'nothing'}`;
  }
  if (now.kind !== 'bindAck' && now.kind !== 'alterContextResp') return null;
  const found = diff(bindAckBody, (before as PduOf<'bindAck'>).body, now.body).filter(
    ({ path }) => !OWN_FIELDS.test(path),
  );
  if (found.length === 0) return null;
  return found
    .map(({ path, expected, actual }) => `${path} ${String(actual)}, recorded ${String(expected)}`)
    .join('; ');
}

function decoded(bytes: Uint8Array): Pdu | null {
  try {
    return decodePdu(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

async function receiveAnswer(
  connection: Connection,
  recorded: Exchange,
  received: Uint8Array[],
): Promise<Answer> {
  const fragments = new Defragmenter<'response'>();
  const stage = 'answer';
  try {
    for (;;) {
      const bytes = await connection.receive({ stage });
      received.push(bytes);
      const pdu = decodePdu(bytes);
      if (pdu.kind === 'fault') return readAnswer(pdu, recorded.transferSyntax);
      if (pdu.kind !== 'response' || pdu.header.callId !== recorded.callId) {
        const what = `sent ${pdu.kind} of call ${pdu.header.callId} instead of an answer to call ${recorded.callId}`;
        throw connection.failure('unexpected-pdu', stage, what);
      }
      const whole = fragments.push(pdu);
      if (whole !== null) return readAnswer(whole, recorded.transferSyntax);
    }
  } catch (error) {
    if (error instanceof HostFailure) throw error.with({ received });
    if (!(error instanceof ProtocolError)) throw error;
    throw connection.failure(
      'garbage',
      stage,
      `sent an answer that does not decode (${error.message})`,
      error,
    );
  }
}

/** True where the recorded host accepted NDR64 in any bind: an embedded host then does as well. */
export function acceptedNdr64(conversations: Iterable<RecordedConversation>): boolean {
  for (const { turns } of conversations) {
    for (const bytes of turns.flatMap(({ received }) => received)) {
      const pdu = decoded(bytes);
      if (pdu?.kind !== 'bindAck' && pdu?.kind !== 'alterContextResp') continue;
      if (pdu.body.results.some(({ transferSyntax }) => transferSyntaxOf(transferSyntax) === 'ndr64'))
        return true;
    }
  }
  return false;
}
