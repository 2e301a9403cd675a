import type { RunContext } from '../../../cases/conduct/capabilities';
import { CaseConnection } from '../../../cases/conduct/case-connection';

/** The connections that the lanes of a session keep for their single calls, one each. */
export class KeptConnections {
  readonly #kept: (CaseConnection | null)[];

  constructor(
    lanes: number,
    private readonly context: RunContext,
  ) {
    this.#kept = Array.from({ length: lanes }, () => null);
  }

  /** The connection of a lane; null where the host cannot be connected to, which the case will tell. */
  async of(lane: number): Promise<CaseConnection | null> {
    const open = this.#kept[lane];
    if (open?.usable === true) return open;
    open?.drop('fin');
    try {
      return (this.#kept[lane] = await CaseConnection.open(this.context));
    } catch {
      return (this.#kept[lane] = null);
    }
  }

  drop(lane: number): void {
    this.#kept[lane]?.drop('fin');
    this.#kept[lane] = null;
  }

  dropAll(): void {
    for (const lane of this.#kept.keys()) this.drop(lane);
  }
}
