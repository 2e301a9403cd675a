import type { Random } from '../../../support/random';
import { CountingModel } from '../../counting-model';
import { DEFAULT_PROFILE } from '../../profile';
import type { HistoryRequest } from '../history';

export interface MadeHistory {
  readonly requests: number;
  readonly connections: number;
  readonly random: Random;
  /** The CMID and N_Policy of the next request. */
  readonly next: (nth: number) => { readonly clientMachineId: string; readonly requiredClientCount: number };
}

/**
 * What a conforming host answers over so many connections, each with a request after the other of 1 to 20 ms, each counted at some moment
 * between its start and its end. In the order of ends; each comes with the time before which nothing more starts.
 */
export function* madeHistory({
  requests,
  connections,
  random,
  next,
}: MadeHistory): Generator<{ readonly request: HistoryRequest; readonly passedMs: number }> {
  const model = new CountingModel(DEFAULT_PROFILE);
  let sent = 0;
  const send = (startMs: number) => {
    const endMs = startMs + 1 + 19 * random.fraction();
    const asked = { ...next(sent++), applicationId: 'windows', isVirtualMachine: false };
    return { startMs, endMs, atMs: startMs + (endMs - startMs) * random.fraction(), asked, count: -1 };
  };
  const lines = Array.from({ length: connections }, () => send(random.fraction()));
  while (lines.length > 0) {
    const due = (line: (typeof lines)[number]): number => (line.count < 0 ? line.atMs : line.endMs);
    let first = 0;
    for (let i = 1; i < lines.length; i++) if (due(lines[i]!) < due(lines[first]!)) first = i;
    const line = lines[first]!;
    if (line.count < 0) {
      line.count = model.grant(line.asked, 0);
      continue;
    }
    if (sent < requests) lines[first] = send(line.endMs);
    else lines.splice(first, 1);
    const { asked, startMs, endMs, count } = line;
    const passedMs = lines.reduce((least, each) => Math.min(least, each.startMs), Infinity);
    yield { request: { kind: 'request', ...asked, startMs, endMs, count }, passedMs };
  }
}
