/** Association groups of one host. A group lives as long as one of its connections (MS-RPCE 3.3.1.5.7). */
export class AssociationGroups {
  readonly #connections = new Map<number, number>();
  #last: number;

  /** @param start numbers are counted on from it, so that they can be drawn by a seed */
  constructor(start = 0) {
    this.#last = start;
  }

  /** A new group with one connection. @returns its number, never 0 */
  open(): number {
    do this.#last = (this.#last + 1) >>> 0 || 1;
    while (this.#connections.has(this.#last));
    this.#connections.set(this.#last, 1);
    return this.#last;
  }

  /** A further connection. @returns false where nobody has such a group */
  join(group: number): boolean {
    const count = this.#connections.get(group);
    if (count === undefined) return false;
    this.#connections.set(group, count + 1);
    return true;
  }

  /** A connection of the group is gone. */
  leave(group: number): void {
    const count = this.#connections.get(group);
    if (count === undefined) return;
    if (count === 1) this.#connections.delete(group);
    else this.#connections.set(group, count - 1);
  }
}
