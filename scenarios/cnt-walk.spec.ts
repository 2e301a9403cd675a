import type { ReboundConnection } from './host/count-words';
import type { HostUnderTest } from './host/host-under-test';
import { client, clients, type Machine, machine, offering, type Reaction, requirement } from './requirement';

/** Connections that the walk keeps, how often each kind of step is taken on each kept connection, and requests at the same time on all of them. */
const LONG = { kept: 3, stranger: 10, known: 4, bursts: 5, strangersInABurst: 4 } as const;
/** On a host that fills up for good, most of whose places are taken: nothing shows any more in a full cache. */
const SHORT = { kept: 2, stranger: 2, known: 8, bursts: 2, strangersInABurst: 2 } as const;
const TIMES = { own: 4, mistake: 1, refusal: 2, context: 2 } as const;
/** Presentation contexts that are added, beside those of the bind. */
const FIRST_ADDED = 10;

type Step = () => Promise<void>;

/** The steps of a walk over the states of a host's associations; the seed draws their order and who asks. */
class Walk {
  readonly #known: Machine[] = [];

  constructor(
    private readonly host: HostUnderTest,
    private readonly length: typeof LONG | typeof SHORT,
  ) {}

  /** All that happens on one kept connection, in no order yet. */
  stepsOn(over: ReboundConnection): Step[] {
    const own = client();
    const mistakes: (() => Promise<Reaction>)[] = [
      async () => (await over.bound()).attempt(machine(), {}, { opnum: 1 }),
      async () => (await over.bound()).attempt(machine(), {}, { contextId: 99 }),
      async () => (await over.bound()).attemptShortStub(machine()),
    ];
    const refusal = async (): Promise<Reaction> =>
      (await over.bound()).attempt(client(), { majorVersion: 3 });
    return [
      ...times(this.length.stranger, () => this.#ask(client(), over)),
      ...times(TIMES.own, () => this.#ask(own, over)),
      ...times(this.length.known, () => this.#ask(this.#someone(), over)),
      ...mistakes.flatMap((mistake) => times(TIMES.mistake, () => survive(over, mistake))),
      ...times(TIMES.refusal, () => survive(over, refusal)),
      ...Array.from({ length: TIMES.context }, (_, i) => () => addContext(over, FIRST_ADDED + i)),
    ];
  }

  /** New machines and known ones at the same time, one of them twice, over kept connections and others. */
  burst(kept: readonly ReboundConnection[]): Step {
    return async () => {
      const strangers = clients(this.length.strangersInABurst);
      const asking = [...strangers, this.#someone(), this.#someone(), strangers[0]!];
      await this.host.counts.together(
        this.host.random
          .shuffle(asking)
          .map((each, i) => (kept[i] === undefined ? { machine: each } : { machine: each, over: kept[i] })),
      );
      this.#known.push(...strangers);
    };
  }

  /** Everyone that the walk has met asks once more, over a connection of its own. */
  async revisit(): Promise<void> {
    for (const each of this.host.random.shuffle(this.#known)) await this.host.counts.alone({ machine: each });
  }

  async #ask(who: Machine, over: ReboundConnection): Promise<void> {
    await this.host.counts.alone({ machine: who, over });
    this.#known.push(who);
  }

  #someone(): Machine {
    return this.#known.length === 0 ? client() : this.host.random.pick(this.#known);
  }
}

describe('a walk over what associations go through', () => {
  requirement('CNT-20', { countAtMost: 10, place: 'walk', adds: 60, requests: 180 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      await journey.overlap();
      journey.expectRight(journey.everything);
    }
    const length = journey === null ? LONG : SHORT;
    const walk = new Walk(host, length);
    const kept = Array.from({ length: length.kept }, () => host.counts.keep(offering.ndr32Alone()));
    const steps = [...kept.flatMap((over) => walk.stepsOn(over)), ...times(length.bursts, walk.burst(kept))];
    for (const step of host.random.shuffle(steps)) await step();
    await walk.revisit();
    for (const connection of kept) await connection.close();
  });
});

const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

/** Does what a host may answer in any way; where it closes the connection, as it may, what comes next is over another. */
async function survive(over: ReboundConnection, provocation: () => Promise<Reaction>): Promise<void> {
  const reaction = await provocation();
  if (reaction.kind === 'nothing') over.drop();
}

async function addContext(over: ReboundConnection, contextId: number): Promise<void> {
  const bound = await over.bound();
  const verdicts = await bound.tryAlterContext(offering.fromContext(contextId));
  if (verdicts === null) over.drop();
}
