import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { dropToken, isToken, keepToken, newToken, readToken } from './control-token';
import { socketDescriptor, watchDescriptors } from '../support/local-limits';
import { type OpenConnection, OpenConnections } from '../support/open-connections';
import { LabHostError } from './errors';
import type { LabHost } from './server';

/**
 * The controls of a lab host for other processes: one line in, `ok …` or `failed …` out, over a loopback connection.
 * A line is the port's token, a space, and a command: `reset`, `restart`, `advance SECONDS` or `status`.
 */
export interface ControlServer {
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/** The longest command line that is taken. */
const MAX_LINE = 200;
const IDLE_MS = 10_000;
/** At once: a command is a connection, and ends with its answer. */
const MAX_CONNECTIONS = 16;
const LOOPBACK = '127.0.0.1';
/** A century of seconds: further ahead, dates stop being dates. */
const MAX_ADVANCE_SECONDS = 100 * 366 * 24 * 3600;

/** @throws LabHostError `port-in-use`, `cannot-listen` */
export async function startControlServer(host: LabHost, port: number): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const silentFirst = new OpenConnections<Commander>(MAX_CONNECTIONS);
  const token = newToken();
  const server = createServer((socket) => {
    sockets.add(socket);
    const connection = new Commander(socket);
    silentFirst.add(connection, watchDescriptors(socketDescriptor(socket)));
    socket.on('close', () => {
      sockets.delete(socket);
      silentFirst.left(connection);
    });
    serve(connection, host, token);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const advice = 'name another with --control (0 takes a free one)';
      reject(
        new LabHostError('port-in-use', `no controls on ${LOOPBACK}:${port} (${error.message}): ${advice}`, {
          cause: error,
        }),
      );
    });
    server.listen({ host: LOOPBACK, port, exclusive: true }, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  keepToken(taken, token);
  return {
    port: taken,
    token,
    close: () => {
      dropToken(taken, token);
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Whoever is connected, and waits for an answer from the moment that a command is obeyed. */
class Commander implements OpenConnection {
  awaitsAnswer = false;

  constructor(readonly socket: Socket) {}

  letGo(): void {
    this.socket.destroy();
  }
}

function serve(connection: Commander, host: LabHost, token: string): void {
  const { socket } = connection;
  let line = '';
  socket.setEncoding('utf8');
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on('error', () => {});
  const take = (text: string): void => {
    line += text;
    const end = line.indexOf('\n');
    if (end < 0 && line.length <= MAX_LINE) return;
    socket.off('data', take);
    const command = permitted(line, end, token);
    connection.awaitsAnswer = typeof command === 'string';
    const answered = typeof command === 'string' ? obey(command, host) : Promise.resolve(command.refusal);
    void answered.then((answer) => socket.end(`${answer}\n`));
  };
  socket.on('data', take);
}

/** The command of the one line that a connection may bring, or why it is not taken. */
function permitted(text: string, end: number, token: string): string | { readonly refusal: string } {
  const line = text.slice(0, end < 0 ? MAX_LINE : end).trim();
  if (/^[A-Z]+ .*\bHTTP\/\d|^[A-Za-z-]+:/.test(line)) return { refusal: 'failed HTTP is not spoken here' };
  if (end >= 0 && text.length > end + 1)
    return { refusal: 'failed more than one line: each command has a connection of its own' };
  const [given = '', ...words] = line.split(/\s+/);
  if (!isToken(given, token))
    return {
      refusal: 'failed the token of this control port was not given: it is in the line that host prints',
    };
  return end < 0 ? '' : words.join(' ');
}

async function obey(line: string, host: LabHost): Promise<string> {
  const [command, value] = line.split(/\s+/, 2);
  try {
    switch (command) {
      case 'reset':
        await host.controls.reset();
        return 'ok';
      case 'restart':
        await host.controls.restart();
        return 'ok';
      case 'advance': {
        const seconds = parseSeconds(value);
        if (seconds === null) return 'failed advance takes a number of seconds, 0 or more';
        await host.controls.advanceClock(seconds);
        return 'ok';
      }
      case 'status':
        return `ok ${JSON.stringify(await statusOf(host))}`;
      default:
        return 'failed unknown command: reset, restart, advance SECONDS or status';
    }
  } catch (error) {
    return `failed ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Where the host is and whether it lives, with its own counters, as the control `observe` gives them. */
async function statusOf(host: LabHost): Promise<object> {
  const { alive, address, port, connections } = host;
  return { alive, address, port, connections, ...(await host.controls.observe()) };
}

/** Seconds to set a clock ahead by, or null where the word is no such number. */
export function parseSeconds(word: string | undefined): number | null {
  if (word === undefined || !/^\d+(\.\d+)?$/.test(word)) return null;
  const seconds = Number(word);
  return seconds <= MAX_ADVANCE_SECONDS ? seconds : null;
}

/** What a lab host's control said: `ok`, with or without more, or why it could not. */
export type ControlAnswer =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'unreachable'; readonly problem: string };

/**
 * Sends one command line to the control port of a lab host. Never throws and never hangs.
 * @param token that of the port; by default what this user's file for the port holds
 */
export function sendControl(
  port: number,
  line: string,
  timeoutMs: number,
  token: string = readToken(port) ?? '-',
): Promise<ControlAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    let text = '';
    const finish = (answer: ControlAnswer): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(answer);
    };
    const unreachable = (problem: string): void => finish({ kind: 'unreachable', problem });
    const deadline = setTimeout(() => unreachable(`no answer within ${timeoutMs} ms`), timeoutMs);
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${token} ${line}\n`));
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > 1 << 16) unreachable('an answer without end: this is no control port of a lab host');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => unreachable(error.code ?? error.message));
    socket.on('end', () => finish(readAnswer(text)));
  });
}

function readAnswer(text: string): ControlAnswer {
  const match = /^(ok|failed)(?: (.*))?\n$/.exec(text);
  if (match === null) {
    return { kind: 'unreachable', problem: 'what listens there is no control port of a lab host' };
  }
  const rest = match[2] ?? '';
  return match[1] === 'ok' ? { kind: 'done', text: rest } : { kind: 'failed', problem: rest };
}
