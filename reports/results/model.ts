import { z } from 'zod';
import { fit, parseBoundedJson } from './bounded-json';
import { findingSchema } from './finding';
import { ReportError } from './report-error';
import { REPORT_SCHEMA } from './report-version';
import { levelSchema, resultSchema } from './result';
import { MOST_LABEL } from './run-label';
import {
  coverageSchema,
  discoverySchema,
  fleetSchema,
  latencySchema,
  replaySchema,
  trajectorySchema,
} from './sections';
import { summarise, type Summary } from './summary';

export * from './finding';
export * from './result';
export * from './sections';
export * from './summary';
export * from './report-error';
export * from './report-version';

/** Twice what a page shows in good time; a run of all requirements has some hundred. */
const MOST_RESULTS = 20_000;

const natural = z.number().int().nonnegative();

export const shardSchema = z
  .object({ index: natural.min(1).describe('From 1'), of: natural.min(1) })
  .meta({ id: 'Shard' });

/** How a run came to its end. Anything but `complete` leaves results that are not-run. */
export const ENDINGS = [
  'complete',
  'target-unreachable',
  'target-died',
  'interrupted',
  'terminated',
] as const;

export const runSchema = z
  .object({
    startedAt: z.string().describe('ISO 8601 in UTC'),
    durationMs: z.number().nonnegative(),
    seed: z.number().int().describe('All randomness of the run comes from it'),
    shard: shardSchema.nullable(),
    command: z.string().describe('The command line as it was given'),
    verb: z.string().optional().describe('Such as run, replay, fuzz'),
    label: z
      .string()
      .max(MOST_LABEL)
      .optional()
      .describe('What was tested, in the words of whoever ran it, such as the version of the host'),
    ended: z.enum(ENDINGS).optional().describe('`complete` where absent'),
    endedMessage: z.string().optional().describe('Why it ended before its time'),
    diedIn: z
      .array(z.string())
      .optional()
      .describe('Requirements whose scenarios the host died of, by a crash or a hang'),
    failOn: z
      .array(levelSchema)
      .optional()
      .describe('Levels that decide the exit code; MUST and DESIGN where absent'),
    warnings: z.array(z.string()).optional(),
    limits: z
      .array(z.string())
      .optional()
      .describe('What the machine that ran it had too little of: behind that nothing is judged'),
  })
  .meta({ id: 'Run' });

export const targetSchema = z
  .object({
    address: z.string().describe('HOST:PORT, IPv6 in brackets'),
    embedded: z.boolean().describe('True for the lab host in the same process'),
    profile: z.string(),
    controls: z
      .array(z.string())
      .describe('What the harness can do to it beside the wire: reset, restart, clock'),
  })
  .meta({ id: 'Target' });

const summarySchema = z
  .object({
    passed: natural,
    failed: natural,
    inconclusive: natural,
    untestable: natural,
    expectedFailure: natural,
    unexpectedPass: natural,
    excluded: natural,
    notRun: natural,
  })
  .meta({ id: 'Summary' }) satisfies z.ZodType<Summary>;

export const reportSchema = z
  .object({
    schema: z.literal(REPORT_SCHEMA),
    tool: z.object({ name: z.string(), version: z.string() }),
    run: runSchema,
    target: targetSchema,
    summary: summarySchema,
    results: z.array(resultSchema).max(MOST_RESULTS),
    trajectory: trajectorySchema.optional(),
    latency: latencySchema.optional(),
    coverage: coverageSchema.optional(),
    findings: z.array(findingSchema).max(MOST_RESULTS).optional(),
    fleet: fleetSchema.optional(),
    discovery: discoverySchema.optional(),
    replay: replaySchema.optional(),
  })
  .meta({ title: REPORT_SCHEMA, description: 'What kmsspec found out about a KMS host' });

/** Which part of a run that is spread over machines a report is of; from 1 on. */
export type Shard = z.infer<typeof shardSchema>;
/** How a run ended that did not come to its end. */
export type Ending = (typeof ENDINGS)[number];
/** When, for how long (ms), by which command and seed a report was made. */
export type Run = z.infer<typeof runSchema>;
/** What a report says of the host. */
export type Target = z.infer<typeof targetSchema>;
/** The one result model: every verb that judges builds it, every writer takes it. */
export type Report = z.infer<typeof reportSchema>;

/** The JSON Schema (draft 2020-12) of {@link Report}, as shipped in reports/schema. */
export function reportJsonSchema(): Record<string, unknown> {
  return {
    $id: 'urn:kmsspec:report:1',
    ...z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'input' }),
  };
}

/**
 * Reads a report.
 * @param json the text of a report file, or the value that JSON.parse made of it
 * @param where what is read, for error messages: a file name
 * @throws ReportError with the path of the first field that is wrong
 */
export function parseReport(json: unknown, where = 'report'): Report {
  const value = typeof json === 'string' ? parseJson(json, where) : json;
  checkVersion(value, where);
  const fitted = fit(reportSchema, value);
  if ('misfit' in fitted) {
    throw new ReportError({
      code: 'bad-field',
      where,
      path: fieldPath(fitted.misfit.path),
      problem: fitted.misfit.message,
      advice: 'compare it with reports/schema/kmsspec.report.1.json',
    });
  }
  checkSummary(fitted.data, where);
  return fitted.data;
}

function parseJson(text: string, where: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw new ReportError({
      code: 'not-json',
      where,
      path: '',
      problem: `no JSON (${(error as Error).message})`,
      advice: 'give a file written by --json',
    });
  }
}

function checkVersion(value: unknown, where: string): void {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema === REPORT_SCHEMA) return;
  const versioned = typeof schema === 'string' && /^kmsspec\.report\/\d+$/.test(schema);
  throw new ReportError({
    code: versioned ? 'unsupported-version' : 'not-a-report',
    where,
    path: 'schema',
    problem: versioned
      ? `the report is ${schema}, this program reads ${REPORT_SCHEMA}`
      : `expected "${REPORT_SCHEMA}", found ${(JSON.stringify(schema) ?? 'nothing').slice(0, 60)}`,
    advice: versioned ? 'use the version of kmsspec that wrote it' : 'give a file written by --json',
  });
}

function checkSummary(report: Report, where: string): void {
  const counted = summarise(report.results);
  for (const [key, value] of Object.entries(counted) as [keyof Summary, number][]) {
    if (report.summary[key] === value) continue;
    throw new ReportError({
      code: 'inconsistent',
      where,
      path: `summary.${key}`,
      problem: `says ${report.summary[key]}, the results hold ${value}`,
      advice: 'the file was edited or cut; write it again',
    });
  }
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}
