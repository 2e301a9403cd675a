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

/** Ends a scenario: what was seen proves neither. @throws Inconclusive always */
export function inconclusive(reason: string): never {
  throw new Inconclusive(reason);
}

/** Ends a scenario: it cannot be tried at this host. @throws Untestable always */
export function untestable(reason: string): never {
  throw new Untestable(reason);
}
