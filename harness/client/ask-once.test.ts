import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { HostFailure } from '.';
import { systemClock } from '../support/clock';
import { type FaultName, startLabHost } from '../lab-host';
import { ask, type ProbeResult } from './ask-once';

/** The client's clock differs from the host's, so that one cannot be taken for the other. */
const AN_HOUR_SLOW = { now: () => systemClock.now() - 3_600_000 };

async function askFaulty(fault: FaultName, timeoutMs = 2000): Promise<ProbeResult> {
  const host = await startLabHost({ faults: [fault], slowMs: 600, keyGroup: 'office2010' });
  try {
    const endpoint = { host: host.address, port: host.port };
    return await ask({ endpoint, clock: AN_HOUR_SLOW, timeoutMs, product: 'office2010' });
  } finally {
    await host.close();
  }
}

/** A listener that sends a greeting, or nothing, and closes or not. */
async function askListener(
  greeting: string,
  options: { close?: boolean; signal?: AbortSignal } = {},
): Promise<ProbeResult> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (greeting !== '') socket.write(greeting);
    if (options.close) socket.end();
    else server.once('close', () => socket.destroy());
    server.once('end-all', () => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  try {
    return await ask({
      endpoint: { host: '127.0.0.1', port },
      clock: systemClock,
      timeoutMs: 200,
      signal: options.signal,
    });
  } finally {
    server.emit('end-all');
    server.close();
  }
}

describe('asking a host one good question', () => {
  it('tells what is wrong with an answer', async () => {
    expect(await askFaulty('nil-cmid')).to.deep.include({
      kind: 'answered',
      defects: ['answers with the CMID of another client'],
    });
    expect(await askFaulty('time-of-host')).to.deep.include({
      defects: ['answers with another client time'],
    });
  });

  it('tells a host that turns it down from one that is no KMS host', async () => {
    const unauthenticated = await askFaulty('wants-authentication');
    expect(unauthenticated.kind, JSON.stringify(unauthenticated)).to.equal('refused');
    expect(await askFaulty('no-mac-field')).to.include({ kind: 'no-kms' });
    expect(await askListener('HTTP/1.1 400 Bad Request\r\n\r\n')).to.include({ kind: 'no-kms' });
    expect(await askListener('', { close: true })).to.include({ kind: 'no-kms' });
  });

  it('says unreachable of one that does not answer in time', async () => {
    expect(await askFaulty('slow-answers', 200)).to.include({ kind: 'unreachable' });
    expect(await askListener('')).to.include({ kind: 'unreachable' });
  });

  it('passes an interruption on', async () => {
    const interruption = new AbortController();
    interruption.abort();
    const error = await askListener('', { signal: interruption.signal }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HostFailure);
    expect((error as HostFailure).kind).to.equal('interrupted');
  });
});
