/** Thrown by a scenario whose precondition does not hold, with the reason. */
export class Inconclusive extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Inconclusive';
  }
}

/** Thrown by a scenario that cannot be checked on this target, with the reason. */
export class Untestable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Untestable';
  }
}

export function inconclusive(reason: string): never {
  throw new Inconclusive(reason);
}

export function untestable(reason: string): never {
  throw new Untestable(reason);
}
