import {
  type Answer,
  formatStatus,
  HRESULT,
  type KmsRequestInput,
  type PduOf,
  readAnswer,
  REQUEST_SIZE,
} from '../../../protocol';
import { CaseCount } from './case-count';
import type { CaseTools } from '../conduct/case-tools';
import { checkAnswer } from './check-answer';
import { reactionOf } from './coverage';
import type { Heard } from '../conduct/case-connection';
import { silenceKinds } from './expectation';
import type { RenderedAsk } from '../conduct/render';
import type { ClauseId } from './clauses';
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
  readonly #sharesTable: boolean;
  #suspicious = false;
  #silent = false;
  /** What the model was told of before it was sent. */
  #later: RenderedAsk | null = null;
  /** What a count breaks that is wrong: which records are left, once time has passed; what a restart leaves, behind one. */
  #countClause: ClauseId = 'CNT-20';

  constructor(private readonly tools: CaseTools) {
    this.#count =
      tools.count === undefined ? new CaseCount(tools.context.profile).findProducts() : tools.count;
    this.#sharesTable = tools.count !== undefined;
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

  /** What is worth telling, and no clause settles. @param what without the numbers of this run */
  remark(what: string): void {
    this.tools.coverage.remark(what);
  }

  /** Writes down what the host did about something that was sent. @param kinds what its silence may be owed to */
  note(heard: Heard, tags: readonly string[], kinds = tags): void {
    const isSilence = heard.kind === 'timeout';
    if (isSilence) this.#silent = true;
    this.tools.context.patience?.heard(kinds, isSilence);
    this.tools.trace?.add(heard, tags);
    this.tools.coverage.add(tags, reactionOf(heard));
  }

  /** What came of a request. @param onGrant takes its count; by default the model holds it against its own */
  judge(
    asked: RenderedAsk,
    heard: Heard,
    tags: readonly string[],
    onGrant = (grant: Grant): void => this.granted(grant),
  ): void {
    this.note(heard, tags, silenceKinds(tags, asked.expectation));
    switch (heard.kind) {
      case 'call':
        return this.#judgeAnswer(asked, heard.pdu, onGrant);
      case 'wrong':
        this.found(heard.violation);
        return this.#lost(asked);
      case 'other':
        return this.#otherPdu(asked, heard.pdu.kind);
      case 'closed':
      case 'reset':
      case 'timeout':
        if (asked.expectation.granted !== null) this.#unanswered(asked.expectation.granted, heard.kind);
        else if (heard.kind !== 'closed' && asked.expectation.mustReact) this.suspect();
        // What must not be granted is not counted (CNT-13): there is nothing that a host could come to later.
        if (asked.expectation.denied === null) this.#lost(asked);
    }
  }

  /** Whether the host is alive tells whether this is a death, a hang, or a wrong answer: the campaign looks. */
  #unanswered(clause: ClauseId, how: 'closed' | 'reset' | 'timeout'): void {
    // A host that ends a connection after one answer may do so before it has seen the next request: then TCP may reset.
    if (how !== 'timeout' && !this.tools.context.capabilities.keepsConnections) return;
    this.suspect();
    if (how === 'timeout')
      this.found(violation('in-time', 'TIME-01', 'no answer to a good request', 'a response', how));
    else this.found(violation('conforms', clause, 'answer to a good request', 'a response', how));
  }

  #otherPdu(asked: RenderedAsk, kind: string): void {
    this.#lost(asked);
    const { expectation } = asked;
    if (expectation.granted === null) return this.remark(`answers a call with ${kind}`);
    this.found(
      violation('conforms', expectation.granted, 'answer to a good request', 'a response', `a PDU ${kind}`),
    );
  }

  #judgeAnswer(asked: RenderedAsk, pdu: AnswerPdu, onGrant: (grant: Grant) => void): void {
    const { answer, violations, remarks, unexplained } = checkAnswer(pdu, asked, this.tools.context);
    for (const remark of remarks) this.remark(remark);
    for (const octets of unexplained) if (this.#leaks(octets, asked.request.clientMachineId)) break;
    this.found(...violations);
    const { granted, denied, message } = asked.expectation;
    if (answer.kind !== 'response') {
      if (this.#countClause === 'CNT-20') this.#countClause = 'CNT-13';
      return this.#refused(asked, answer);
    }
    const grant = { request: asked.request, count: answer.value.currentClientCount };
    if (denied !== null)
      this.found(
        violation('conforms', denied, 'grants what it must not', 'a refusal or a fault', 'a response'),
      );
    else if (granted === null && message !== 'version 4') this.remark(`grants ${unusual(asked)}`);
    // What a host reads in a message that is no version 4 request, nobody knows.
    if (asked === this.#later) this.#count?.forget();
    else if (message === 'other' || denied !== null) this.#lost(asked);
    else onGrant(grant);
  }

  #refused({ expectation }: RenderedAsk, answer: Exclude<Answer, { kind: 'response' }>): void {
    if (answer.kind === 'malformed' || expectation.granted === null) return;
    const isProductRefused = answer.kind === 'refusal' && answer.hresult === HRESULT.productNotOffered;
    if (isProductRefused && !this.tools.context.capabilities.grantsAnyApplication) return;
    const came = refusalText(answer);
    this.found(violation('conforms', expectation.granted, 'answer to a good request', 'a response', came));
  }

  #leaks(octets: Uint8Array, owner: string): boolean {
    const leaked = this.tools.watch.find(octets, owner);
    if (leaked !== null) this.found(violation('leak', 'MSG-08', 'bytes of another request', 'none', leaked));
    return leaked !== null;
  }

  /** What came of bytes that are no single request: every PDU must be sound, and hold nothing of others than `owner`. */
  receivedMeanwhile(heard: readonly Heard[], owner: string): void {
    for (const one of heard) {
      if (one.kind === 'wrong') this.found(one.violation);
      if (one.kind === 'call') this.#leaks(octetsOf(one.pdu), owner);
    }
  }

  /** Bytes came that may have been requests of anybody, whose answers may have been lost: a table that all share is not known any more. */
  tookAnything(): void {
    if (this.#sharesTable) this.#count?.forget();
  }

  granted({ request, count }: Grant): void {
    const right = this.#count?.granted(request, count) ?? null;
    if (right !== null) this.found(violation('count', this.#countClause, 'count', right.join(' or '), count));
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
    this.found(violation('count', 'CNT-17', 'count', wrong.join(' or '), ascending));
  }

  /** Nobody knows whether a request was counted. */
  lost(request: KmsRequestInput): void {
    this.#count?.lost(request);
  }

  /** A request is sent that the host may come to while others are answered, if at all. */
  isComeToLater(asked: RenderedAsk): void {
    if (asked.expectation.denied === null) this.#lost(asked);
    this.#later = asked;
  }

  #lost(asked: RenderedAsk): void {
    if (asked !== this.#later) this.lost(asked.request);
  }

  /** A connection was not closed after the client's FIN. @param served whether the host has answered all that was sent on it */
  unreleased(served: boolean): void {
    this.suspect();
    this.#silent = true;
    if (served)
      this.found(
        violation('released', 'TIME-05', 'connection after the client’s FIN', 'FIN or RST', 'nothing'),
      );
    else this.remark('keeps a connection after the client’s FIN, behind what it did not answer');
  }

  clockAdvanced(seconds: number): void {
    this.#countClause = 'CACHE-08';
    this.#count?.advance(seconds);
  }

  hostRestarted(): void {
    this.#countClause = 'CACHE-12';
    this.#count?.restart();
  }
}

/** A request that no source says how to answer, by what is unusual about it. */
function unusual({ expectation, request, messageBytes }: RenderedAsk): string {
  if (expectation.message === 'long' || messageBytes !== REQUEST_SIZE) return `${messageBytes} bytes`;
  return `version ${request.majorVersion}.${request.minorVersion}`;
}

function refusalText(answer: Exclude<Answer, { kind: 'response' }>): string {
  if (answer.kind === 'refusal') return `HRESULT ${formatStatus(answer.hresult)}`;
  return answer.kind === 'fault' ? `fault ${formatStatus(answer.status)}` : answer.kind;
}

function octetsOf(pdu: AnswerPdu): Uint8Array {
  const answer = pdu.kind === 'response' ? readAnswer(pdu, 'ndr32') : null;
  return answer?.kind === 'response' ? answer.bytes : pdu.body.stub;
}
