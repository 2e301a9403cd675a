import { expect } from 'chai';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { readToken, tokenFile } from './control-token';
import { parseSeconds, sendControl, startControlServer } from './control';
import { startLabHost } from './server';

const open: { close(): unknown }[] = [];

async function setUp(): Promise<{
  port: number;
  token: string;
  host: Awaited<ReturnType<typeof startLabHost>>;
}> {
  const host = await startLabHost({ faults: ['dies-of-garbage'] });
  const control = await startControlServer(host, 0);
  open.push(host, control);
  return { port: control.port, token: control.token, host };
}

describe('controls of a lab host', () => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse()) await resource.close();
  });

  it('obeys, and tells how the host is', async () => {
    const { port, host } = await setUp();
    for (const line of ['reset', 'restart', 'advance 3600', 'advance 0.5']) {
      expect(await sendControl(port, line, 2000), line).to.deep.equal({ kind: 'done', text: '' });
    }
    const status = await sendControl(port, 'status', 2000);
    if (status.kind !== 'done') throw new Error(status.problem);
    const expected = { alive: true, address: '127.0.0.1', port: host.port, connections: 0 };
    const own = { currentCount: 0, requiredClientCount: 5, totalRequests: 0, failedRequests: 0 };
    expect(JSON.parse(status.text)).to.include({ ...expected, ...own });
  });

  it('tells what it cannot do', async () => {
    const { port, host } = await setUp();
    for (const line of ['jump', 'advance', 'advance -1', 'advance 1e99', '', 'x'.repeat(300)]) {
      expect((await sendControl(port, line, 2000)).kind, line).to.equal('failed');
    }
    connect(host.port, host.address)
      .on('error', () => {})
      .write('garbage');
    while (host.alive) await new Promise((resolve) => setTimeout(resolve, 2));
    const answer = await sendControl(port, 'reset', 2000);
    expect(answer).to.have.property('kind', 'failed');
    expect(answer).to.have.property('problem').that.includes('restart it');
    expect((await sendControl(port, 'restart', 2000)).kind).to.equal('done');
    expect(host.alive).to.equal(true);
  });

  it('neither hangs nor throws where no lab host listens', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    const other = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await Promise.all([silent, other].map((server) => once(server, 'listening')));
    open.push(silent, other);
    const portOf = (server: typeof silent): number => (server.address() as { port: number }).port;
    const answers = await Promise.all([
      sendControl(portOf(silent), 'reset', 50),
      sendControl(portOf(other), 'reset', 2000),
    ]);
    expect(answers.map(({ kind }) => kind)).to.deep.equal(['unreachable', 'unreachable']);
    await new Promise((resolve) => silent.close(resolve));
    expect((await sendControl(1, 'reset', 2000)).kind).to.equal('unreachable');
  });

  it('takes a command that comes in pieces, once, with its token, and none that has no end', async () => {
    const { port, host, token } = await setUp();
    const ask = async (...pieces: string[]): Promise<string> => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8').setNoDelay();
      let answer = '';
      socket.on('data', (text: string) => (answer += text));
      for (const piece of pieces) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
      await once(socket, 'end');
      return answer;
    };
    expect(await ask(token, ' sta', 'tus', '\n')).to.match(/^ok \{.*\}\n$/);
    expect(await ask('r'.repeat(10_000))).to.match(/^failed /);
    const refused: [string, RegExp][] = [
      ['reset\n', /token/],
      [`${token.slice(1)} reset\n`, /token/],
      [`${token.replace(/./, (digit) => (digit === '0' ? '1' : '0'))} reset\n`, /token/],
      [`${token} reset\n${token} restart\n`, /more than one line/],
      ['POST / HTTP/1.1\r\nHost: localhost\r\n\r\nreset\n', /HTTP/],
    ];
    for (const [text, why] of refused)
      expect(await ask(text), text)
        .to.match(/^failed /)
        .and.match(why);
    expect(host.alive).to.equal(true);
  });

  it('keeps its token in a file that only the user reads, for as long as it listens', async () => {
    const host = await startLabHost();
    const control = await startControlServer(host, 0);
    const { mode } = statSync(tokenFile(control.port));
    const [kept, wrong] = [
      readToken(control.port),
      await sendControl(control.port, 'reset', 2000, '0'.repeat(32)),
    ];
    await control.close();
    await host.close();
    expect([mode & 0o777, kept, wrong.kind]).to.deep.equal([0o600, control.token, 'failed']);
    expect(readToken(control.port)).to.equal(null);
  });

  it('gives up on an answer without end', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => {});
      const more = (): boolean => !socket.destroyed && socket.write('ok '.repeat(10_000), more as () => void);
      more();
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    open.push(endless);
    const { port } = endless.address() as { port: number };
    expect(await sendControl(port, 'status', 20_000)).to.deep.equal({
      kind: 'unreachable',
      problem: 'an answer without end: this is no control port of a lab host',
    });
  });

  it('takes seconds as people write them, and nothing else', () => {
    expect(['0', '60', '1.5', '2592000'].map(parseSeconds)).to.deep.equal([0, 60, 1.5, 2_592_000]);
    for (const word of [undefined, '', '-1', '1e3', ' 1', '0x10', '99999999999']) {
      expect(parseSeconds(word), `${word}`).to.equal(null);
    }
  });
});
