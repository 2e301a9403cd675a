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
  PTYPE,
  readAnswer,
} from '../../../protocol';
import { type Connection, HostFailure, type KmsClient } from '../../client';
import type { ConnectionCounts } from './connection-counts';
import type { RecordedRequest } from './reading';
import type { RecordedTurn } from './turns';

/** Fields of a bind_ack that are each host's own. */
const OWN_FIELDS = /^(assocGroupId|secondaryAddress|secondaryAddressLength|padding)$/;

/** What stands for a recorded connection. */
interface Standing {
  /** Null where the target ended it, or it is not open yet. */
  connection: Connection | null;
  /** Binds and alter_contexts that were sent on it: another connection in its place begins with them. */
  readonly binds: RecordedTurn[];
}

/** Sends the recorded PDUs of one connection after the other, byte by byte, binds too. */
export class RawSender {
  readonly #open = new Map<number, Standing>();

  /** @param left connections of the capture to the number of requests that are still to come on them; counted down */
  constructor(
    private readonly client: KmsClient,
    private readonly left: ConnectionCounts,
    /** Told where a target negotiates otherwise than the recorded host. */
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * Sends every PDU that led to the exchange, its own last, and takes what the target answers.
   * @throws HostFailure
   */
  async send(request: RecordedRequest): Promise<Exchange> {
    const { connection: index } = request.exchange;
    const at = this.#open.get(index) ?? { connection: null, binds: [] };
    this.#open.set(index, at);
    try {
      return await this.#sendOn(at, request);
    } finally {
      at.binds.push(...request.turns.filter(({ sent }) => !isRequest(sent)));
      if (this.left.take(index) === 0) {
        void at.connection?.close();
        this.#open.delete(index);
      }
    }
  }

  async #sendOn(at: Standing, { exchange: recorded, turns }: RecordedRequest): Promise<Exchange> {
    const before = at.connection === null ? [...at.binds, ...turns] : turns;
    const connection = (at.connection ??= await this.client.connect());
    try {
      for (const turn of before.slice(0, -1)) await this.#lead(connection, turn, recorded);
      const requestedAt = connection.time.nowNs();
      await connection.send(before.at(-1)!.sent);
      const received: Uint8Array[] = [];
      const answer = await receiveAnswer(connection, recorded, received);
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
      at.connection = null;
      void connection.destroy();
      throw error instanceof HostFailure ? error.with({ sent: recorded.pdus.sent }) : error;
    }
  }

  /** Sends what comes before the last PDU of a request: a bind, an alter_context, a fragment. */
  async #lead(connection: Connection, turn: RecordedTurn, recorded: Exchange): Promise<void> {
    if (isRequest(turn.sent)) return connection.send(turn.sent);
    const stage = decodePdu(turn.sent).kind === 'bind' ? 'bind' : 'alter-context';
    await connection.send(turn.sent, { stage });
    const bytes = await connection.receive({ stage });
    const difference = negotiationDifference(turn.received[0], bytes);
    if (difference !== null) {
      this.warn(`connection ${recorded.connection}: the target negotiates otherwise: ${difference}`);
    }
  }
}

const isRequest = (pdu: Uint8Array): boolean => pdu[2] === PTYPE.request;

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
