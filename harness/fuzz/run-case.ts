import { formatStatus, HRESULT, type KmsRequestInput, type PduOf, readAnswer } from '../../protocol';
import type { Reaction } from '../../reports/model';
import { HostFailure } from '../client';
import type { TargetControls } from '../target';
import type { RunContext } from './capabilities';
import type { AskStep, BindStep, BurstStep, CloseStep, FuzzCase, PiecesStep, RawStep, Step } from './case';
import { CaseCount } from './case-count';
import { checkAnswer } from './check-answer';
import { type CoverageTable, tagsOf } from './coverage';
import { Dialogue, type Heard } from './dialogue';
import type { LeakWatch } from './leak-watch';
import {
  type BoundContext,
  goodAsk,
  goodRequest,
  type RenderedAsk,
  renderAsk,
  renderBind,
  renderPieces,
} from './render';
import { type Violation, violation } from './violation';

/** What a case came to. */
export interface CaseResult {
  readonly violations: readonly Violation[];
  /** Something happened that a host that died or hangs would show too: whether it is alive must be looked at. */
  readonly suspicious: boolean;
  /** The host could not even be connected to. */
  readonly unreachable: boolean;
}

export interface CaseTools {
  readonly context: RunContext;
  readonly watch: LeakWatch;
  readonly coverage: CoverageTable;
  readonly controls: TargetControls;
  /** The counting of a host whose applications cannot be told apart; by default each case counts for itself. */
  readonly count?: CaseCount | null;
}

/** The same AppID for all, where a host grants no other. */
export const WINDOWS = '55c92734-d682-4d71-983e-d6ec3f16059f';

/** Runs one case, step after step. It never throws for what a host does. */
export class CaseRun {
  readonly #violations: Violation[] = [];
  readonly #dialogues = new Map<number, Dialogue>();
  readonly #count: CaseCount | null;
  #suspicious = false;
  #unreachable = false;
  /** The host has let a deadline pass. */
  #silent = false;

  constructor(
    private readonly fuzzCase: FuzzCase,
    private readonly tools: CaseTools,
  ) {
    this.#count = tools.count === undefined ? new CaseCount(tools.context.profile) : tools.count;
  }

  /** @param kept a connection to use for a single call, and to leave open */
  async run(kept: Dialogue | null = null): Promise<CaseResult> {
    if (kept !== null) this.#dialogues.set(0, kept);
    try {
      for (const step of this.fuzzCase.steps) {
        await this.#step(step);
        // Each further step would wait as long, and tell nothing new.
        if (this.#silent) break;
      }
      if (this.#silent) return this.#result();
      for (const dialogue of this.#dialogues.values()) if (dialogue !== kept) await this.#finish(dialogue);
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      this.#unreachable = true;
      this.#suspicious = true;
    } finally {
      for (const dialogue of this.#dialogues.values()) if (dialogue !== kept) dialogue.drop('fin');
    }
    return this.#result();
  }

  #result(): CaseResult {
    return { violations: this.#violations, suspicious: this.#suspicious, unreachable: this.#unreachable };
  }

  async #step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'ask':
        return this.#ask(step);
      case 'pieces':
        return this.#pieces(step);
      case 'raw':
        return this.#raw(step);
      case 'bind':
        return this.#bind(step);
      case 'close':
        return this.#close(step);
      case 'burst':
        return this.#burst(step);
      case 'advance':
        await this.tools.controls.advanceClock?.(step.seconds);
        return this.#count?.advance(step.seconds);
      case 'restart':
        await this.tools.controls.restart?.();
        for (const dialogue of this.#dialogues.values()) dialogue.drop('fin');
        this.#dialogues.clear();
        return this.#count?.restart();
    }
  }

  /** The connection of that number, opened anew where the one before is over. */
  async #dialogue(on: number): Promise<Dialogue> {
    const open = this.#dialogues.get(on);
    if (open?.usable === true) return open;
    open?.drop('fin');
    const dialogue = await Dialogue.open(this.tools.context, on);
    this.#dialogues.set(on, dialogue);
    return dialogue;
  }

  async #bound(
    on: number,
    syntax: AskStep['syntax'],
    tags: readonly string[],
  ): Promise<[Dialogue, BoundContext] | null> {
    const dialogue = await this.#dialogue(on);
    const context = await dialogue.contextFor(syntax);
    if (!('kind' in context)) return [dialogue, context];
    this.#note(context, tags);
    // After a bind of the case's own, a host may well refuse what follows.
    const isOwnDoing = this.fuzzCase.steps.some(({ kind }) => kind === 'bind');
    if (context.kind === 'wrong' && !isOwnDoing) this.#violations.push(context.violation);
    if (!isOwnDoing) this.#suspicious = true;
    dialogue.drop('fin');
    return null;
  }

  async #ask(step: AskStep): Promise<void> {
    const tags = tagsOf(step);
    const bound = await this.#bound(step.on, step.syntax, tags);
    if (bound === null) return;
    const [dialogue, context] = bound;
    const asked = renderAsk(this.fuzzCase, step, context, this.#rendering());
    this.tools.watch.remember(asked.request);
    await dialogue.send(asked.bytes, step.cuts);
    if (asked.expectation.mustReact) {
      const heard = await dialogue.hear();
      this.#judge(asked, heard, tags);
      return;
    }
    const { heard, released } = await dialogue.finish();
    this.#judge(asked, heard[0] ?? { kind: 'closed' }, tags);
    if (!released) this.#unreleased();
  }

  #rendering(): { requestTime: bigint; mac: RunContext['mac'] } {
    const { capabilities, mac } = this.tools.context;
    return { requestTime: capabilities.requestTime, mac };
  }

