import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** What a control port wants to hear first: whoever may read the user's files may have it, and no other user and no web page. */

export const newToken = (): string => randomBytes(16).toString('hex');

export const isToken = (given: string, token: string): boolean =>
  given.length === token.length &&
  timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(token, 'latin1'));

/** The user's home as the system has it: one that the environment names is another for each program. */
function folder(): string {
  try {
    return join(userInfo().homedir, '.cache', 'kmsspec');
  } catch {
    return join(homedir(), '.cache', 'kmsspec');
  }
}

/** The file that holds the token of a control port of this user. */
export const tokenFile = (port: number): string => join(folder(), `control-${port}.token`);

/** Keeps the token where only the user reads it. False where it cannot be: then it is in the start line alone. */
export function keepToken(port: number, token: string): boolean {
  const file = tokenFile(port);
  const aside = `${file}.${newToken()}`;
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    writeFileSync(aside, `${token}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(aside, file);
    return true;
  } catch {
    return false;
  }
}

/** Removes the file, unless it is another host's by now. */
export function dropToken(port: number, token: string): void {
  if (readToken(port) === token) rmSync(tokenFile(port), { force: true });
}

/** The token of that port, null where no file holds one. */
export function readToken(port: number): string | null {
  try {
    return /^([0-9a-f]{32})\n$/.exec(readFileSync(tokenFile(port), 'latin1'))?.[1] ?? null;
  } catch {
    return null;
  }
}
