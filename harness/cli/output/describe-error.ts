import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { localLimitOf, notSufficient } from '../../support/local-limits';
import { UsageError } from '../../support/usage-error';
import { EXIT } from '../verb';
import { lostExitCode } from './lost-output';

export interface DescribedError {
  readonly exitCode: number;
  readonly message: string;
}

/**
 * Errors of other modules by their names: the modules themselves are loaded by the verbs that need them only. All of these have messages
 * for the user, with what, where and what to do.
 */
const EXIT_BY_NAME: Readonly<Record<string, number>> = {
  HostFailure: EXIT.unreachable,
  CaptureError: EXIT.usage,
  LabHostError: EXIT.usage,
  ReportError: EXIT.usage,
  ControlFailure: EXIT.usage,
  TargetDied: EXIT.unreachable,
  DnsError: EXIT.unreachable,
  NoHostFound: EXIT.unreachable,
};

/** What to do about a host that failed. */
const ADVICE: Readonly<Record<string, string>> = {
  refused: 'check the port, and that the host runs',
  unreachable: 'check the address and the network',
  'name-not-found': 'check the name',
  'local-limit': 'wait a minute or use fewer connections',
  closed: "look into the host's log",
  reset: "look into the host's log",
  'timed-out': 'check the host, or wait longer with --timeout',
  rejected: 'check that a KMS host listens there',
  garbage: 'check that a KMS host listens there',
  'unexpected-pdu': 'check that a KMS host listens there',
};

/**
 * Which exit code an error stands for, and the line that tells it. Errors of no known kind are defects of ours and say so.
 * @param limits what this machine ran out of meanwhile: then no host is accused by an error
 */
export function describeError(error: unknown, limits: readonly string[] = []): DescribedError {
  const verdict = lostExitCode(error);
  if (error instanceof UsageError && verdict !== undefined)
    return { exitCode: verdict, message: error.message };
  const limit = localLimitOf(error);
  const met = limit === null ? limits : [limit];
  if (met.length === 0 || (error instanceof UsageError && limit === null)) return describeItself(error);
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.inconclusive, message: `${notSufficient(met)} (${message})` };
}

function describeItself(error: unknown): DescribedError {
  if (error instanceof UsageError) return { exitCode: EXIT.usage, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const isLimit = (error as { kind?: unknown } | null)?.kind === 'local-limit';
  const byName = error instanceof Error ? EXIT_BY_NAME[error.name] : undefined;
  const exitCode = isLimit ? EXIT.inconclusive : byName;
  if (exitCode !== undefined) return { exitCode, message: message + adviceFor(error as Error) };
  return {
    exitCode: EXIT.usage,
    message: `unexpected: ${message} (--verbose shows where; please report this)`,
  };
}

function adviceFor(error: Error): string {
  if (error.name === 'CaptureError') return bringsOne(error);
  const kind = error.name === 'HostFailure' ? String((error as Error & { kind?: unknown }).kind) : '';
  const advice = ADVICE[kind];
  return advice === undefined ? '' : `: ${advice}`;
}

/** Where a capture of the docs is that somebody names as the docs do, in a folder that kmsspec is installed in. */
function bringsOne({ file, code, cause }: Error & { file?: unknown; code?: unknown }): string {
  const isMissing = code === 'unreadable' && (cause as { code?: unknown } | undefined)?.code === 'ENOENT';
  if (!isMissing || typeof file !== 'string' || isAbsolute(file)) return '';
  const brought = join(packageRoot(), file);
  return existsSync(brought) ? `. kmsspec brings one: ${brought}` : '';
}
