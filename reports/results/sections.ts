import { z } from 'zod';
import { VERDICTS } from './discovery-verdicts';
import { evidenceSchema } from './result';

const natural = z.number().int().nonnegative();
const count = natural.nullable().describe('currentClientCount, null where there is none');
const milliseconds = z.number().nonnegative();

/** Counts after each request, for `stream`, `replay` and the counting scenarios. */
export const trajectorySchema = z
  .object({
    requests: natural.describe('How many were sent; `points` may be a sample of them'),
    thresholds: z.array(natural).describe('Counts at which machines are activated: 5 and 25'),
    capacity: natural.nullable().describe('Most that the host can count in the end, null where unknown'),
    points: z.array(
      z.object({
        index: natural.describe('Number of the request, from 0'),
        sent: z.string().describe('What asked, such as "server 1" or "renewal of client 4"'),
        recorded: count.describe('In the capture'),
        answered: count.describe('By the target'),
        expected: count.describe('By the counting model'),
        capacity: count.optional().describe('Places of the host after this request, by the model'),
        note: z.string().optional().describe('Such as the refusal that came instead of a count'),
      }),
    ),
    firstDifference: z
      .object({ index: natural, message: z.string() })
      .optional()
      .describe('Where answered and expected part, and why that may be'),
  })
  .meta({ id: 'Trajectory' });

/** One distribution of latencies. `histogram` is what merging works on; the numbers are for readers without an HDR library. */
export const latencySeriesSchema = z
  .object({
    name: z.string().describe('Such as "from the intended start" and "from the actual start"'),
    corrected: z.boolean().describe('True where coordinated omission is corrected for'),
    histogram: z.string().describe('HdrHistogram V2 compressed, base64; unit as `unit`'),
    unit: z.enum(['ns', 'us', 'ms']).describe('Of the values in `histogram`'),
    count: natural,
    minMs: milliseconds,
    maxMs: milliseconds,
    meanMs: milliseconds,
    percentiles: z.array(z.object({ percentile: z.number().min(0).max(100), ms: milliseconds })),
  })
  .meta({ id: 'LatencySeries' });

export const latencySchema = z
  .object({
    series: z.array(latencySeriesSchema),
    durationMs: milliseconds.describe('Of the measured part, without warm-up'),
    askedPerSecond: z.number().nonnegative().nullable().describe('null for "as fast as possible"'),
    achievedPerSecond: z.number().nonnegative(),
    connections: natural.nullable().describe('Kept connections; null for one a request'),
    requests: natural,
    failures: z.array(z.object({ class: z.string(), count: natural })),
    budgets: z
      .array(
        z.object({
          name: z.string().describe('Such as p99Ms or rate'),
          limit: z.number(),
          measured: z.number(),
          held: z.boolean(),
        }),
      )
      .optional(),
    warnings: z.array(z.string()).optional().describe('Such as "the generator was the limit"'),
  })
  .meta({ id: 'Latency' });

/** What a host did with a fuzz case. */
export const REACTIONS = ['answered', 'hresult', 'fault', 'closed', 'reset', 'timeout'] as const;

export const coverageSchema = z
  .object({
    cases: natural,
    casesPerSecond: z.number().nonnegative(),
    workers: natural.optional(),
    resumed: z.boolean().optional().describe('True where an interrupted campaign was taken up again'),
    notes: z
      .array(z.object({ note: z.string().describe('Such as "grants 253 bytes"'), cases: natural }))
      .optional()
      .describe('What the host does and no clause settles'),
    assumptions: z
      .array(
        z.object({
          question: z.string().describe('Such as "applications are counted apart"'),
          answer: z.string().describe('What the host showed when it was asked'),
          so: z.string().describe('What the campaign does by it'),
        }),
      )
      .optional()
      .describe('What was taken for granted of the host, and tested before the first case'),
    rows: z.array(
      z.object({
        field: z.string().describe('Layout path of the field'),
        kind: z.string().describe('Kind of value, such as valid, boundary, hostile, lying'),
        reactions: z.object({
          answered: natural,
          hresult: natural,
          fault: natural,
          closed: natural,
          reset: natural,
          timeout: natural,
        }),
      }),
    ),
  })
  .meta({ id: 'Coverage' });

