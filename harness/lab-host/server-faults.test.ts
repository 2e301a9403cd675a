import { expect } from 'chai';
import { PTYPE } from '../../protocol';
import type { FaultName } from './faults/faults';
import type { LabHost } from './server';
import { bindOf, callOf, NDR32_CONTEXT, requestOf } from './testing/lab';
import { bind, client, open, problemOf, start } from './testing/served';
import { countOf, eventually, TcpClient } from './testing/tcp';

describe('lab host: faults on the wire', () => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse()) await resource.close();
  });

  const faulty = (...faults: FaultName[]): Promise<LabHost> => start({ faults, slowMs: 60 });

  it('dies, refuses connections and resets, until it is restarted', async () => {
    const host = await faulty('dies-of-garbage');
    const other = await client(host, bind);
    await other.received(1);
    await client(host, Buffer.from('garbage'));
    expect(await other.ended()).to.equal('reset');
    expect(host.alive).to.equal(false);
    const refused = await TcpClient.open(host).catch((error: NodeJS.ErrnoException) => error.code);
    expect(refused).to.equal('ECONNREFUSED');
    expect((await problemOf(host.controls.reset())).code).to.equal('host-down');
    await host.controls.restart();
    expect(await countOf(host, 1)).to.equal(1);
  });

  it('hangs: takes connections, answers nothing, until it is restarted', async () => {
    const host = await faulty('hangs-on-high-context');
    await client(host, bindOf([{ ...NDR32_CONTEXT, contextId: 0xffff }]));
    const tcp = await client(host, bind);
    expect(await tcp.isSilentFor(50)).to.equal(true);
    await host.controls.restart();
    expect(await countOf(host, 1)).to.equal(1);
  });

  it('slow-answers, slow-tail', async () => {
    const slow = await faulty('slow-answers');
    const tcp = await client(slow, bind);
    await tcp.received(1);
    const startedAt = performance.now();
    tcp.send(callOf(requestOf(1)));
    await tcp.received(2);
    expect(performance.now() - startedAt).to.be.at.least(55);
    const tail = await faulty('slow-tail');
    const many = await client(tail, bind);
    await many.received(1);
    const times: number[] = [];
    for (let n = 0; n < 10; n++) {
      const sentAt = performance.now();
      many.send(callOf(requestOf(1)));
      await many.received(n + 2);
      times.push(performance.now() - sentAt);
    }
    expect(times.at(-1)!).to.be.at.least(55);
  });

  it('ignores-half-close, leaks-orphaned-connection', async () => {
    const host = await faulty('ignores-half-close');
    const tcp = await client(host, bind);
    await tcp.received(1);
    tcp.socket.end();
    expect(await tcp.isSilentFor(50)).to.equal(true);
    const leaky = await faulty('leaks-orphaned-connection');
    const orphaned = Uint8Array.from(bind.subarray(0, 16));
    orphaned[2] = PTYPE.orphaned;
    orphaned[8] = 16;
    const kept = await client(leaky, bind, orphaned);
    await kept.received(1);
    kept.socket.end();
    expect(await kept.isSilentFor(50)).to.equal(true);
    expect(leaky.connections).to.equal(1);
  });

  it('one-client-at-a-time, hundred-connections', async () => {
    const one = await faulty('one-client-at-a-time');
    const first = await client(one, bind);
    await first.received(1);
    const second = await client(one, bind);
    expect(await second.isSilentFor(50)).to.equal(true);
    first.close();
    await second.received(1);
    const hundred = await faulty('hundred-connections');
    const all = await Promise.all(Array.from({ length: 101 }, () => client(hundred)));
    await eventually(() => hundred.connections === 101, '101 connections');
    for (const tcp of all) tcp.send(bind);
    await Promise.all(all.slice(0, 100).map((tcp) => tcp.received(1)));
    expect(await all[100]!.isSilentFor(50)).to.equal(true);
  });

  it('waits-for-whole-pdu', async () => {
    const host = await faulty('waits-for-whole-pdu');
    const slow = await client(host, bind.subarray(0, 30));
    const quick = await client(host);
    await eventually(() => host.connections === 2, 'two connections');
    expect(await slow.isSilentFor(30)).to.equal(true);
    quick.send(bind);
    expect(await quick.isSilentFor(50)).to.equal(true);
    slow.send(bind.subarray(30));
    await slow.received(1);
    await quick.received(1);
  });

  it('never-closes-idle', async () => {
    const host = await start({ faults: ['never-closes-idle'], idleCloseSeconds: 0.02 });
    const tcp = await client(host);
    expect(await tcp.isSilentFor(100)).to.equal(true);
  });

  it('dies-of-silence, dies-of-reset, dies-after-500-silent', async () => {
    const silent = await faulty('dies-of-silence');
    (await client(silent)).close();
    await eventually(() => !silent.alive, 'the death of the first');
    const resets = await faulty('dies-of-reset');
    const tcp = await client(resets, bind);
    await tcp.received(1);
    tcp.socket.resetAndDestroy();
    await eventually(() => !resets.alive, 'the death of the second');
    const patient = await faulty('dies-after-500-silent');
    for (let n = 0; n < 499; n++) (await client(patient)).socket.resetAndDestroy();
    await eventually(() => patient.connections === 0, 'no connection');
    expect(patient.alive).to.equal(true);
    (await client(patient)).close();
    await eventually(() => !patient.alive, 'the death of the third');
  });
});
