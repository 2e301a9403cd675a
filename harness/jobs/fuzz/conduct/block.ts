import { CoverageTable } from '../../../cases/judge/coverage';

/** Cases that are begun one after the other and told of together. */
export class Block {
  /** Cases of it that were run. */
  cases = 0;
  /** Of its cases, those that nothing else may run beside. */
  readonly alone: number[] = [];
  #at = 0;
  #underWay = 0;

  /**
   * @param indices of its cases
   * @param order the same as they are begun
   * @param coverage what was sent and came of it goes there
   */
  constructor(
    readonly indices: readonly number[],
    private readonly order: readonly number[],
    readonly coverage = new CoverageTable(),
  ) {}

  /** All of it is begun. */
  get isBegun(): boolean {
    return this.#at >= this.order.length;
  }

  /** Cases of it are still running. */
  get isUnderWay(): boolean {
    return this.#underWay > 0;
  }

  get isOver(): boolean {
    return this.isBegun && !this.isUnderWay;
  }

  isOf(indices: readonly number[]): boolean {
    return indices.length === this.indices.length && indices.every((index, i) => index === this.indices[i]);
  }

  /** Begins the next case. @param run is told its index */
  async begin(run: (index: number) => Promise<void>): Promise<void> {
    this.#underWay++;
    try {
      await run(this.order[this.#at++]!);
    } finally {
      this.#underWay--;
    }
  }
}
