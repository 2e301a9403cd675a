import { rmSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const EDGES = 1 << 16;
/** The host's own code: neither Node's nor that of packages. */
const isOwn = ({ url }: Profiler.ScriptCoverage): boolean =>
  url !== '' && !url.startsWith('node:') && !url.includes('/node_modules/');

/**
 * Loaded into a host that runs on Node (`node --require kmsspec/coverage host.js`): V8 counts what runs, and who connects to the local
 * socket that KMSSPEC_COVERAGE names is told, a line for each line `coverage`.
 */
export function serveCoverage(socket: string): { close(): void } {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  rmSync(socket, { force: true });
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.unref();
    const lines = createInterface({ input: client });
    lines.on('error', () => client.destroy());
    lines.on('line', () =>
      session.post('Profiler.takePreciseCoverage', (error, taken) => {
        client.write(error === null ? `ok ${pairsOf(taken.result)}\n` : `error ${error.message}\n`);
      }),
    );
  });
  server.on('error', (error) => process.stderr.write(`kmsspec/coverage: ${error.message}\n`));
  server.listen(socket);
  server.unref();
  return {
    close() {
      server.close();
      session.disconnect();
    },
  };
}

/** As `EDGE:HITS`: a block that ran is an edge by where it stands, and so is one that did not though its function did. */
function pairsOf(scripts: readonly Profiler.ScriptCoverage[]): string {
  const hits = new Map<number, number>();
  for (const { url, functions } of scripts.filter(isOwn)) {
    const script = hash(0, url);
    for (const { ranges } of functions) {
      if (ranges[0]?.count === 0) continue;
      for (const { startOffset, endOffset, count } of ranges) {
        const edge = hash(hash(hash(script, startOffset), endOffset), Math.min(count, 1)) & (EDGES - 1);
        hits.set(edge, (hits.get(edge) ?? 0) + Math.max(count, 1));
      }
    }
  }
  return [...hits].map(([edge, count]) => `${edge}:${count}`).join(' ');
}

function hash(start: number, of: string | number): number {
  let mixed = start;
  for (const code of typeof of === 'number' ? [of] : Buffer.from(of))
    mixed = Math.imul(mixed ^ code ^ (mixed >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) >>> 0;
}

const given = process.env['KMSSPEC_COVERAGE'];
if (given !== undefined && given !== '') serveCoverage(given);
