import { expect } from 'chai';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { type HabitName, startLabHost } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { Random } from '../../support/random';
import { startRelay } from '../../testing/relay';
import type { RunContext } from './capabilities';
import { lanesFor, learnPace, type Pace } from './pace';
import { learnCapabilities } from './probe';

async function contextOf(port: number): Promise<RunContext> {
  const base = {
    endpoint: { host: '127.0.0.1', port },
    profile: PROFILES['win7-2008r2'],
    mac: undefined,
    timeoutMs: 5000,
  };
  return { ...base, capabilities: await learnCapabilities(base, new Random(1), 0) };
}

async function paceOf(habits: readonly HabitName[]): Promise<Pace> {
  const host = await startLabHost({ seed: 1, habits });
  try {
    return await learnPace(await contextOf(host.port), new Random(2));
  } finally {
    await host.close();
  }
}

describe('the pace of a host', () => {
  it('tells one that works side by side from one that takes a call at a time', async () => {
    const [side, row] = [await paceOf(['takes-20-ms']), await paceOf(['takes-20-ms-one-at-a-time'])];
    expect(side).to.include({ servesSeveral: true, worksSideBySide: true });
    expect(side.answerMs).to.be.at.least(15);
    expect(row).to.include({ servesSeveral: true, worksSideBySide: false });
  });

  it('tells one that serves a connection at a time: then one is open', async () => {
    const host = await startLabHost({ seed: 1 });
    const relay = await startRelay(host.port);
    const waiting: Socket[] = [];
    let busy = false;
    const next = (): void => {
      const client = busy ? undefined : waiting.shift();
      if (client === undefined) return;
      busy = true;
      client.once('close', () => {
        busy = false;
        next();
      });
      server.emit('served', client);
    };
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      waiting.push(client.on('error', () => client.destroy()));
      next();
    });
    server.on('served', (client: Socket) => {
      void import('node:net').then(({ connect }) => {
        const inner = connect({ port: relay.port, host: '127.0.0.1' });
        inner.on('error', () => client.destroy());
        client.pipe(inner).pipe(client);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = server.address() as { port: number };
      const pace = await learnPace(await contextOf(port), new Random(3));
      expect(pace.servesSeveral).to.equal(false);
      expect(lanesFor(pace, 15_000)).to.equal(1);
    } finally {
      server.close();
      await relay.close();
      await host.close();
    }
  });

  it('makes as many cases run at a time as come back long before the deadline', () => {
    const quick = { answerMs: 1, servesSeveral: true, worksSideBySide: true };
    expect(lanesFor(quick, 15_000)).to.equal(16);
    expect(lanesFor({ ...quick, answerMs: 20 }, 15_000)).to.be.greaterThan(16);
    expect(lanesFor({ ...quick, answerMs: 9000 }, 15_000)).to.be.at.most(256);
    const row = { answerMs: 1000, servesSeveral: true, worksSideBySide: false };
    expect(lanesFor(row, 15_000) * row.answerMs).to.be.at.most(15_000 / 2);
    expect(lanesFor({ ...row, answerMs: 20_000 }, 15_000)).to.equal(1);
  });
});