  #judge(asked: RenderedAsk, heard: Heard, tags: readonly string[]): void {
    this.#note(heard, tags);
    switch (heard.kind) {
      case 'call':
        return this.#judgeAnswer(asked, heard.pdu);
      case 'wrong':
        this.#violations.push(heard.violation);
        return this.#count?.lost(asked.request);
      case 'other':
        if (asked.expectation.mustReact) {
          this.#violations.push(
            violation('conforms', 'PDU that answers a call', 'response or fault', heard.pdu.kind),
          );
        }
        return;
      case 'closed':
      case 'reset':
      case 'timeout':
        if (asked.expectation.grant === 'granted') this.#unanswered(heard.kind);
        else if (heard.kind !== 'closed' && asked.expectation.mustReact) this.#suspicious = true;
        this.#count?.lost(asked.request);
    }
  }

  /** Whether the host is alive tells whether this is a death, a hang, or a wrong answer: the campaign looks. */
  #unanswered(how: 'closed' | 'reset' | 'timeout'): void {
    // A host that ends a connection after one answer may do so before it has seen the next request.
    if (how === 'closed' && !this.tools.context.capabilities.keepsConnections) return;
    this.#suspicious = true;
    const differs = how === 'timeout' ? 'no answer to a good request' : 'answer to a good request';
    this.#violations.push(violation(how === 'timeout' ? 'in-time' : 'conforms', differs, 'a response', how));
  }

  #judgeAnswer(asked: RenderedAsk, pdu: PduOf<'response'> | PduOf<'fault'>): void {
    const { answer, violations, unexplained } = checkAnswer(pdu, asked, this.tools.context);
    const leaked = unexplained
      .map((octets) => this.tools.watch.find(octets, asked.request.clientMachineId))
      .find((what) => what !== null);
    if (leaked !== undefined && leaked !== null) {
      this.#violations.push(violation('leak', 'bytes of another request', 'none', leaked));
    }
    this.#violations.push(...violations);
    const { grant } = asked.expectation;
    if (answer.kind === 'response') {
      if (grant === 'denied')
        this.#violations.push(violation('conforms', 'grants what it must not', 'a refusal', 'a response'));
      return this.#counted(asked.request, answer.value.currentClientCount);
    }
    if (grant !== 'granted' || answer.kind === 'malformed') return;
    const isProductRefused = answer.kind === 'refusal' && answer.hresult === HRESULT.productNotOffered;
    if (isProductRefused && !this.tools.context.capabilities.grantsAnyApplication) return;
    const received =
      answer.kind === 'refusal'
        ? `HRESULT ${formatStatus(answer.hresult)}`
        : answer.kind === 'fault'
          ? `fault ${formatStatus(answer.status)}`
          : answer.kind;
    this.#violations.push(violation('conforms', 'answer to a good request', 'a response', received));
  }

  #counted(request: KmsRequestInput, count: number): void {
    const right = this.#count?.granted(request, count) ?? null;
    if (right !== null) this.#violations.push(violation('count', 'count', right.join(' or '), count));
  }

  /** Any fragments: what a host makes of those that do not join is its own affair, as long as it reacts to the end. */
  async #pieces(step: PiecesStep): Promise<void> {
    const tags = tagsOf(step);
    const bound = await this.#bound(step.on, 'ndr32', tags);
    if (bound === null) return;
    const [dialogue, context] = bound;
    await dialogue.send(renderPieces(this.fuzzCase, step, context, this.#rendering()));
    const request = goodRequest(this.fuzzCase, { ...step, server: true }, this.#rendering().requestTime);
    for (const heard of await this.#heardOut(dialogue, tags)) {
      const answer =
        heard.kind === 'call' && heard.pdu.kind === 'response' ? readAnswer(heard.pdu, context.syntax) : null;
      if (answer?.kind === 'response') this.#counted(request, answer.value.currentClientCount);
      if (heard.kind === 'reset') this.#count?.lost(request);
    }
  }

  async #raw(step: RawStep): Promise<void> {
    const tags = tagsOf(step);
    const dialogue = step.bound
      ? (await this.#bound(step.on, 'ndr32', tags))?.[0]
      : await this.#dialogue(step.on);
    if (dialogue === undefined) return;
    await dialogue.send(step.bytes, step.cuts);
    await this.#heardOut(dialogue, tags);
  }

  /** Ends this side and hears all that still comes: every PDU must be sound, and the host must let go. */
  async #heardOut(dialogue: Dialogue, tags: readonly string[]): Promise<readonly Heard[]> {
    const { heard, released } = await dialogue.finish();
    this.#note(heard[0]!, tags);
    for (const one of heard) {
      if (one.kind === 'wrong') this.#violations.push(one.violation);
      if (one.kind === 'call') this.#looked(one.pdu);
    }
    if (!released) this.#unreleased();
    else if (heard.at(-1)?.kind === 'reset') this.#suspicious = true;
    return heard;
  }

  /** An answer to bytes that are no request of the case: a name in it is a leak. */
  #looked(pdu: PduOf<'response'> | PduOf<'fault'>): void {
    const answer = pdu.kind === 'response' ? readAnswer(pdu, 'ndr32') : null;
    const octets = answer?.kind === 'response' ? answer.bytes : pdu.body.stub;
    const leaked = this.tools.watch.find(octets, '');
    if (leaked !== null) this.#violations.push(violation('leak', 'bytes of another request', 'none', leaked));
  }

  async #bind(step: BindStep): Promise<void> {
    const tags = tagsOf(step);
    const dialogue = await this.#dialogue(step.on);
    const alter = dialogue.bound;
    const syntax = this.tools.context.capabilities.ndr64 ? step.syntax : 'ndr32';
    const heard = await dialogue.negotiate(renderBind({ ...step, syntax }, alter));
    if (!('results' in heard)) {
      this.#note(heard, tags);
      if (heard.kind === 'wrong') this.#violations.push(heard.violation);
      if (heard.kind === 'timeout' || heard.kind === 'reset') this.#suspicious = true;
      if (heard.kind === 'timeout')
        this.#violations.push(violation('in-time', 'no answer to a bind', 'an answer', 'nothing'));
      dialogue.drop('fin');
      return;
    }
    this.tools.coverage.add(tags, 'answered');
    if (heard.callId !== 1)
      this.#violations.push(violation('conforms', 'call_id of a bind (RPC-06)', 1, heard.callId));
    const isAccepted = heard.results[0]?.result === 0;
    if (step.body.length > 0) {
      dialogue.drop('fin');
      return;
    }
    const contexts = step.features ? 2 : 1;
    if (heard.results.length !== contexts) {
      this.#violations.push(violation('conforms', 'number of results', contexts, heard.results.length));
    }
    if (isAccepted) dialogue.choose({ contextId: step.contextId, syntax });
    else if (!alter)
      this.#violations.push(
        violation('conforms', `offer of ${syntax} alone (RPC-01)`, 'acceptance', 'rejection'),
      );
  }

  async #close(step: CloseStep): Promise<void> {
    const tags = tagsOf(step);
    const bound = await this.#bound(step.on, 'ndr32', tags);
    if (bound === null) return;
    const [dialogue, context] = bound;
    const asked = renderAsk(this.fuzzCase, goodAsk(this.fuzzCase), context, this.#rendering());
    const sent = asked.bytes.subarray(0, step.after ?? 0);
    const isWhole = sent.length === asked.bytes.length;
    if (sent.length > 0) await dialogue.send(sent);
    if (step.how === 'reset') {
      dialogue.drop('reset');
      if (isWhole) this.#count?.lost(asked.request);
      return;
    }
    const { heard, released } = await dialogue.finish();
    if (isWhole) this.#judge(asked, heard[0]!, tags);
    else this.#note(heard[0]!, tags);
    if (!released) this.#unreleased();
  }

  async #burst(step: BurstStep): Promise<void> {
    const tags = tagsOf(step);
    const asks = Array.from({ length: step.count }, (_, i) => burstAsk(this.fuzzCase, step, i));
    const ready: { dialogue: Dialogue; asked: RenderedAsk }[] = [];
    for (const [i, [fuzzCase, ask]] of asks.entries()) {
      const bound = await this.#bound(BURST_CONNECTIONS + i, 'ndr32', tags);
      if (bound === null) return;
      const [dialogue, context] = bound;
      ready.push({ dialogue, asked: renderAsk(fuzzCase, ask, context, this.#rendering()) });
    }
    await Promise.all(ready.map(({ dialogue, asked }) => dialogue.send(asked.bytes)));
    const heard = await Promise.all(ready.map(({ dialogue }) => dialogue.hear()));
    this.#judgeBurst(
      ready.map(({ asked }) => asked),
      heard,
      tags,
    );
  }

  #judgeBurst(asked: readonly RenderedAsk[], heard: readonly Heard[], tags: readonly string[]): void {
    const granted: { request: KmsRequestInput; count: number }[] = [];
    for (const [i, one] of heard.entries()) {
      const answer = one.kind === 'call' ? checkAnswer(one.pdu, asked[i]!, this.tools.context) : null;
      if (answer?.answer.kind !== 'response') {
        this.#judge(asked[i]!, one, tags);
        continue;
      }
      this.#note(one, tags);
      this.#violations.push(...answer.violations);
      granted.push({ request: asked[i]!.request, count: answer.answer.value.currentClientCount });
    }
    const wrong =
      this.#count?.grantedTogether(
        granted.map(({ request }) => request),
        granted.map(({ count }) => count),
      ) ?? null;
    const counts = granted.map(({ count }) => count).sort((a, b) => a - b);
    if (wrong !== null)
      this.#violations.push(violation('count', 'count', wrong.join(' or '), counts.join(', ')));
  }

  async #finish(dialogue: Dialogue): Promise<void> {
    if (!dialogue.usable) return;
    const { heard, released } = await dialogue.finish();
    for (const one of heard) if (one.kind === 'wrong') this.#violations.push(one.violation);
    if (!released) this.#unreleased();
  }

  #unreleased(): void {
    this.#suspicious = true;
    this.#silent = true;
    this.#violations.push(
      violation('released', 'connection after the client’s FIN (TIME-05)', 'FIN or RST', 'nothing'),
    );
  }

  #note(heard: Heard, tags: readonly string[]): void {
    if (heard.kind === 'timeout') this.#silent = true;
    this.tools.coverage.add(tags, reactionOf(heard));
  }
}

const BURST_CONNECTIONS = 100;

function reactionOf(heard: Heard): Reaction {
  switch (heard.kind) {
    case 'call': {
      if (heard.pdu.kind === 'fault') return 'fault';
      const { stub } = heard.pdu.body;
      return stub.length <= 16 ? 'hresult' : 'answered';
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

/** A machine that only the burst has. */
function burstAsk(fuzzCase: FuzzCase, step: BurstStep, i: number): [FuzzCase, AskStep] {
  const machine = `${fuzzCase.canary.toString(16).padStart(8, '0')}-0000-4000-8000-0000000${(0xb000 + i).toString(16)}a`;
  const alone = { ...fuzzCase, machines: [machine] };
  const changed = {
    field: 'requiredClientCount',
    mode: 'boundary' as const,
    value: step.requiredClientCount,
  };
  const message = step.requiredClientCount === null ? [] : [changed];
  return [alone, { ...goodAsk(alone), application: step.application, server: step.server, message }];
}

/** Whether a case is one call that its connection survives, so that it can go over one that is kept. */
export function isSingleCall({ steps }: FuzzCase): boolean {
  const [step] = steps;
  return steps.length === 1 && step?.kind === 'ask' && step.header.length === 0;
}
