import { expect } from 'chai';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { loadedModules } from '../testing/loaded-modules';

describe('the start of inspect', () => {
  const loadedBy = (...argv: string[]): Promise<string[]> => {
    const capture = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
    return loadedModules(['inspect', capture, '--quiet', ...argv]);
  };

  it('loads neither the checker of histories nor what reads JSON files, unless it is asked for a history', async () => {
    const plain = await loadedBy();
    expect(plain.filter((file) => /node_modules.zod|model.history|history-/.test(file))).to.deep.equal([]);
    const asked = await loadedBy('--history', 'h.json');
    expect(asked.filter((file) => /history-checker/.test(file))).to.have.length(1);
    expect(asked.filter((file) => /node_modules.zod/.test(file))).to.deep.equal([]);
  });
});
