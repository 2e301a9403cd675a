import { type Exchange, hex } from '../../../protocol';
import type { Evidence, Replay, ReplayedExchange } from '../../../reports/results/model';
import type { ReplayRow } from './replay-row';

/** Exchanges that are kept with their bytes; more would make a report that nobody can open. */
const MAX_WITH_EVIDENCE = 100;
/** Exchanges that a report lists, the first ones; and of those behind them as many that differ. */
const MAX_LISTED = 5_000;

type Unlisted = NonNullable<Replay['unlisted']>;

/** Collects what a report tells of each exchange, and counts those of which there is no room to tell. */
export class ListedExchanges {
  readonly list: ReplayedExchange[] = [];
  #withEvidence = 0;
  #differing = 0;
  readonly #unlisted = { agrees: 0, differs: 0, 'not-comparable': 0 };
  /** Fields that differ as expected in exchanges that are not listed, by path and reason. */
  readonly #mayDiffer = new Map<string, Unlisted['mayDiffer'][number]>();

  add(row: ReplayRow): void {
    const { verdict, mayDiffer } = row.comparison;
    if (this.list.length < MAX_LISTED || (verdict === 'differs' && this.#differing++ < MAX_LISTED)) {
      this.list.push(this.#listed(row));
      return;
    }
    this.#unlisted[verdict]++;
    for (const { path, reason } of mayDiffer) {
      const key = `${path} ${reason}`;
      const times = (this.#mayDiffer.get(key)?.times ?? 0) + 1;
      this.#mayDiffer.set(key, { path, reason, times });
    }
  }

  /** Undefined where all are listed. */
  get unlisted(): Unlisted | undefined {
    const counts = this.#unlisted;
    if (counts.agrees + counts.differs + counts['not-comparable'] === 0) return undefined;
    return { ...counts, mayDiffer: [...this.#mayDiffer.values()] };
  }

  #listed({ recorded, answered, failure, comparison, sent }: ReplayRow): ReplayedExchange {
    const { note, ...compared } = comparison;
    const keep = comparison.verdict === 'differs' && this.#withEvidence++ < MAX_WITH_EVIDENCE;
    return {
      index: recorded.index,
      connection: recorded.connection,
      sent,
      ...compared,
      ...(note === undefined ? {} : { note }),
      ...(keep ? { evidence: rowEvidence({ recorded, answered, failure }) } : {}),
    };
  }
}

/** What was sent, what the recorded host answered, and what this one did. */
export function rowEvidence({
  recorded,
  answered,
  failure,
}: Pick<ReplayRow, 'recorded' | 'answered' | 'failure'>): Evidence[] {
  const seen: Pick<Exchange, 'pdus'> | null = answered ?? failure;
  const part =
    (direction: Evidence['direction'], pdu: string, note?: string) =>
    (bytes: Uint8Array): Evidence => ({
      direction,
      pdu,
      hex: hex(bytes),
      ...(note === undefined ? {} : { note }),
    });
  return [
    ...(seen?.pdus.sent ?? recorded.pdus.sent).map(part('sent', 'request')),
    ...recorded.pdus.received.map(part('received', 'response', 'as recorded')),
    ...(seen?.pdus.received ?? []).map(part('received', 'response', 'as answered in this replay')),
  ];
}
