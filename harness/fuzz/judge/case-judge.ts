import {
  type Answer,
  formatStatus,
  HRESULT,
  type KmsRequestInput,
  type PduOf,
  readAnswer,
} from '../../../protocol';
import { CaseCount } from './case-count';
import type { CaseTools } from '../conduct/case-tools';
import { checkAnswer } from './check-answer';
import { reactionOf } from './coverage';
import type { Heard } from '../conduct/dialogue';
import type { RenderedAsk } from '../conduct/render';
import { type Violation, violation } from './violation';

type AnswerPdu = PduOf<'response'> | PduOf<'fault'>;

/** A request that was granted, and with which count. */
export interface Grant {
  readonly request: KmsRequestInput;
  readonly count: number;
}

/** Judges what a host does in one case: by the sources, by the counting model, by what it was told in confidence. */
export class CaseJudge {
  readonly violations: Violation[] = [];
  readonly #count: CaseCount | null;
  #suspicious = false;
  #silent = false;

  constructor(private readonly tools: CaseTools) {
    this.#count = tools.count === undefined ? new CaseCount(tools.context.profile) : tools.count;
  }

  /** Something happened that a host that died or hangs would show too: whether it is alive must be looked at. */
  get suspicious(): boolean {
    return this.#suspicious;
  }

  /** The host has let a deadline pass: each further step would wait as long, and tell nothing new. */
  get silent(): boolean {
    return this.#silent;
  }

  suspect(): void {
    this.#suspicious = true;
  }

  found(...violations: readonly Violation[]): void {
    this.violations.push(...violations);
  }

  /** Writes down what the host did about something that was sent. */
  note(heard: Heard, tags: readonly string[]): void {
    if (heard.kind === 'timeout') this.#silent = true;
    this.tools.coverage.add(tags, reactionOf(heard));
  }

  /** What came of a request. @param onGrant takes its count; by default the model holds it against its own */
  judge(
    asked: RenderedAsk,
    heard: Heard,
    tags: readonly string[],
    onGrant = (grant: Grant): void => this.granted(grant),
  ): void {
    this.note(heard, tags);
    switch (heard.kind) {
      case 'call':
        return this.#judgeAnswer(asked, heard.pdu, onGrant);
      case 'wrong':
        this.found(heard.violation);
        return this.#count?.lost(asked.request);
      case 'other':
        if (asked.expectation.mustReact)
          this.found(violation('conforms', 'PDU that answers a call', 'response or fault', heard.pdu.kind));
        return;
      case 'closed':
      case 'reset':
      case 'timeout':
        if (asked.expectation.grant === 'granted') this.#unanswered(heard.kind);
        else if (heard.kind !== 'closed' && asked.expectation.mustReact) this.suspect();
        this.#count?.lost(asked.request);
    }
  }

  /** Whether the host is alive tells whether this is a death, a hang, or a wrong answer: the campaign looks. */
  #unanswered(how: 'closed' | 'reset' | 'timeout'): void {
    // A host that ends a connection after one answer may do so before it has seen the next request.
    if (how === 'closed' && !this.tools.context.capabilities.keepsConnections) return;
    this.suspect();
    const differs = how === 'timeout' ? 'no answer to a good request' : 'answer to a good request';
    this.found(violation(how === 'timeout' ? 'in-time' : 'conforms', differs, 'a response', how));
  }

  #judgeAnswer(asked: RenderedAsk, pdu: AnswerPdu, onGrant: (grant: Grant) => void): void {
    const { answer, violations, unexplained } = checkAnswer(pdu, asked, this.tools.context);
    for (const octets of unexplained) if (this.#leaks(octets, asked.request.clientMachineId)) break;
    this.found(...violations);
    const { grant } = asked.expectation;
    if (answer.kind === 'response') {
      if (grant === 'denied')
        this.found(violation('conforms', 'grants what it must not', 'a refusal', 'a response'));
      onGrant({ request: asked.request, count: answer.value.currentClientCount });
    } else if (grant === 'granted') {
      this.#refused(answer);
    }
  }

  #refused(answer: Exclude<Answer, { kind: 'response' }>): void {
    if (answer.kind === 'malformed') return;
    const isProductRefused = answer.kind === 'refusal' && answer.hresult === HRESULT.productNotOffered;
    if (isProductRefused && !this.tools.context.capabilities.grantsAnyApplication) return;
    this.found(violation('conforms', 'answer to a good request', 'a response', refusalText(answer)));
  }

  #leaks(octets: Uint8Array, owner: string): boolean {
    const leaked = this.tools.watch.find(octets, owner);
    if (leaked !== null) this.found(violation('leak', 'bytes of another request', 'none', leaked));
    return leaked !== null;
  }

  /** What came of bytes that are no single request: every PDU must be sound, and hold nothing of others than `owner`. */
  overheard(heard: readonly Heard[], owner: string): void {
    for (const one of heard) {
      if (one.kind === 'wrong') this.found(one.violation);
      if (one.kind === 'call') this.#leaks(octetsOf(one.pdu), owner);
    }
  }

  granted({ request, count }: Grant): void {
    const right = this.#count?.granted(request, count) ?? null;
    if (right !== null) this.found(violation('count', 'count', right.join(' or '), count));
  }

  /** Requests at once: any order of them may explain the counts. */
  grantedTogether(grants: readonly Grant[]): void {
    const counts = grants.map(({ count }) => count);
    const wrong =
      this.#count?.grantedTogether(
        grants.map(({ request }) => request),
        counts,
      ) ?? null;
    if (wrong === null) return;
    const ascending = counts.sort((a, b) => a - b).join(', ');
    this.found(violation('count', 'count', wrong.join(' or '), ascending));
  }

  /** Nobody knows whether a request was counted. */
  lost(request: KmsRequestInput): void {
    this.#count?.lost(request);
  }

  unreleased(): void {
    this.suspect();
    this.#silent = true;
    this.found(violation('released', 'connection after the client’s FIN (TIME-05)', 'FIN or RST', 'nothing'));
  }

  clockAdvanced(seconds: number): void {
    this.#count?.advance(seconds);
  }

  hostRestarted(): void {
    this.#count?.restart();
  }
}

function refusalText(answer: Exclude<Answer, { kind: 'response' }>): string {
  if (answer.kind === 'refusal') return `HRESULT ${formatStatus(answer.hresult)}`;
  return answer.kind === 'fault' ? `fault ${formatStatus(answer.status)}` : answer.kind;
}

function octetsOf(pdu: AnswerPdu): Uint8Array {
  const answer = pdu.kind === 'response' ? readAnswer(pdu, 'ndr32') : null;
  return answer?.kind === 'response' ? answer.bytes : pdu.body.stub;
}
