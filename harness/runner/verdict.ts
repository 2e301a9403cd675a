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

/** The host did something that the clause does not allow; `expected` and `received` say what, for reports. */
export class Deviation extends Error {
  constructor(
    message: string,
    readonly expected?: string,
    readonly received?: string,
  ) {
    super(message);
    this.name = 'Deviation';
  }
}

export function inconclusive(reason: string): never {
  throw new Inconclusive(reason);
}

export function untestable(reason: string): never {
  throw new Untestable(reason);
}
