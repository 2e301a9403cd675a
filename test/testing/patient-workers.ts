import { createRequire } from 'node:module';

type Options = Readonly<Record<string, unknown>>;

interface WorkerPool {
  pool: (script: string, options: Options) => unknown;
}

/** Longer than a worker takes to write its counts of coverage, some tens of MB, in milliseconds. */
const WRITES_COVERAGE_WITHIN_MS = 60_000;

/**
 * mocha asks a parallel worker to end and kills it a second later, the default of the pool that it rests on; a worker that measures
 * coverage writes its counts as it ends, takes longer, and all that it counted would be lost. mocha hands no option through.
 */
const workers = createRequire(require.resolve('mocha'))('workerpool') as WorkerPool;
const { pool } = workers;
workers.pool = (script, options) =>
  pool(script, { ...options, workerTerminateTimeout: WRITES_COVERAGE_WITHIN_MS });
