import { expect } from 'chai';
import { scriptedHost } from '../../client/testing/scripted-host';
import { corpus, expectOneLine, WorkFolder } from '../testing/capture-verbs';

describe('kmsspec record', () => {
  const folder = new WorkFolder();
  const kmsspec = (...argv: string[]) => folder.run(argv);

  it('keeps what goes through, so that it can be replayed', async () => {
    const interruption = new AbortController();
    const out = folder.file('out.pcapng');
    let port = 0;
    const recording = folder.run(['record', '--listen', '0', '--out', out, '--connections', '3'], {
      signal: interruption.signal,
      onOutput: (text) => (port ||= Number(/recording 127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? 0)),
    });
    for (let i = 0; i < 400 && port === 0; i++) {
      await new Promise<void>((resolve) => setTimeout(resolve, 5));
    }
    if (port === 0) interruption.abort();
    else
      await kmsspec(
        'replay',
        corpus('v4-threshold-clients'),
        '--filter',
        '0-2',
        '--target',
        `127.0.0.1:${port}`,
      );
    const run = await recording;
    expect(run.exitCode).to.equal(0);
    const { stdout } = await kmsspec('inspect', out);
    expect(stdout.match(/count \d/g)).to.deep.equal(['count 1', 'count 2', 'count 3']);
  });

  it('tells a port in use, an address of other machines, and one that is none', async () => {
    const busy = await scriptedHost(() => undefined);
    const inUse = await kmsspec('record', '--listen', `127.0.0.1:${busy.port}`, '--out', 'o.pcapng');
    await busy.close();
    expect(inUse.exitCode).to.equal(2);
    expect(inUse.stderr).to.contain('in use');
    expectOneLine(inUse);
    for (const listen of ['0.0.0.0:1', '[::]:1', 'x', '127.0.0.1:70000', '']) {
      const run = await kmsspec('record', '--listen', listen, '--out', 'o.pcapng');
      expect(run.exitCode, listen).to.equal(2);
    }
    expect((await kmsspec('record', '--out', 'no/such/folder/o.pcapng')).exitCode).to.equal(2);
  });
});
