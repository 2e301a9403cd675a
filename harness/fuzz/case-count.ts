import type { KmsRequestInput } from '../../protocol';
import { type CountedRequest, CountingModel } from '../model/counting-model';
import type { Profile } from '../model/profile';

interface Entry {
  readonly request: CountedRequest;
  readonly nowMs: number;
}

/** A call of which nobody knows whether it was granted doubles what may be: beyond this many, counts are not judged. */
const MAX_UNSURE = 3;

/**
 * The counting model beside one case. Where an answer was lost, the request may have been counted or not, and both are right from then
 * on until an answer tells which.
 */
export class CaseCount {
  #models: CountingModel[];
  #unsure = 0;
  #entries: (Entry & { readonly sure: boolean })[] = [];
  #aheadMs = 0;

  constructor(private readonly profile: Profile) {
    this.#models = [new CountingModel(profile)];
  }

  advance(seconds: number): void {
    this.#aheadMs += 1000 * seconds;
  }

  restart(): void {
    if (this.profile.countSurvivesRestart) return;
    this.#models = [new CountingModel(this.profile)];
    this.#entries = [];
    this.#unsure = 0;
  }

  /** A request was granted with this count. @returns the counts that would have been right, null where this one is */
  granted(input: KmsRequestInput, count: number): readonly number[] | null {
    const entry = { request: counted(input), nowMs: this.#aheadMs, sure: true };
    this.#entries.push(entry);
    if (this.#unsure > MAX_UNSURE) return null;
    const right = this.#models.map((model) => ({ model, count: model.grant(entry.request, entry.nowMs) }));
    const fitting = right.filter((candidate) => candidate.count === count);
    if (fitting.length > 0) this.#models = fitting.map(({ model }) => model);
    return fitting.length > 0 ? null : [...new Set(right.map((candidate) => candidate.count))];
  }

  /** The answer to a request was lost. */
  lost(input: KmsRequestInput): void {
    this.#entries.push({ request: counted(input), nowMs: this.#aheadMs, sure: false });
    if (++this.#unsure > MAX_UNSURE) return;
    // A model cannot be copied; what was asked so far makes each anew, with every choice of what was counted.
    const unsure = this.#entries.filter(({ sure }) => !sure);
    this.#models = Array.from({ length: 2 ** unsure.length }, (_, choice) =>
      this.#replay((entry) => ((choice >> unsure.indexOf(entry)) & 1) === 1),
    );
  }

  #replay(isCounted: (entry: Entry & { readonly sure: boolean }) => boolean): CountingModel {
    const model = new CountingModel(this.profile);
    for (const entry of this.#entries)
      if (entry.sure || isCounted(entry)) model.grant(entry.request, entry.nowMs);
    return model;
  }

  /** Machines that asked at once, all granted. @returns what is wrong with the counts, null where some order explains them */
  grantedTogether(inputs: readonly KmsRequestInput[], counts: readonly number[]): readonly number[] | null {
    const ascending = [...counts].sort((a, b) => a - b);
    for (const [i, input] of inputs.entries()) {
      const wrong = this.granted(input, ascending[i]!);
      if (wrong !== null) return wrong;
    }
    return null;
  }
}

const counted = (input: KmsRequestInput): CountedRequest => ({
  applicationId: input.applicationId,
  clientMachineId: input.clientMachineId,
  requiredClientCount: input.requiredClientCount,
  isVirtualMachine: input.isVirtualMachine !== 0,
});
