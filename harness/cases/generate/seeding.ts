import * as fc from 'fast-check';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Words } from './draws';

/**
 * A generator that is cheap to start, as every case starts one of its own: splitmix32 over a mixed start. (xoroshiro takes four words
 * of state to be mixed, which for a case of one message is a quarter of its making.)
 */
export class CaseGenerator implements RandomGenerator, Words {
  /** Of case `index` of a seed. */
  static of(seed: number, index: number): CaseGenerator {
    const high = Math.floor(index / 0x100000000);
    return new CaseGenerator(mix(mix(seed | 0) + Math.imul(index | 0, 0x9e3779b1) + mix(high + 1)));
  }

  private constructor(private state: number) {}

  clone(): CaseGenerator {
    return new CaseGenerator(this.state);
  }

  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return mix(this.state);
  }

  /** As fast-check reads what `next` returns. */
  word(): number {
    return (this.next() ^ 0x80000000) >>> 0;
  }

  getState(): readonly number[] {
    return [this.state];
  }
}

function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

/** The randomness of case `index` of a seed: a function of these two, whoever asks, in whatever order. */
export const caseRandom = (seed: number, index: number): fc.Random =>
  new fc.Random(CaseGenerator.of(seed, index));
