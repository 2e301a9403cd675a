import { CASE_LEVELS, type CaseLevel } from '../../../cases/case';
import { caseArbitrary } from '../../../cases/generate/case-arbitrary';
import { CaseSource } from '../../../cases/generate/case-source';
import type { RunContext } from '../../../cases/conduct/capabilities';
import { NO_CORPUS } from '../../../cases/generate/corpus';
import { type Finding, FindingBook } from '../findings/finding';
import { learnCapabilities } from '../../../cases/conduct/probe';
import { FuzzSession } from '../conduct/session';
import { Random } from '../../../support/random';
import { openTarget, type Target } from '../../../target';
import type { FaultName } from '../../../lab-host';
import type { Violation } from '../../../cases/judge/violation';

export interface FuzzLab {
  readonly target: Target;
  readonly context: RunContext;
  readonly session: FuzzSession;
  readonly book: FindingBook;
  readonly findings: Finding[];
  readonly unconfirmed: Violation[];
  close(): Promise<void>;
}

export interface FuzzLabOptions {
  readonly faults?: readonly FaultName[];
  readonly seed?: number;
  readonly levels?: readonly CaseLevel[];
  readonly timeoutMs?: number;
  readonly shrinkTimeoutMs?: number;
  readonly connections?: 'kept' | 'each';
  /** Ends what is under way once something was sent that it holds for. */
  readonly cutAt?: (sent: Uint8Array) => boolean;
}

/** A session against an embedded lab host, with deadlines that suit a test. */
export async function openFuzzLab(options: FuzzLabOptions = {}): Promise<FuzzLab> {
  const { faults = [], seed = 1, levels = CASE_LEVELS, timeoutMs = 1000, shrinkTimeoutMs = 250 } = options;
  const target = await openTarget({ lab: { faults, seed: 1 } });
  const random = new Random(seed);
  const { endpoint, profile, mac, controls, clock } = target;
  const base = { endpoint, profile, mac, timeoutMs };
  const capabilities = await learnCapabilities(base, random, clock.now());
  const cut = new AbortController();
  const observer = {
    sent: (_: unknown, bytes: Uint8Array) => void (options.cutAt?.(bytes) === true && cut.abort()),
  };
  const context: RunContext = { ...base, capabilities, signal: cut.signal, observer };
  const book = new FindingBook();
  const findings: Finding[] = [];
  const unconfirmed: Violation[] = [];
  const source = new CaseSource(caseArbitrary({ levels, corpus: NO_CORPUS }), seed);
  const session = new FuzzSession(source, {
    context,
    controls,
    random,
    book,
    lanes: 16,
    connections: options.connections ?? 'kept',
    cut: cut.signal,
    exclusive: true,
    shrinkTimeoutMs,
    onFinding: (finding) => Promise.resolve(void findings.push(finding)),
    onUnconfirmed: (found) => void unconfirmed.push(found),
  });
  const close = async (): Promise<void> => {
    session.close();
    await target.close();
  };
  return { target, context, session, book, findings, unconfirmed, close };
}

/** A machine that is busy with other things is not fuzzed for ever. */
const PATIENCE_MS = 50_000;

/** Runs cases until a finding of this oracle was shown again. @returns how many were run, null where none was found */
export async function runUntilFound(lab: FuzzLab, oracle: string, limit: number): Promise<number | null> {
  const block = 250;
  const endsAt = performance.now() + PATIENCE_MS;
  const isFound = (): boolean =>
    lab.findings.some((finding) => finding.oracle === oracle && finding.reproduced);
  for (let from = 0; from < limit; from += block) {
    const indices = Array.from({ length: block }, (_, i) => from + i);
    await lab.session.run(indices, () => isFound() || performance.now() > endsAt);
    if (isFound()) return from + block;
    if (performance.now() > endsAt) return null;
  }
  return null;
}
