import { expect } from 'chai';
import fc from 'fast-check';
import { createServer } from 'node:net';
import { decodeRequest, filetimeFromUnixMs, type KmsRequest, PTYPE } from '../../protocol';
import { VirtualClock } from '../clock';
import { CountingModel } from '../model/counting-model';
import { DEFAULT_PROFILE } from '../model/profile';
import { LabHostError } from './errors';
import type { FaultName } from './faults/faults';
import { type LabHost, startLabHost } from './server';
import type { LabHostOptions } from './settings';
import { bindOf, callOf, NDR32_CONTEXT, requestOf, START_MS } from './testing/lab';
import { countIn, countOf, eventually, TcpClient } from './testing/tcp';

const bind = bindOf([NDR32_CONTEXT]);
const open: { close(): unknown }[] = [];

async function start(options: LabHostOptions = {}): Promise<LabHost> {
  const host = await startLabHost(options);
  open.push(host);
  return host;
}

async function client(host: LabHost, ...segments: Uint8Array[]): Promise<TcpClient> {
  const tcp = await TcpClient.open(host);
  open.push(tcp);
  tcp.send(...segments);
  return tcp;
}

async function problemOf(work: Promise<unknown>): Promise<LabHostError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(LabHostError);
  return error as LabHostError;
}

describe('lab host on the wire', () => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse()) await resource.close();
  });

  it('counts over many connections and over one', async () => {
    const host = await start();
    expect(await countOf(host, 1)).to.equal(1);
    const kept = await client(host, bind, callOf(requestOf(2)), callOf(requestOf(3)));
    expect(countIn(await kept.received(3))).to.equal(3);
    expect(await countOf(host, 1)).to.equal(3);
    expect(host.address).to.equal('127.0.0.1');
  });

  it('listens on ::1 where it is asked to', async () => {
    const host = await start({ ipv6: true });
    expect(host.address).to.equal('::1');
    expect(await countOf(host, 1)).to.equal(1);
  });

  it('tells a port that is in use, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    open.push(other);
    const { port } = other.address() as { port: number };
    const error = await problemOf(startLabHost({ port }));
    expect(error.code).to.equal('port-in-use');
    expect(error.message).to.match(new RegExp(`127\\.0\\.0\\.1:${port} is in use: .*another port`));
  });

  it('answers a half-close with its own, after the answer', async () => {
    const host = await start();
    const tcp = await client(host, bind, callOf(requestOf(1)));
    tcp.socket.end();
    expect(await tcp.ended()).to.equal('fin');
    expect(countIn(await tcp.received(2))).to.equal(1);
    await eventually(() => host.connections === 0, 'no connection');
  });

  it('closes what is no stream of PDUs, and goes on', async () => {
    const host = await start();
    const tcp = await client(host, Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect(await tcp.ended()).to.equal('fin');
    expect(await countOf(host, 1)).to.equal(1);
  });

  it('closes a silent connection after the time it was told', async () => {
    const host = await start({ idleCloseSeconds: 0.05 });
    const tcp = await client(host);
    expect(await tcp.ended()).to.equal('fin');
  });

  it('forgets on reset, restart and after 31 days, and resets connections on restart', async () => {
    const host = await start();
    await countOf(host, 1);
    await host.controls.reset();
    expect(await countOf(host, 2)).to.equal(1);
    const kept = await client(host, bind);
    await kept.received(1);
    await host.controls.restart();
    expect(await kept.ended()).to.equal('reset');
    expect(await countOf(host, 3)).to.equal(1);
    await host.controls.advanceClock(31 * 24 * 3600);
    expect(await countOf(host, 4)).to.equal(1);
  });

  it('releases everything on close', async () => {
    const host = await start();
    const tcp = await client(host, bind);
    await tcp.received(1);
    await host.close();
    expect([host.alive, (await problemOf(host.controls.reset())).code]).to.deep.equal([false, 'closed']);
    await tcp.ended();
    const again = await start({ port: host.port });
    expect(again.port).to.equal(host.port);
  });

  it('logs a request as the Operations Guide shows it', async () => {
    const lines: string[] = [];
    const host = await start({ onRequest: (line) => lines.push(line) });
    const request = requestOf(1, 'win7', {
      clientMachineId: 'e5c98033-aab6-4d0b-9af9-1d399597dd56',
      skuId: 'cf67834d-db4a-402c-ab1f-2c134f02b700',
      workstationName: 'kms03.site5.contoso.com',
      requestTime: filetimeFromUnixMs(Date.UTC(2006, 0, 14, 22, 36, 59)),
      isVirtualMachine: 1,
      bindingExpirationMinutes: 40_123,
    });
    await (await client(host, bind, callOf(request), callOf(request.subarray(1)))).received(3);
    expect(lines).to.deep.equal([
      '0x0, 25, kms03.site5.contoso.com, e5c98033-aab6-4d0b-9af9-1d399597dd56, 2006/1/14 22:36, 1, 2, 40123, cf67834d-db4a-402c-ab1f-2c134f02b700',
      '0x8007000D, 251 bytes that are no version 4.0 request',
    ]);
  });

  it('writes no control characters of a name to the log', async () => {
    const lines: string[] = [];
    const host = await start({ onRequest: (line) => lines.push(line) });
    const workstationName = 'a\u001b[31mb\ud800\u202ec';
    await (await client(host, bind, callOf(requestOf(1, 'win7', { workstationName })))).received(2);
    expect(lines[0]).to.include(' a\ufffd[31mb\ufffd\ufffdc, ');
  });

  it('answers any sequence over TCP as the model does', async () => {
    const host = await start({ clock: new VirtualClock(START_MS) });
    const steps = fc.array(
      fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record({ machine: fc.nat(70), server: fc.boolean(), virtual: fc.boolean() }),
        },
        { weight: 1, arbitrary: fc.record({ days: fc.constantFrom(1, 16, 29, 31) }) },
      ),
      { maxLength: 90, size: 'max' },
    );
    const sequences = fc.asyncProperty(steps, async (sequence) => {
      await host.controls.reset();
      const model = new CountingModel(DEFAULT_PROFILE);
      const kept = await client(host, bind);
      await kept.received(1);
      for (const step of sequence) {
        if ('days' in step) {
          await host.controls.advanceClock(step.days * 86_400);
          nowMs += step.days * 86_400_000;
          continue;
        }
        const message = requestOf(step.machine, step.server ? 'r2-b' : 'win7', {
          isVirtualMachine: step.virtual ? 1 : 0,
        });
        const already = kept.pdus.length;
        kept.send(callOf(message));
        const { value } = decodeRequest(message);
        const asked = { ...(value as KmsRequest), isVirtualMachine: step.virtual };
        expect(countIn(await kept.received(already + 1))).to.equal(model.grant(asked, nowMs));
      }
      kept.close();
    });
    let nowMs = START_MS;
    await fc.assert(sequences, { numRuns: 25 });
  });
});

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
