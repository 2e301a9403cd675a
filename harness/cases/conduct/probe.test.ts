import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { checkLiveness } from './probe';
import { openFuzzLab } from '../../jobs/fuzz/testing/fuzz-lab';
import { Random } from '../../support/random';

describe('whether a host lives', () => {
  it('is told apart: it answers, answers late, hangs, is gone', async () => {
    const good = await openFuzzLab();
    expect(await checkLiveness(good.context, new Random(1))).to.equal('answers');
    await good.close();
    expect(await checkLiveness(good.context, new Random(1))).to.equal('gone');

    const silent = createServer((socket) => socket.on('error', () => {}));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const context = { ...good.context, timeoutMs: 50, endpoint: { host: '127.0.0.1', port } };
    expect(await checkLiveness(context, new Random(1))).to.equal('silent');
    silent.close();
  });

  it('is gone where connections end before the port does, as when a process dies', async () => {
    const good = await openFuzzLab();
    await good.close();
    let met = 0;
    const dying = createServer((socket) => {
      socket.on('error', () => {});
      socket.destroy();
      // The first is that of the request; the second finds the port open still.
      if (++met === 2) dying.close();
    });
    dying.listen(0, '127.0.0.1');
    await once(dying, 'listening');
    const { port } = dying.address() as { port: number };
    const context = { ...good.context, endpoint: { host: '127.0.0.1', port } };
    expect(await checkLiveness(context, new Random(1))).to.equal('gone');
    expect(met).to.be.at.least(2);
  });
});
