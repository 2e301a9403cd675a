import { expect } from 'chai';
import { loadedModules } from '../testing/loaded-modules';

describe('the start of run', () => {
  it('loads nothing that reads files, writes captures, asks DNS or measures foreign scripts, unless there is need of it', async () => {
    const own = /dist.captures|cli.watch|harness.baseline|config-schema|target.discovery.dns.resolver/;
    const others = /node_modules.(zod|yaml|dns-packet|papaparse|pcap-parser|string-width)\b/;
    const unneeded = (files: readonly string[]): string[] =>
      files.filter((file) => own.test(file) || others.test(file));
    expect(unneeded(await loadedModules(['run', 'TIME-02', '--quiet']))).to.deep.equal([]);
    const captured = await loadedModules(['run', 'TIME-02', '--quiet', '--pcap', 'run.pcapng']);
    expect(unneeded(captured)).to.not.be.empty;
  });
});
