import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { response, scriptedHost, type ScriptedHost } from '../../client/testing/scripted-host';
import { commandTree } from '../reference/command-tree';
import { WorkFolder } from '../testing/capture-verbs';
import { actsIn, type Form, OUTSIDE_TEXTS } from '../testing/hostile-outputs';
import { APART, FROM_INSIDE, NO_TEXT, SAME_REPORT, WAYS } from '../testing/hostile-ways';
import { VERBS } from '../verbs';

describe('text from outside', function () {
  this.timeout(180_000);
  const folder = new WorkFolder();
  let host: ScriptedHost;
  before(async () => {
    let next = 0;
    host = await scriptedHost(async (peer) => {
      if ((await peer.acceptBind()) === null) return;
      for (let pdu = await peer.next(); pdu?.kind === 'request'; pdu = await peer.next())
        peer.send(response(pdu, 10, { ePid: OUTSIDE_TEXTS[next++ % OUTSIDE_TEXTS.length]!.slice(0, 60) }));
    });
  });
  after(() => host.close());

  it('has a way into every verb, and out of every output that it may write', () => {
    const known = [...WAYS.map(({ verb }) => verb), ...SAME_REPORT, ...FROM_INSIDE, ...APART];
    expect([...new Set(known)].sort()).to.deep.equal(VERBS.map(({ name }) => name).sort());
    for (const { name, options } of commandTree(VERBS)) {
      if (![...WAYS.map(({ verb }) => verb)].includes(name)) continue;
      const words = WAYS.filter(({ verb }) => verb === name).flatMap(({ argv }) => argv);
      const files = options
        .filter(({ kind }) => kind === 'file' || kind === 'folder')
        .map(({ long }) => long);
      const missing = files.filter((long) => !NO_TEXT.has(long) && !words.includes(long));
      expect(missing, `outputs of ${name} that nothing hostile comes to`).to.deep.equal(
        name === 'explain' ? ['--out'] : [],
      );
      const formats = options.find(({ long }) => long === '--format')?.choices ?? [];
      expect(
        formats.filter((format) => !words.includes(format) && format !== 'markdown'),
        name,
      ).to.deep.equal([]);
    }
  });

  for (const way of WAYS) {
    it(`acts in no output: ${way.verb}, ${way.field}`, async () => {
      if (way.verb === 'inspect' || way.verb === 'anonymise')
        await folder.run([
          'stream',
          `client*${OUTSIDE_TEXTS.length}`,
          '--target',
          `127.0.0.1:${host.port}`,
          '--pcap',
          'in.pcapng',
        ]);
      const texts = way.files === undefined || way.verb === 'correlate' ? [''] : OUTSIDE_TEXTS;
      const written = new Set<string>();
      for (const [i, text] of texts.entries()) {
        for (const [name, content] of Object.entries(way.files?.(text, texts[i + 1] ?? 'last') ?? {}))
          writeFileSync(folder.file(name), content);
        const argv = way.argv.map((word) => (word === '{}' ? `127.0.0.1:${host.port}` : word));
        const { stdout, stderr } = await folder.run(argv, { env: way.env ?? {} });
        expectSeen(way.stdout ?? 'text', stdout, `standard output, ${JSON.stringify(text.slice(0, 40))}`);
        expectSeen('text', stderr, `standard error, ${JSON.stringify(text.slice(0, 40))}`);
        expect(stderr, 'no defect of ours').to.not.contain('unexpected:');
        for (const [name, form] of Object.entries(way.outputs ?? {})) {
          for (const file of filesIn(folder.file(name))) {
            written.add(name);
            expectSeen(form, readFileSync(file, 'utf8'), `${file}, ${JSON.stringify(text.slice(0, 40))}`);
          }
        }
      }
      const needed = way.writes ?? (way.field.includes('texts of') ? Object.keys(way.outputs ?? {}) : []);
      expect([...written], 'written at all').to.include.members([...needed]);
    });
  }

  for (const { name } of VERBS) {
    it(`acts in no error line: ${name}`, async () => {
      for (const text of OUTSIDE_TEXTS) {
        const word = text.trimStart().slice(0, 200);
        for (const argv of [
          [name, word, word],
          [name, '--target', word, 'x'],
          [name, '--config', word, '--domain', word, 'x'],
          [name, `--${word}`],
        ]) {
          if (name === 'host' || (name === 'record' && argv.length < 3)) argv.push('--nonsense');
          const signal = AbortSignal.timeout(20_000);
          const { stdout, stderr } = await folder.run(argv, { signal });
          expectSeen('text', stderr, `standard error of ${JSON.stringify(argv)}`);
          if (stdout !== '' && !FROM_INSIDE.includes(name)) expectSeen('text', stdout, `${name}`);
        }
      }
    });
  }

  it('acts in nothing that a control port answers', async () => {
    let next = 0;
    const port = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`failed ${OUTSIDE_TEXTS[next++ % OUTSIDE_TEXTS.length]}\n`));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => port.once('listening', resolve));
    for (const _ of OUTSIDE_TEXTS) {
      const { stdout, stderr } = await folder.run([
        'ctl',
        String((port.address() as AddressInfo).port),
        'status',
      ]);
      expectSeen('text', stdout + stderr, 'ctl');
    }
    port.close();
  });
});

function expectSeen(form: Form, text: string, where: string): void {
  if (text !== '') expect(actsIn(form, text), where).to.equal(null);
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (path.includes('.') || !readdirOrNull(path)) return [path];
  return readdirOrNull(path)!.flatMap((name) =>
    (name.endsWith('.html') ? [join(path, name)] : filesIn(join(path, name))).filter((one) =>
      one.endsWith('.html'),
    ),
  );
}

function readdirOrNull(path: string): string[] | null {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
}
