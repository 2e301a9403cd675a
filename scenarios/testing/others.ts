import { type ActivationRequest, KmsClient } from '../../harness/client';
import { machineRequest } from '../../harness/model/machine-request';
import { systemClock } from '../../harness/support/clock';
import { Random } from '../../harness/support/random';
import type { Target } from '../../harness/target';
import type { ProductKey } from '../../protocol';

/** Other machines that use the same host. */
export class Others {
  readonly #random = new Random(77);
  readonly #client: KmsClient;
  #stopped = false;
  #busy: Promise<void> = Promise.resolve();

  constructor(target: Target) {
    this.#client = new KmsClient({ endpoint: target.endpoint });
  }

  async ask(count: number, product?: ProductKey): Promise<void> {
    for (let i = 0; i < count; i++) await this.#client.activate(this.#request(product));
  }

  /** New machines ask at random, so many ms apart on average. */
  start(everyMs: number): void {
    const work = async (): Promise<void> => {
      while (!this.#stopped) {
        await new Promise((resolve) => setTimeout(resolve, this.#random.exponential(everyMs)));
        await this.ask(1);
      }
    };
    this.#busy = work();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#busy;
    await this.#client.close();
  }

  #request(product: ProductKey = this.#random.chance(0.5) ? 'win7' : 'r2-b'): ActivationRequest {
    return machineRequest({ product, random: this.#random, clock: systemClock });
  }
}
