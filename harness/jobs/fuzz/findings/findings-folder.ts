import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { commandLine } from '../../../../reports/results/command-line';
import type { Evidence } from '../../../../reports/results/model';
import { formatEndpoint } from '../../../client';
import type { Random } from '../../../support/random';
import { CaptureObserver } from '../../../client/capture-observer';
import { CaptureFile } from '../../../client/capture-file';
import { EvidenceRecorder } from '../../../client/evidence';
import { observers } from '../../../client/observers';
import { readAtMost } from '../../../support/read-at-most';
import { writeFileSafely } from '../../../support/safe-file';
import { ControlFailure, openTarget, type Target } from '../../../target';
import { UsageError } from '../../../support/usage-error';
import type { RunContext } from '../../../cases/conduct/capabilities';
import type { Finding } from './finding';
import { findingFileText, readFindingFile } from './finding-file';
import { isToBeNarrowed } from './narrow-death';
import { checkLiveness } from '../../../cases/conduct/probe';
import { TargetDied } from '../../../cases/conduct/revive';
import { Reproducer } from './reproduce';
import { whyUnreadable } from '../../../support/why-unreadable';

/** No finding is as large. */
const MAX_BYTES = 64 << 20;

/** A finding as it lies in its folder: `finding.json` beside `reproduce.pcapng`. */
export interface SavedFinding {
  readonly finding: Finding;
  readonly folder: string;
  readonly evidence: readonly Evidence[];
  /** Command lines that show it again. */
  readonly repeat: readonly string[];
}

/** Where a finding was made. */
export interface FoundOn {
  readonly context: RunContext;
  readonly target: Target;
  readonly random: Random;
  /** By which a command line comes to this target. */
  readonly targetArguments: readonly string[];
}

/** Said of evidence that is not of the target. */
const STOOD_IN = 'a lab host stands in for the target, which was gone';

/** Saves a finding in a folder of its own, with a recording of one more run of its cases. */
export async function saveFinding(
  out: string,
  finding: Finding,
  { context, target, random, targetArguments }: FoundOn,
): Promise<void> {
  const place = join(out, finding.id);
  if (existsSync(join(place, 'finding.json'))) return;
  // Whole or not at all: another worker may find the same, and a kill may come at any time.
  const folder = join(out, `.${finding.id}-${process.pid}-${threadId}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const capture = new CaptureObserver(new CaptureFile(join(folder, 'reproduce.pcapng')));
  const recorder = new EvidenceRecorder();
  const observed = { ...context, observer: observers(context.observer, capture, recorder) };
  const isOfTarget = await isReady(context, target, random);
  if (isOfTarget) await record(finding, observed, target, random);
  else await recordAgainstLabHost(finding, observed, random);
  capture.finish();
  const beside = {
    target: { ...target.description, address: formatEndpoint(target.endpoint) },
    repeat: repeatLines(finding, out, targetArguments),
    evidence: recorder.evidence().map((pdu) => (isOfTarget ? pdu : { ...pdu, note: STOOD_IN })),
  };
  await writeFileSafely(join(folder, 'finding.json'), findingFileText(finding, beside));
  await putInPlace(folder, place);
}

/** Whether the host can be asked: one that died of the last try is restarted where that can be done. */
async function isReady(context: RunContext, target: Target, random: Random): Promise<boolean> {
  if ((await checkLiveness(context, random, 1)) === 'answers') return true;
  if (target.controls.restart === undefined) return false;
  try {
    const stopped = (): boolean => context.signal?.aborted === true;
    await new Reproducer(context, target.controls, random, false).revive(stopped);
    return true;
  } catch (error) {
    if (error instanceof TargetDied || error instanceof ControlFailure) return false;
    throw error;
  }
}

async function putInPlace(folder: string, place: string): Promise<void> {
  try {
    await rename(folder, place);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

async function record(finding: Finding, context: RunContext, target: Target, random: Random): Promise<void> {
  const reproducer = new Reproducer(context, target.controls, random, false);
  await reproducer.violationsOf(finding.cases);
  if (target.controls.restart === undefined) return;
  try {
    await reproducer.revive();
  } catch (error) {
    // It is recorded: that the host is not to be had any more is for those who ask it next.
    if (!(error instanceof TargetDied || error instanceof ControlFailure)) throw error;
  }
}

/** The host that it killed stays dead: what was sent to it is recorded against one that lives. */
async function recordAgainstLabHost(finding: Finding, context: RunContext, random: Random): Promise<void> {
  const stand = await openTarget({ lab: { ndr64: context.capabilities.ndr64 } });
  try {
    await record(finding, { ...context, endpoint: stand.endpoint }, stand, random);
  } finally {
    await stand.close();
  }
}

function repeatLines(finding: Finding, out: string, targetArguments: readonly string[]): string[] {
  const { id } = finding;
  return [
    ...(isToBeNarrowed(finding)
      ? [commandLine([...narrowingWords(id), '--out', out, ...targetArguments])]
      : []),
    commandLine(['kmsspec', 'fuzz', '--replay', id, '--out', out, ...targetArguments]),
    commandLine(['kmsspec', 'replay', join(out, id, 'reproduce.pcapng'), '--raw', ...targetArguments]),
  ];
}

/** The command line that asks the cases of a death one by one, whoever starts the host again meanwhile. */
export const narrowingWords = (id: string): string[] => [
  ...['kmsspec', 'fuzz', '--replay', id, '--wait-for-host', '10m'],
];

/**
 * Reads a saved finding.
 * @throws UsageError that names those that are there
 */
export async function loadFinding(out: string, id: string): Promise<SavedFinding> {
  const folder = join(out, id);
  const file = join(folder, 'finding.json');
  let content: string;
  try {
    content = (await readAtMost(file, MAX_BYTES)).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const problem =
      code === 'ENOENT'
        ? `there is no finding ${id} in ${out}`
        : `${file} cannot be read (${whyUnreadable(error)})`;
    throw new UsageError(`${problem}; ${await listing(out)}`, { cause: error });
  }
  const read = readFindingFile(content);
  if (read.kind === 'wrong')
    throw new UsageError(`${file} is no finding of this version of kmsspec: ${read.problem}`);
  return { ...read.file, folder };
}

async function listing(out: string): Promise<string> {
  try {
    const entries = await readdir(out, { withFileTypes: true });
    const ids = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
    return ids.length === 0 ? 'there are none' : `there are ${ids.join(', ')}`;
  } catch {
    return 'the folder cannot be read: name it with --out';
  }
}
