import { expect } from 'chai';
import fc from 'fast-check';
import { createServer } from 'node:net';
import { decodeRequest, filetimeFromUnixMs, type KmsRequest } from '../../protocol';
import { VirtualClock } from '../support/clock';
import { CountingModel } from '../model/counting-model';
import { DEFAULT_PROFILE } from '../model/profile';
import { startLabHost } from './server';
import { callOf, requestOf, START_MS } from './testing/lab';
import { bind, client, open, problemOf, start } from './testing/served';
import { countIn, countOf, eventually } from './testing/tcp';

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

  it('listens on both, on one port, and starts again on both', async () => {
    const host = await start({ bothFamilies: true });
    expect(host.addresses).to.deep.equal(['127.0.0.1', '::1']);
    for (const address of host.addresses)
      expect(await countOf({ ...host, address, port: host.port }, 1)).to.equal(1);
    await host.controls.restart();
    expect(await countOf({ ...host, address: '::1', port: host.port }, 2)).to.be.greaterThan(0);
  });

  it('does with one address where the other is taken', async () => {
    const other = createServer().listen(0, '::1');
    await new Promise((resolve) => other.once('listening', resolve));
    open.push(other);
    const { port } = other.address() as { port: number };
    const host = await start({ bothFamilies: true, port });
    expect(host.addresses).to.deep.equal(['127.0.0.1']);
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
