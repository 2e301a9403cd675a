import { statSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { UsageError } from '../../support/usage-error';
import { CoverageMap } from '../../target/coverage-end/coverage-map';
import { type CliContext, EXIT, type Verb } from '../verb';

/** `kmsspec coverage`: tells line by line what a host ran, as `controls.coverage` asks. */
export const verb: Verb = {
  configure(command) {
    command.addHelpText(
      'after',
      '\nPLACE is the file or the socket that the host was given in KMSSPEC_COVERAGE. Each line `coverage` is answered by one: `ok EDGE:HITS …`, or `error …`.',
    );
  },

  async run([named = ''], _options, context): Promise<number> {
    const place = resolve(context.cwd, named);
    if (isSocket(place)) return forward(place, context);
    for await (const line of linesOf(context)) {
      const said = line.trim() === 'coverage' ? told(place) : `error ${line.trim()} is not coverage`;
      context.stdout.write(`${said.trimEnd()}\n`);
    }
    return EXIT.ok;
  },
};

const linesOf = ({ stdin, signal }: CliContext): AsyncIterable<string> =>
  createInterface({ input: stdin, signal });

function isSocket(place: string): boolean {
  try {
    return statSync(place).isSocket();
  } catch (error) {
    throw new UsageError(
      `coverage: ${place} is not there (${(error as NodeJS.ErrnoException).code}): start the host with KMSSPEC_COVERAGE=${place} first`,
      { cause: error },
    );
  }
}

/** A host that is started anew writes into the same file, or one of the same name. */
function told(file: string): string {
  try {
    const map = new CoverageMap(file);
    try {
      return `ok ${map.take()}`;
    } finally {
      map.close();
    }
  } catch (error) {
    return `error ${(error as Error).message.replaceAll('\n', ' ')}`;
  }
}

/** Each line goes to the host, on a connection of its own where the one before is over: a host may have been restarted. */
async function forward(socket: string, context: CliContext): Promise<number> {
  for await (const line of linesOf(context)) context.stdout.write(`${await askHost(socket, line)}\n`);
  return EXIT.ok;
}

async function askHost(socket: string, line: string): Promise<string> {
  const client = connect(socket);
  try {
    await once(client, 'connect');
    client.write(`${line}\n`);
    for await (const answer of createInterface({ input: client })) return answer;
    return 'error the host ended before it answered';
  } catch (error) {
    return `error ${(error as Error).message}`;
  } finally {
    client.destroy();
  }
}