export const fleetSchema = z
  .object({
    clients: natural,
    days: z.number().nonnegative(),
    hosts: z.array(z.string()),
    states: z.array(z.string()).describe('Names of licence states, in the order in which charts stack them'),
    samples: z.array(
      z.object({
        hour: z.number().nonnegative().describe('Virtual hours since the start'),
        machines: z.array(natural).describe('Machines in each of `states`'),
        requests: natural.describe('Since the sample before'),
        answered: count,
        expected: count,
      }),
    ),
    activated: natural,
    neverActivated: natural,
    firstActivationHour: z.number().nonnegative().nullable(),
    lastActivationHour: z.number().nonnegative().nullable(),
    machines: z
      .array(
        z.object({
          name: z.string(),
          kind: z.string(),
          firstAskedHour: z.number().nonnegative().nullable(),
          activatedHour: z.number().nonnegative().nullable(),
        }),
      )
      .optional(),
    notShown: z.array(z.string()).optional().describe('What this target’s controls did not allow to show'),
  })
  .meta({ id: 'Fleet' });

const DOMAIN_VERDICTS = ['published', 'not-published', 'not-available', 'cannot-resolve'] as const;

export const discoverySchema = z
  .object({
    domains: z.array(
      z.object({
        domain: z.string(),
        resolver: z.string().optional(),
        verdict: z.enum(DOMAIN_VERDICTS).optional().describe('What the SRV lookup came to'),
        missing: z.array(z.string()).optional().describe('Hosts that are expected and not published'),
        hosts: z.array(
          z.object({
            name: z.string(),
            port: natural,
            priority: natural,
            weight: natural,
            addresses: z.array(z.string()),
            verdicts: z.array(z.enum(VERDICTS)).min(1),
            message: z.string().optional(),
            count: count.optional(),
            latencyMs: milliseconds.optional(),
          }),
        ),
        warnings: z.array(z.string()).optional(),
      }),
    ),
  })
  .meta({ id: 'Discovery' });

const differenceSchema = z
  .object({
    path: z.string(),
    recorded: z.string().nullable(),
    answered: z.string().nullable(),
    reason: z.string().describe('Why it may, or must not, differ'),
  })
  .meta({ id: 'FieldDifference' });

export const replaySchema = z
  .object({
    capture: z.string(),
    mode: z.string().optional().describe('Such as "messages", "raw", "fresh"'),
    exchanges: z.array(
      z.object({
        index: natural,
        connection: natural.optional(),
        sent: z.string().describe('What was asked, in a few words'),
        verdict: z.enum(['agrees', 'differs', 'not-comparable']),
        equal: z.array(z.string()).describe('Paths of the fields that are equal'),
        mayDiffer: z.array(differenceSchema),
        mustNotDiffer: z.array(differenceSchema),
        note: z.string().optional(),
        evidence: z.array(evidenceSchema).optional(),
      }),
    ),
    unlisted: z
      .object({
        agrees: natural,
        differs: natural,
        'not-comparable': natural,
        mayDiffer: z
          .array(z.object({ path: z.string(), reason: z.string(), times: natural }))
          .describe('Fields in which they differ as expected, and in how many'),
      })
      .optional()
      .describe('Exchanges that were sent and do not stand in `exchanges`, for there are too many'),
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: 'Replay' });

/** Counts by request: as answered, and as expected. */
export type Trajectory = z.infer<typeof trajectorySchema>;
/** One request of a trajectory. */
export type TrajectoryPoint = Trajectory['points'][number];
/** Answer times (ms) of one kind of request, as quantiles and a histogram. */
export type LatencySeries = z.infer<typeof latencySeriesSchema>;
/** Answer times (ms) under load, and what the load was. */
export type Latency = z.infer<typeof latencySchema>;
/** How a host met a case. */
export type Reaction = (typeof REACTIONS)[number];
/** What was tried, and how often the host met it in which way. */
export type Coverage = z.infer<typeof coverageSchema>;
/** How often one kind of case was tried, and how it was met. */
export type CoverageRow = Coverage['rows'][number];
/** A fleet by virtual hours: activations, counts, differences from the model. */
export type Fleet = z.infer<typeof fleetSchema>;
/** What domains publish in DNS, who answered, and what is wrong with it. */
export type Discovery = z.infer<typeof discoverySchema>;
/** How a host or record of a domain is judged. */
export type DiscoveryVerdict = (typeof VERDICTS)[number];
/** A field in which an answer differs from the one that was expected. */
export type FieldDifference = z.infer<typeof differenceSchema>;
/** Exchanges that were sent again, and how the answers compare. */
export type Replay = z.infer<typeof replaySchema>;
/** One exchange that was sent again. */
export type ReplayedExchange = Replay['exchanges'][number];
