import type { RunContext } from '../../../cases/conduct/capabilities';
import { CaseConnection } from '../../../cases/conduct/case-connection';

/** Of the cases of a connection, so many of the last are remembered. */
const REMEMBERED = 64;

interface Kept {
  readonly connection: CaseConnection;
  /** Indices of the cases that went over it. */
  readonly cases: number[];
}

/** The connections that the lanes of a session keep for their single calls, one each. */
export class KeptConnections {
  readonly #kept: (Kept | null)[];

  constructor(
    lanes: number,
    private readonly context: RunContext,
  ) {
    this.#kept = Array.from({ length: lanes }, () => null);
  }

  /** The connection of a lane for the case of this index; null where the host cannot be connected to, which the case will tell. */
  async of(lane: number, index: number): Promise<CaseConnection | null> {
    const open = this.#kept[lane];
    if (open?.connection.usable === true) {
      if (open.cases.length === REMEMBERED) open.cases.shift();
      open.cases.push(index);
      return open.connection;
    }
    open?.connection.drop('fin');
    try {
      const connection = await CaseConnection.open(this.context);
      this.#kept[lane] = { connection, cases: [index] };
      return connection;
    } catch {
      return (this.#kept[lane] = null);
    }
  }

  /** Indices of the cases that went over the connection of a lane, in their order: the last is under way, or was the last. */
  casesOf(lane: number): readonly number[] {
    return [...(this.#kept[lane]?.cases ?? [])];
  }

  drop(lane: number): void {
    this.#kept[lane]?.connection.drop('fin');
    this.#kept[lane] = null;
  }

  dropAll(): void {
    for (const lane of this.#kept.keys()) this.drop(lane);
  }
}
