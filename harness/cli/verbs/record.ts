import type { Command } from 'commander';
import { resolve } from 'node:path';
import { formatEndpoint, type Endpoint } from '../../client';
import { RecordingProxy } from '../../jobs/record';
import { CaptureFile } from '../../client/capture-file';
import { isLoopbackAddress } from '../../target';
import { UsageError } from '../../support/usage-error';
import { describeError } from '../output/describe-error';
import { wholeNumber } from '../options/option-values';
import { addTargetOptions, resolveSettings } from '../options/options';
import { type CliContext, EXIT, type Verb } from '../verb';
import { type OpenedTarget, withTarget } from '../pipeline/with-target';
import { lockOutput } from '../../support/output-lock';
import { checkWritable, whenRead } from '../../support/safe-file';

const DEFAULT_LISTEN = '127.0.0.1:16880';

interface RecordFlags {
  readonly listen?: string;
  readonly out?: string;
  readonly connections?: number;
  readonly allowRemote?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec record`: stands between clients and the target, and records to pcapng, until it is interrupted. */
export const verb: Verb = {
  configure(command: Command): void {
    addTargetOptions(command)
      .option(
        '--listen <ADDRESS:PORT>',
        `where clients connect to; ${DEFAULT_LISTEN}; port 0 takes a free one`,
      )
      .requiredOption('--out <FILE>', 'the capture: pcapng, or classic pcap where the name ends in .pcap')
      .option('--connections <N>', 'end by itself after so many connections', wholeNumber(1, 1e9));
  },

  async run(_args, options, context): Promise<number> {
    const flags: RecordFlags = options;
    const listen = parseListen(flags.listen ?? DEFAULT_LISTEN);
    const settings = await resolveSettings(options, context, { controls: false });
    if (!isLoopbackAddress(listen.host) && (flags.allowRemote !== true || settings.target === undefined)) {
      throw new UsageError(
        `${formatEndpoint(listen)} can be reached from other machines: add --allow-remote and name the --target if that is what you want; the embedded lab host serves this machine only`,
      );
    }
    if (settings.pcap !== undefined)
      throw new UsageError('record writes its one capture to --out: leave out --pcap');
    if (flags.out === '-')
      throw new UsageError('record writes a capture that a kill leaves whole: name a file for --out');
    const out = resolve(context.cwd, flags.out!);
    await checkWritable(out);
    const lock = await lockOutput(out);
    try {
      return await withTarget(settings, context, (opened) =>
        record(listen, out, flags, settings.timeoutMs, context, opened),
      );
    } finally {
      await lock.release();
    }
  },
};

/** `ADDRESS:PORT`, `[IPV6]:PORT`, or a port of 127.0.0.1. @throws UsageError */
function parseListen(text: string): Endpoint {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([0-9A-Fa-f:.%\w]+)\]:|([\w.-]+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) {
    throw new UsageError(
      `--listen ${JSON.stringify(text)} is no address: expected ADDRESS:PORT, such as ${DEFAULT_LISTEN}`,
    );
  }
  return { host: bracketed ?? plain ?? '127.0.0.1', port };
}

async function record(
  listen: Endpoint,
  out: string,
  flags: RecordFlags,
  connectTimeoutMs: number,
  context: CliContext,
  { target }: OpenedTarget,
): Promise<number> {
  const end = new Ending(context.signal);
  const file = await whenRead(() => new CaptureFile(out));
  let proxy: RecordingProxy;
  try {
    proxy = await RecordingProxy.start({
      listen,
      target: target.endpoint,
      packets: file,
      connectTimeoutMs,
      onFailure: (failure) => void context.stderr.write(`kmsspec: ${describeError(failure).message}\n`),
      onLetGo: once(() =>
        context.stderr.write('kmsspec: more connections than there is room for: silent ones are let go of\n'),
      ),
      onConnection: (finished) => finished >= (flags.connections ?? Infinity) && end.come(),
      onWriteError: (error) => end.come(error),
    });
  } catch (error) {
    file.close();
    throw error;
  }
  try {
    const [from, to] = [formatEndpoint(proxy.endpoint), formatEndpoint(target.endpoint)];
    if (!flags.quiet) context.stdout.write(`recording ${from} to ${to} into ${file.path}; Ctrl-C ends it\n`);
    await end.reached;
  } finally {
    await proxy.close();
  }
  if (!flags.quiet) context.stdout.write(`${proxy.finished} connections recorded into ${out}\n`);
  return EXIT.ok;
}

/** Does it the first time only. */
function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}

/** A signal, enough connections, or a capture that cannot be written. */
class Ending {
  come!: (error?: Error) => void;
  readonly reached: Promise<void>;

  constructor(signal: AbortSignal) {
    this.reached = new Promise((resolvePromise, reject) => {
      this.come = (error) => (error === undefined ? resolvePromise() : reject(error));
      if (signal.aborted) this.come();
      else signal.addEventListener('abort', () => this.come(), { once: true });
    });
    // The failure is told where `reached` is awaited.
    this.reached.catch(() => undefined);
  }
}
