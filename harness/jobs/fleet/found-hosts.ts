import { type Ordered, orderForClient } from '../../target/discovery/srv-order';
import { DRAW, type Draws } from './draws';
import type { HostLedger } from './host-ledger';
import type { FleetMachine } from './machine';

/** The hosts of a fleet as machines find them in DNS. */
export class FoundHosts {
  /** As DNS names them, by their place among the ledgers. */
  readonly #published: readonly (Ordered & { readonly index: number })[];

  constructor(
    ledgers: readonly HostLedger[],
    private readonly heedsPriority: boolean,
    private readonly draws: Draws,
  ) {
    this.#published = ledgers.map(({ host: { priority = 0, weight = 0 } }, index) => ({
      index,
      priority,
      weight,
    }));
  }

  /** Their places in the order in which this machine tries them; it looks anew each time. */
  for(machine: FleetMachine): readonly number[] {
    const hosts = this.#published.length;
    if (hosts === 1) return [0];
    let n = machine.discoveries++ * hosts;
    const draw = (): number => this.draws.fraction(machine.index, DRAW.discovery, n++);
    return orderForClient(this.#published, this.heedsPriority, draw).map(({ index }) => index);
  }
}
