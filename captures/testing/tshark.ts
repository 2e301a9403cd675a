import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A call as tshark sees it: the stubs in hex, where they were one fragment each. */
export interface TsharkCall {
  readonly stream: number;
  readonly callId: number;
  readonly answered: boolean;
}

const REQUEST = 0;
const ANSWERS: ReadonlySet<number> = new Set([2, 3]);
const LAST_FRAGMENT = 0x02;
const FIELDS = ['tcp.stream', 'dcerpc.pkt_type', 'dcerpc.cn_call_id', 'dcerpc.cn_flags'];

/** The DCE/RPC calls that tshark finds in a capture, in the order of their requests, paired by stream and call_id. */
export async function tsharkCalls(file: string): Promise<TsharkCall[]> {
  const options = ['-o', 'tcp.reassemble_out_of_order:TRUE', '-Y', 'dcerpc', '-T', 'fields'];
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const stdout = await runTshark(['-r', file, ...options, ...fields]);
  const calls: { stream: number; callId: number; answered: boolean }[] = [];
  const early: { stream: number; callId: number }[] = [];
  for (const row of stdout.split('\n').filter((line) => line !== '')) {
    // A frame that holds several PDUs has their values separated by commas.
    const [streams, types, callIds, flags] = row.split('\t').map((cell) => cell.split(',').map(Number));
    for (const [i, type] of types!.entries()) {
      const [stream, callId] = [streams![0]!, callIds![i]!];
      if ((flags![i]! & LAST_FRAGMENT) === 0) continue;
      if (type === REQUEST) {
        const at = early.findIndex((answer) => answer.stream === stream && answer.callId === callId);
        if (at >= 0) early.splice(at, 1);
        calls.push({ stream, callId, answered: at >= 0 });
      } else if (ANSWERS.has(type)) {
        const call = calls.find((open) => open.stream === stream && open.callId === callId && !open.answered);
        if (call === undefined) early.push({ stream, callId });
        else call.answered = true;
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
