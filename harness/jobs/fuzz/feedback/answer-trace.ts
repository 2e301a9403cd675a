import { readAnswer } from '../../../../protocol';
import type { CaseTrace } from '../../../cases/conduct/case-tools';
import type { Heard } from '../../../cases/conduct/case-connection';

/** What a case saw of its host, as words: two cases with the same words showed nothing new to one another. */
export class AnswerTrace implements CaseTrace {
  readonly #words = new Set<string>();
  /** What the host did last: the state of the association, as far as it can be seen. */
  #state = 'start';

  get words(): ReadonlySet<string> {
    return this.#words;
  }

  /** @param kinds what of the request was unusual */
  add(heard: Heard, kinds: readonly string[]): void {
    const answer = patternOf(heard);
    this.#words.add(`${this.#state} > ${answer}`);
    for (const kind of kinds) this.#words.add(`${kind} > ${answer}`);
    this.#state = answer;
  }

  /** An answer took so long, where it usually takes no longer than that. */
  took(ms: number, usualMs: number): void {
    const longer = Math.floor(Math.log2(ms / usualMs));
    if (longer > 0) this.#words.add(`${this.#state} > slower ${longer}`);
  }
}

/** Kind, status, and what is the same in all answers of a sort. */
function patternOf(heard: Heard): string {
  if (heard.kind === 'other') return heard.pdu.kind;
  if (heard.kind === 'wrong') return heard.violation.differs;
  if (heard.kind !== 'call') return heard.kind;
  const { pdu } = heard;
  if (pdu.kind === 'fault') return `fault ${pdu.body.status.toString(16)}`;
  const answer = readAnswer(pdu, 'ndr32');
  if (answer.kind === 'refusal') return `refusal ${answer.hresult.toString(16)}`;
  if (answer.kind !== 'response') return answer.kind;
  const { currentClientCount, ePidSize } = answer.value;
  return `response ${sizeClass(currentClientCount)} ${sizeClass(ePidSize)} ${answer.bytes.length - ePidSize}`;
}

/** Counts of the same power of two are alike. */
const sizeClass = (count: number): number => 32 - Math.clz32(count);
