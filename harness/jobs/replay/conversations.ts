import type { Readable } from 'node:stream';
import type { CaptureReport } from '../../../captures';
import { openLogged, type OpenCaptureOptions } from '../../../captures/open-capture';
import {
  type AssociationListener,
  type AssociationOptions,
  KmsAssociation,
} from '../../../captures/rpc/association';
import { ExchangeQueue } from '../../../captures/rpc/exchange-queue';
import { Pairing } from '../../../captures/rpc/pairing';
import { ConnectionFeed } from '../../../captures/tcp/connection-feed';
import type { Exchange } from '../../../protocol';

/** One PDU as a client sent it, and the PDUs that the host answered before the client's next. */
export interface RecordedTurn {
  readonly sent: Uint8Array;
  readonly received: Uint8Array[];
}

/** All PDUs of one recorded connection, its binds too. */
export interface RecordedConversation {
  /** As `Exchange.connection`. */
  readonly connection: number;
  readonly turns: RecordedTurn[];
}

/** A recording: its exchanges, and the connections that they came on, by number. */
export interface Conversations {
  readonly exchanges: readonly Exchange[];
  readonly conversations: ReadonlyMap<number, RecordedConversation>;
  readonly report: CaptureReport;
}

/**
 * Reads exchanges together with every PDU of their connections, for a replay byte by byte.
 * @param options.signal ends the reading, as the end of the recording would
 * @throws CaptureError as `readExchanges` does
 */
export async function readConversations(
  source: string | Readable,
  options: OpenCaptureOptions & AssociationOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<Conversations> {
  const { capture, log } = await openLogged(source, options);
  const queue = new ExchangeQueue();
  const conversations = new Map<number, RecordedConversation>();
  const feed = new ConnectionFeed(log, (connection) => {
    const conversation: RecordedConversation = { connection: connection.index, turns: [] };
    conversations.set(connection.index, conversation);
    const pairing = new Pairing(connection, queue, log);
    return new KmsAssociation(connection, listener(pairing, conversation), log, options);
  });
  for await (const batch of capture.batches()) {
    feed.push(batch);
    if (options.signal?.aborted === true) break;
  }
  feed.finish();
  return { exchanges: queue.take(feed.nowNs), conversations, report: capture };
}

/** PDU kinds that only clients send; the first of them shows which direction is the client's. */
const CLIENT_KINDS: ReadonlySet<string> = new Set(['bind', 'alterContext', 'request']);

function listener(pairing: Pairing, { turns }: RecordedConversation): AssociationListener {
  return {
    pdu(_direction, { bytes }, pdu) {
      const copy = Uint8Array.from(bytes);
      if (pdu !== null && CLIENT_KINDS.has(pdu.kind)) turns.push({ sent: copy, received: [] });
      else turns.at(-1)?.received.push(copy);
    },
    request: (direction, request, syntax) => pairing.request(direction, request, syntax),
    answer: (direction, answer) => pairing.answer(direction, answer),
    end: () => pairing.end(),
  };
}
