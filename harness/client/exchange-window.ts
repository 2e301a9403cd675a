import type { Evidence } from '../../reports/results/result';
import { type EvidencePiece, evidenceOfPiece } from './evidence';

export type { Evidence };

/** What was sent and received for one request: an exchange, or a failure with what there was of one. */
export interface SeenExchange {
  readonly pdus: { readonly sent: readonly Uint8Array[]; readonly received: readonly Uint8Array[] };
  readonly connection?: number;
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly requestedAt?: bigint;
  readonly answeredAt?: bigint | null;
}

/** Exchanges kept in front of the first failure, and behind each. */
const AROUND = 2;
/** Failures that are kept, each of another kind. */
const MOST_FAILURES = 4;

/**
 * Keeps of a run of any length the exchanges that failed, one of each kind, and a few around them, as evidence. Exchanges are
 * kept as they come and read at the end, so that a run in which nothing fails pays next to nothing.
 */
export class ExchangeWindow {
  readonly #kept: { readonly seen: SeenExchange; readonly wrong: string | null }[] = [];
  readonly #kinds = new Set<string>();
  #recent: SeenExchange[] = [];
  #left = 0;

  /**
   * @param seen undefined where nothing went over a wire
   * @param wrong what is wrong with it; null where nothing is
   * @param kind of failure, of which only the first is kept; `wrong` unless told
   */
  add(seen: SeenExchange | undefined, wrong: string | null = null, kind = wrong ?? ''): void {
    if (seen === undefined) return;
    if (wrong !== null && this.#kinds.size < MOST_FAILURES && !this.#kinds.has(kind)) {
      this.#kinds.add(kind);
      for (const before of this.#recent) this.#kept.push({ seen: before, wrong: null });
      this.#recent = [];
      this.#kept.push({ seen, wrong });
      this.#left = AROUND;
    } else if (this.#left > 0) {
      this.#left--;
      this.#kept.push({ seen, wrong: null });
    } else {
      this.#recent.push(seen);
      if (this.#recent.length > AROUND) this.#recent.shift();
    }
  }

  /** In the order of the exchanges; empty where none failed. What is wrong with one stands at its last PDU. */
  evidence(): Evidence[] {
    return this.#kept.flatMap(({ seen, wrong }) => evidenceOfExchange(seen, wrong));
  }
}

/** One exchange as evidence. @param note at its last PDU */
export function evidenceOfExchange(seen: SeenExchange, note: string | null = null): Evidence[] {
  const { pdus, connection, requestedAt, answeredAt } = seen;
  const pieces: EvidencePiece[] = [
    ...pdus.sent.map((bytes) => ({ direction: 'sent' as const, bytes, connection, atNs: requestedAt })),
    ...pdus.received.map((bytes) => ({
      direction: 'received' as const,
      bytes,
      connection,
      atNs: answeredAt ?? undefined,
    })),
  ];
  const evidence = pieces.flatMap(evidenceOfPiece);
  const last = evidence.at(-1);
  return note === null || last === undefined ? evidence : [...evidence.slice(0, -1), { ...last, note }];
}
