import type { TransferSyntax } from '../../../protocol';
import type { RunContext } from './capabilities';
import type { FuzzCase } from '../case';
import type { CaseJudge } from '../judge/case-judge';
import { Dialogue } from './dialogue';
import type { BoundContext } from './render';

/** A connection that has a context for calls. */
export interface Bound {
  readonly dialogue: Dialogue;
  readonly context: BoundContext;
}

/** The connections of one case, by their numbers. One that is given to it is used, and left open. */
export class CaseConnections {
  readonly #dialogues = new Map<number, Dialogue>();

  constructor(
    private readonly context: RunContext,
    private readonly judge: CaseJudge,
    private readonly fuzzCase: FuzzCase,
    private readonly kept: Dialogue | null,
  ) {
    if (kept !== null) this.#dialogues.set(0, kept);
  }

  /** The connection of that number, opened anew where the one before is over. @throws HostFailure */
  async open(on: number): Promise<Dialogue> {
    const open = this.#dialogues.get(on);
    if (open?.usable === true) return open;
    open?.drop('fin');
    const dialogue = await Dialogue.open(this.context, on);
    this.#dialogues.set(on, dialogue);
    return dialogue;
  }

  /** The same with a context of this syntax; null, and judged, where the host gives none. @throws HostFailure */
  async bound(on: number, syntax: TransferSyntax, tags: readonly string[]): Promise<Bound | null> {
    const dialogue = await this.open(on);
    const context = await dialogue.contextFor(syntax);
    if (!('kind' in context)) return { dialogue, context };
    this.judge.note(context, tags);
    // After a bind of the case's own, a host may well refuse what follows.
    const isOwnDoing = this.fuzzCase.steps.some(({ kind }) => kind === 'bind');
    if (context.kind === 'wrong' && !isOwnDoing) this.judge.found(context.violation);
    if (!isOwnDoing) this.judge.suspect();
    dialogue.drop('fin');
    return null;
  }

  /** Ends the case's side of every connection; the host must end its own. */
  async finish(): Promise<void> {
    for (const dialogue of this.#own()) {
      if (!dialogue.usable) continue;
      const { heard, released } = await dialogue.finish();
      for (const one of heard) if (one.kind === 'wrong') this.judge.found(one.violation);
      if (!released) this.judge.unreleased();
    }
  }

  /** Releases the sockets, whatever has become of them. */
  drop(): void {
    for (const dialogue of this.#own()) dialogue.drop('fin');
  }

  /** The host was restarted: none of them can be used any more. */
  forget(): void {
    for (const dialogue of this.#dialogues.values()) dialogue.drop('fin');
    this.#dialogues.clear();
  }

  *#own(): Generator<Dialogue> {
    for (const dialogue of this.#dialogues.values()) if (dialogue !== this.kept) yield dialogue;
  }
}
