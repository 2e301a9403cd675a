import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A call as tshark sees it. */
export interface TsharkCall {
  readonly stream: number;
  readonly callId: number;
  readonly answered: boolean;
  /** Stubs in hex of the frame that completed the request: one for each PDU in it, and one that is joined from fragments. */
  readonly requestStubs: readonly string[];
  /** The same of the answer; none where it is a fault or did not come. */
  readonly answerStubs: readonly string[];
}

const REQUEST = 0;
const ANSWERS: ReadonlySet<number> = new Set([2, 3]);
const LAST_FRAGMENT = 0x02;
const FIELDS = ['tcp.stream', 'dcerpc.pkt_type', 'dcerpc.cn_call_id', 'dcerpc.cn_flags', 'dcerpc.stub_data'];

/** The DCE/RPC calls that tshark finds in a capture, in the order of their requests, paired by stream and call_id. */
export async function tsharkCalls(file: string): Promise<TsharkCall[]> {
  const options = ['-o', 'tcp.reassemble_out_of_order:TRUE', '-Y', 'dcerpc', '-T', 'fields'];
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const stdout = await runTshark(['-r', file, ...options, ...fields]);
  const calls: { -readonly [K in keyof TsharkCall]: TsharkCall[K] }[] = [];
  const early: { stream: number; callId: number; stubs: readonly string[] }[] = [];
  for (const row of stdout.split('\n').filter((line) => line !== '')) {
    // A frame that holds several PDUs has their values separated by commas.
    const cells = row.split('\t').map((cell) => cell.split(','));
    const [streams, types, callIds, flags] = cells.map((values) => values.map(Number));
    const stubs = cells[4]!;
    for (const [i, type] of types!.entries()) {
      const [stream, callId] = [streams![0]!, callIds![i]!];
      if ((flags![i]! & LAST_FRAGMENT) === 0) continue;
      if (type === REQUEST) {
        const at = early.findIndex((answer) => answer.stream === stream && answer.callId === callId);
        const [answer] = at >= 0 ? early.splice(at, 1) : [];
        const answerStubs = answer?.stubs ?? [];
        calls.push({ stream, callId, answered: at >= 0, requestStubs: stubs, answerStubs });
      } else if (ANSWERS.has(type)) {
        const call = calls.find((open) => open.stream === stream && open.callId === callId && !open.answered);
        if (call === undefined) early.push({ stream, callId, stubs });
        else Object.assign(call, { answered: true, answerStubs: stubs });
      }
    }
  }
  return calls;
}

/** Frames that tshark calls malformed, or whose IP or TCP checksum is wrong. */
export async function badFrames(file: string): Promise<string[]> {
  const check = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'];
  const bad = '_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0';
  return (await runTshark(['-r', file, ...check, '-Y', bad])).split('\n').filter((line) => line !== '');
}

/** What tshark prints; a cut file makes it exit with 2 after it has printed everything before. */
async function runTshark(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)('tshark', args, { timeout: 60_000 })).stdout;
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 2 && stdout !== undefined && stderr?.includes('cut short') === true) return stdout;
    throw error;
  }
}
