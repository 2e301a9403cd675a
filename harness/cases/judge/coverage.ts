import { kmsRequest, pduHeader, requestBody, requestStub } from '../../../protocol';
import { type Coverage, type CoverageRow, type Reaction, REACTIONS } from '../../../reports/results/model';
import { ALL_PAIRS, SEPARATOR } from '../tags';
import type { Heard } from '../conduct/case-connection';

/** Counts of reactions, in the order of `REACTIONS`. */
type Counts = number[];

/** Counts as they go into a journal: `field kind` to counts. */
export type CoverageCounts = Readonly<Record<string, readonly number[]>>;

/** What a host does and no clause settles, and how many cases showed it. */
export type Remarks = Readonly<Record<string, number>>;

/** Remarks that are kept apart: a host can say anything. */
const MAX_REMARKS = 400;

const TOTAL = 'request sent';
/** Bytes of a stub that holds a refusal, in NDR64 at most. */
const MAX_REFUSAL_SIZE = 16;

/** What a host did, as the table has it. */
export function reactionOf(heard: Heard): Reaction {
  switch (heard.kind) {
    case 'call': {
      if (heard.pdu.kind === 'fault') return 'fault';
      return heard.pdu.body.stub.length <= MAX_REFUSAL_SIZE ? 'hresult' : 'answered';
    }
    case 'other':
      return heard.pdu.kind === 'bindNak' ? 'fault' : 'answered';
    case 'wrong':
      return 'answered';
    case 'closed':
    case 'reset':
    case 'timeout':
      return heard.kind;
  }
}

/** Which field was sent with which kind of value, and what the host did. */
export class CoverageTable {
  readonly #counts = new Map<string, Counts>();
  #remarks = new Map<string, number>();

  add(tags: readonly string[], reaction: Reaction): void {
    const column = REACTIONS.indexOf(reaction);
    this.#row(TOTAL)[column]!++;
    for (const tag of tags) this.#row(tag)[column]!++;
  }

  /** Something that the host does and no clause settles, with how many cases showed it. */
  remark(what: string): void {
    if (this.#remarks.size < MAX_REMARKS || this.#remarks.has(what))
      this.#remarks.set(what, (this.#remarks.get(what) ?? 0) + 1);
  }

  /** What was remarked since the last time, for a journal. */
  takeRemarks(): Remarks {
    const remarks = Object.fromEntries(this.#remarks);
    this.#remarks = new Map();
    return remarks;
  }

  mergeRemarks(other: Remarks): void {
    for (const [what, cases] of Object.entries(other))
      this.#remarks.set(what, (this.#remarks.get(what) ?? 0) + cases);
  }

  merge(other: CoverageCounts): void {
    for (const [key, counts] of Object.entries(other)) {
      const row = this.#row(key);
      counts.forEach((count, column) => (row[column]! += count));
    }
  }

  /** What was counted since the last time, for a journal. */
  take(): CoverageCounts {
    const counts = Object.fromEntries([...this.#counts].map(([key, row]) => [key, [...row]]));
    this.#counts.clear();
    return counts;
  }

  /** The report's table: every field of the layouts with every kind of value, sent or not. */
  report(cases: Omit<Coverage, 'rows' | 'notes'>): Coverage {
    const nothing = REACTIONS.map(() => 0);
    const untried = ALL_PAIRS.filter((key) => !this.#counts.has(key)).map((key) => [key, nothing] as const);
    const rows = [...this.#counts, ...untried].map(([key, counts]): CoverageRow => {
      const [field = '', kind = ''] = key.split(SEPARATOR);
      return { field, kind, reactions: reactionsOf(counts) };
    });
    const remarks = [...this.#remarks].map(([note, times]) => ({ note, cases: times }));
    remarks.sort((a, b) => b.cases - a.cases || (a.note < b.note ? -1 : 1));
    return {
      ...cases,
      rows: [...rows, ...this.#usualRows(rows)].sort(byField),
      ...(remarks.length === 0 ? {} : { notes: remarks }),
    };
  }

  /** Requests in which a field was as real clients have it. */
  #usualRows(rows: readonly CoverageRow[]): CoverageRow[] {
    const total = this.#counts.get(TOTAL);
    if (total === undefined) return [];
    return [kmsRequest, requestStub, pduHeader, requestBody].flatMap((of) =>
      Object.keys(of.fields).map((name) => {
        const field = `${of.name}.${name}`;
        const changed = rows.filter((row) => row.field === field);
        const counts = REACTIONS.map((reaction, column) =>
          Math.max(0, total[column]! - changed.reduce((sum, row) => sum + row.reactions[reaction], 0)),
        );
        return { field, kind: 'usual', reactions: reactionsOf(counts) };
      }),
    );
  }

  #row(key: string): Counts {
    let row = this.#counts.get(key);
    if (row === undefined) this.#counts.set(key, (row = REACTIONS.map(() => 0)));
    return row;
  }
}

const reactionsOf = (counts: Counts): CoverageRow['reactions'] => ({
  answered: counts[0]!,
  hresult: counts[1]!,
  fault: counts[2]!,
  closed: counts[3]!,
  reset: counts[4]!,
  timeout: counts[5]!,
});

const byField = (a: CoverageRow, b: CoverageRow): number =>
  a.field < b.field ? -1 : a.field > b.field ? 1 : a.kind < b.kind ? -1 : 1;
