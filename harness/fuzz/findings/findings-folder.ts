import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { commandLine } from '../../../reports/command-line';
import type { Evidence } from '../../../reports/model';
import { formatEndpoint } from '../../client';
import type { Random } from '../../random';
import { CaptureFile, CaptureObserver } from '../../record';
import { EvidenceRecorder } from '../../runner/evidence';
import { observers } from '../../runner/host/observers';
import { writeFileSafely } from '../../safe-file';
import { openTarget, type Target } from '../../target';
import { UsageError } from '../../usage-error';
import type { RunContext } from '../conduct/capabilities';
import { type Finding, FINDING_SCHEMA, findingFromJson, findingToJson } from './finding';
import { lifeOf } from '../conduct/probe';
import { Reproducer } from './reproduce';

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
  const isGone = target.controls.restart === undefined && (await lifeOf(context, random, 1)) !== 'answers';
  if (isGone) await recordAgainstLabHost(finding, observed, random);
  else await record(finding, observed, target, random);
  capture.finish();
  const saved = {
    ...findingToJson(finding),
    target: { ...target.description, address: formatEndpoint(target.endpoint) },
    repeat: repeatLines(finding.id, out, targetArguments),
    evidence: recorder.evidence(),
  };
  await writeFileSafely(join(folder, 'finding.json'), `${JSON.stringify(saved, null, 2)}\n`);
  await putInPlace(folder, place);
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
  if (target.controls.restart !== undefined) await reproducer.revive();
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

function repeatLines(id: string, out: string, targetArguments: readonly string[]): string[] {
  return [
    commandLine(['kmsspec', 'fuzz', '--replay', id, '--out', out, ...targetArguments]),
    commandLine(['kmsspec', 'replay', join(out, id, 'reproduce.pcapng'), '--raw', ...targetArguments]),
  ];
}

/**
 * Reads a saved finding.
 * @throws UsageError that names those that are there
 */
export async function loadFinding(out: string, id: string): Promise<SavedFinding> {
  const folder = join(out, id);
  const file = join(folder, 'finding.json');
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const problem =
      code === 'ENOENT'
        ? `there is no finding ${id} in ${out}`
        : `${file} cannot be read (${(error as Error).message})`;
    throw new UsageError(`${problem}; ${await listing(out)}`, { cause: error });
  }
  if (json['schema'] !== FINDING_SCHEMA) {
    throw new UsageError(`${file} is no ${FINDING_SCHEMA}: use the version of kmsspec that wrote it`);
  }
  const {
    evidence,
    repeat,
    target: _,
    ...finding
  } = json as Record<string, unknown> & { evidence: Evidence[]; repeat: string[] };
  return { finding: findingFromJson(finding), folder, evidence, repeat };
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
