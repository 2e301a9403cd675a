import type { Test } from 'mocha';
import { UsageError } from '../../support/usage-error';
import type { Scenario } from './scenario';

interface Collection {
  readonly scenarios: Map<Test, Scenario>;
  /** What mocha runs for a scenario: it waits for the outcome. */
  readonly wait: (scenario: Scenario, test: Test) => Promise<void>;
}

/** On `globalThis`, so that scenarios of a user's own that load a second copy of this package find the run as well. */
const SLOT = Symbol.for('kmsspec.scenarios');
type Holder = { [SLOT]?: Collection | undefined };

/** Runs `load` while scenario files that it loads register with `collection`. One at a time in a process. */
export async function collecting(collection: Collection, load: () => Promise<void>): Promise<void> {
  const holder = globalThis as Holder;
  const previous = holder[SLOT];
  holder[SLOT] = collection;
  try {
    await load();
  } finally {
    holder[SLOT] = previous;
  }
}

/**
 * Registers a scenario with the run that is loading its file.
 * @throws UsageError where no run is loading
 */
export function registerScenario(scenario: Scenario): void {
  const collection = (globalThis as Holder)[SLOT];
  if (collection === undefined) {
    throw new UsageError(`${scenario.entry.id}: scenario files are loaded by \`kmsspec run\`, not by mocha`);
  }
  const title = `${scenario.entry.id} ${scenario.entry.title}`;
  const test: Test = it(title, () => collection.wait(scenario, test));
  collection.scenarios.set(test, scenario);
}
