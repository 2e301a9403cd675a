import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any port: a test beside this one never gets it. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A port of 127.0.0.1 where nothing listens, and nothing comes to by chance. */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    const server = createServer();
    const bound = new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!(await bound)) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
