import type { TransferSyntax } from '../../../protocol';
import type { RunContext } from './capabilities';
import type { FuzzCase } from '../case';
import type { CaseJudge } from '../judge/case-judge';
import { CaseConnection } from './case-connection';
import type { BoundContext } from '../case';

/** A connection that has a context for calls. */
export interface Bound {
  readonly caseConnection: CaseConnection;
  readonly context: BoundContext;
}

/** The connections of one case, by their numbers. One that is given to it is used, and left open. */
export class CaseConnections {
  readonly #dialogues = new Map<number, CaseConnection>();

  constructor(
    private readonly context: RunContext,
    private readonly judge: CaseJudge,
    private readonly fuzzCase: FuzzCase,
    private readonly kept: CaseConnection | null,
  ) {
    if (kept !== null) this.#dialogues.set(0, kept);
  }

  /** The connection of that number, opened anew where the one before is over. @throws HostFailure */
  async open(on: number): Promise<CaseConnection> {
    const open = this.#dialogues.get(on);
    if (open?.usable === true) return open;
    open?.drop('fin');
    const caseConnection = await CaseConnection.open(this.context, on);
    this.#dialogues.set(on, caseConnection);
    return caseConnection;
  }

  /** The same with a context of this syntax; null, and judged, where the host gives none. @throws HostFailure */
  async bound(on: number, syntax: TransferSyntax, tags: readonly string[]): Promise<Bound | null> {
    const caseConnection = await this.open(on);
    const context = await caseConnection.contextFor(syntax);
    if (!('kind' in context)) return { caseConnection, context };
    this.judge.note(context, tags);
    // After a bind of the case's own, a host may well refuse what follows.
    const isOwnDoing = this.fuzzCase.steps.some(({ kind }) => kind === 'bind');
    if (context.kind === 'wrong' && !isOwnDoing) this.judge.found(context.violation);
    if (!isOwnDoing) this.judge.suspect();
    caseConnection.drop('fin');
    return null;
  }

  /** The association group that the host gave the connection of that number; 0 where there is none. */
  groupOf(on: number): number {
    return this.#dialogues.get(on)?.group ?? 0;
  }

  /** How long was waited at most for what did not come, in ms. */
  get gaveUpMs(): number {
    return Math.max(0, ...[...this.#dialogues.values()].map(({ gaveUpMs }) => gaveUpMs));
  }

  /** Ends the case's side of every connection; the host must end its own. */
  async finish(): Promise<void> {
    for (const caseConnection of this.#own()) {
      if (!caseConnection.usable) continue;
      const { heard, released, served } = await caseConnection.finish();
      for (const one of heard) if (one.kind === 'wrong') this.judge.found(one.violation);
      if (!released) this.judge.unreleased(served);
    }
  }

  /** Releases the sockets, whatever has become of them. */
  drop(): void {
    for (const caseConnection of this.#own()) caseConnection.drop('fin');
  }

  /** The host was restarted: none of them can be used any more. */
  forget(): void {
    for (const caseConnection of this.#dialogues.values()) caseConnection.drop('fin');
    this.#dialogues.clear();
  }

  *#own(): Generator<CaseConnection> {
    for (const caseConnection of this.#dialogues.values())
      if (caseConnection !== this.kept) yield caseConnection;
  }
}
