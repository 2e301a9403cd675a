import type { Exchange } from '../../../protocol';
import { historyRequestOf } from '../../jobs/history/from-exchange';
import { HistoryText } from '../../jobs/history/history-text';
import { HistoryChecker } from '../../model/history/history-checker';
import type { Output } from '../output/output';
import type { Sink } from './sinks';

/** An exchange comes from a capture when it is complete: what started so long before the last one has come by then. */
const SETTLED_MS = 60_000;

/** Writes the requests of a capture as a history, and judges it as it comes: nobody knows what the host held before. */
export class HistorySink implements Sink {
  readonly checker = new HistoryChecker({ start: 'found' });
  readonly #text = new HistoryText('found');

  constructor(readonly output: Output) {}

  async exchange(exchange: Exchange): Promise<void> {
    const request = historyRequestOf(exchange);
    if (request === null) return;
    this.checker.add(request);
    this.checker.passed(request.startMs - SETTLED_MS);
    await this.output.write(this.#text.next(request));
  }

  attempt(): Promise<void> {
    return Promise.resolve();
  }

  async end(): Promise<void> {
    this.checker.finish();
    await this.output.write(this.#text.end());
    await this.output.finish();
  }
}
