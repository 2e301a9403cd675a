import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { join } from 'node:path';
import { startLabHost } from '../../lab-host';
import { runInProcess } from '../testing/in-process';
import { firstChange } from './watched';
import { WatchedFiles } from './watched-files';
import { WatchedTarget } from './watched-target';

const LOOK_MS = 5;

describe('what run --watch waits for', () => {
  let folder: string;
  let over: AbortController;
  const at = (...names: string[]): string => join(folder, ...names);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-watch-'));
    over = new AbortController();
  });
  afterEach(() => {
    over.abort();
    rmSync(folder, { recursive: true });
  });

  describe('files', () => {
    it('that change, come, and go, in folders too', async () => {
      mkdirSync(at('own/inner'), { recursive: true });
      mkdirSync(at('own/node_modules'));
      writeFileSync(at('config.yaml'), 'a');
      const files = new WatchedFiles([at('config.yaml'), at('own'), at('none')], LOOK_MS);
      for (const [change, says] of [
        [() => writeFileSync(at('config.yaml'), 'b'), `${at('config.yaml')} changed`],
        [() => writeFileSync(at('own/inner/x.ts'), 'b'), `${at('own/inner/x.ts')} changed`],
        [() => rmSync(at('config.yaml')), `${at('config.yaml')} changed`],
        [() => writeFileSync(at('none'), ''), `${at('none')} changed`],
      ] as const) {
        files.mark();
        writeFileSync(at('own/node_modules/other.js'), says);
        const changed = files.changed(over.signal);
        change();
        expect(await changed).to.equal(says);
      }
    });

    it('that changed during a run, but not what was written before', async () => {
      writeFileSync(at('a'), '1');
      const files = new WatchedFiles([at('a')], LOOK_MS);
      writeFileSync(at('a'), '2');
      files.mark();
      writeFileSync(at('a'), '3');
      expect(await files.changed(over.signal)).to.equal(`${at('a')} changed`);
    });
  });

  describe('a host', () => {
    let server: Server;
    let sockets: Socket[];
    const listen = async (port = 0): Promise<number> => {
      sockets = [];
      server = createServer((socket) => void sockets.push(socket.on('error', () => undefined).resume()));
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as { port: number }).port;
    };
    const stop = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    };
    afterEach(stop);

    it('that goes away and comes back; one that closes what says nothing is none', async () => {
      const port = await listen();
      let knocks = 0;
      const knocked = (): { host: string; port: number } => {
        knocks++;
        return { host: '127.0.0.1', port };
      };
      const target = new WatchedTarget(knocked, LOOK_MS);
      target.mark();
      const changed = target.changed(over.signal);
      for (let closed = 0; closed < 3; closed++) {
        while (sockets.length === closed) await once(server, 'connection');
        sockets[closed]!.end();
      }
      while (sockets.length === 3) await once(server, 'connection');
      await stop();
      // A knock that another follows was refused.
      for (const before = knocks; knocks < before + 2; ) await setImmediate();
      await listen(port);
      expect(await changed).to.equal(`the host at 127.0.0.1:${port} came back`);
    });

    it('of which nothing is known yet is not asked, and the watch ends when it is told to', async () => {
      await listen();
      const target = new WatchedTarget(() => null, LOOK_MS);
      const first = firstChange([target, new WatchedFiles([at('a')], LOOK_MS)], over.signal);
      over.abort();
      expect(await first).to.equal(null);
      expect(sockets).to.deep.equal([]);
    });

    it('lets go of the connection once something else changed', async () => {
      const port = await listen();
      const target = new WatchedTarget(() => ({ host: '127.0.0.1', port }), LOOK_MS);
      const first = firstChange([target, new WatchedFiles([at('a')], LOOK_MS)], over.signal);
      if (sockets.length === 0) await once(server, 'connection');
      const gone = once(sockets[0]!, 'close');
      writeFileSync(at('a'), '');
      expect(await first).to.equal(`${at('a')} changed`);
      await gone;
    });
  });
});

describe('run --watch', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-watch-run-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('tells a line a run, why it ran and what changed, and at its end the failures of the last', async () => {
    let host = await startLabHost();
    const { port } = host;
    const interruption = new AbortController();
    const config = (text: string): void => writeFileSync(join(folder, 'kms.yaml'), text);
    config(`target: 127.0.0.1:${port}\n`);
    const steps = [
      () => Promise.resolve(config(`target: 127.0.0.1:${port}\nkeyGroup: any\n`)),
      async () => {
        await host.close();
        host = await startLabHost({ port, faults: ['epid-in-ascii'] });
      },
      () => Promise.resolve(config('target: [\n')),
    ];
    let heard = '';
    const run = runInProcess(['run', 'MSG-04', '--config', 'kms.yaml', '--watch', '--quiet'], {
      cwd: folder,
      signal: interruption.signal,
      onOutput: (text) => {
        heard += text;
        void (async () => {
          if (/\n$/.test(text)) await steps[heard.trimEnd().split('\n').length - 1]?.();
        })();
      },
      onError: (text) => void (text.includes('kms.yaml') && text.includes('changed') && interruption.abort()),
    });
    const { stdout, stderr } = await run;
    await host.close();
    const lines = stdout.split('\n');
    expect(lines[0]).to.match(/^\d\d:\d\d:\d\d {2}PASSED {2}1 of 1 requirement\. {2}[\d.]+ m?s$/);
    expect(lines[1]).to.match(/PASSED {2}1 of 1 requirement\. .* {2}\(\S*kms\.yaml changed\)$/);
    expect(lines[2]).to.match(
      /FAILED {2}1 of 1 checked requirement \(.*\)\. 1 newly failing: MSG-04\. .*\(the host at 127\.0\.0\.1:\d+ came back\)$/,
    );
    expect(lines.slice(3).join('\n')).to.match(/^\n✗ MSG-04 failed/);
    expect(stderr).to.match(/kmsspec: .*kms\.yaml.*changed\)\n/);
  });

  it('needs something to watch, and room for its lines', async () => {
    for (const [argv, says] of [
      [['--no-config'], /nothing to watch: name --target, --config or --scenarios/],
      [['--target', '127.0.0.1:1', '--json', '-'], /give reports and captures a file/],
      [['--target', '127.0.0.1:1', '--baseline', 'b', '--update-baseline'], /leave out --update-baseline/],
      [['--config', 'none.yaml'], /none\.yaml/],
    ] as const) {
      const { exitCode, stderr } = await runInProcess(['run', 'MSG-01', ...argv, '--watch'], { cwd: folder });
      expect([exitCode, argv]).to.deep.equal([2, argv]);
      expect(stderr).to.match(says);
    }
  });
});
