import { sleepUntil } from '../../harness/support/sleep-until';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';

/** How long things take. */
export class PaceWords {
  constructor(private readonly driver: RequestDriver) {}

  /** Lets a second go by. */
  oneSecond(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1000));
  }

  /** The run's own client asks at a steady rate, whatever the answers take. @returns ms from when each was due */
  async latenciesAt(rate: number, { requests }: { readonly requests: number }): Promise<number[]> {
    const { driver } = this;
    const request = driver.requestOf(driver.session.regular, {});
    driver.lastSent = `${requests} requests, ${rate} a second`;
    const startedAt = performance.now();
    const ask = async (due: number): Promise<number> => {
      await sleepUntil(startedAt + due);
      await driver.client.activate(request);
      return performance.now() - startedAt - due;
    };
    return Promise.all(Array.from({ length: requests }, (_, i) => ask((i * 1000) / rate)));
  }
}
