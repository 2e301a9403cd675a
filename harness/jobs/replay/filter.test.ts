import { expect } from 'chai';
import { parseFilter, ReplayUsageError } from '.';
import { capture, captured, exchangesOf } from './testing/captures';

describe('filters', () => {
  const chosen = async (text: string, name = 'v4-mixed-growth'): Promise<number[]> => {
    const recording = await capture(name, { filter: parseFilter(text) });
    const chosen = await exchangesOf(recording);
    expect(recording.size).to.equal(chosen.length);
    return chosen.map(({ index }) => index);
  };

  it('choose by index, stream, CMID, product and version', async () => {
    expect(await chosen('0-2,5')).to.deep.equal([0, 1, 2, 5]);
    expect(await chosen('index=63-')).to.deep.equal([63, 64]);
    expect(await chosen('stream=4')).to.have.length(1);
    expect(await chosen('product=r2-b index=0-20')).to.have.length(15);
    expect(await chosen('product=vista')).to.have.length(45);
    expect(await chosen('version=4,5')).to.have.length(65);
    expect(await chosen('version=5', 'v5')).to.have.length(5);
    const exchanges = await captured('v4-mixed-growth');
    const content = exchanges[7]!.request.content;
    const cmid = content.kind === 'clear' ? content.value.clientMachineId : '';
    expect(await chosen(`cmid=${cmid.toUpperCase()}`)).to.deep.equal([7]);
    expect(await chosen('product=11111111-0000-0000-0000-000000000000')).to.deep.equal([]);
  });

  for (const text of [
    '',
    ' ',
    'index=',
    'index=a',
    'index=5-3',
    '5-3',
    'index=1-2-3',
    'colour=red',
    'cmid=xyz',
    'product=xp',
    '1,,2',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      expect(() => parseFilter(text)).to.throw(ReplayUsageError, /filter .* cannot be used/));
  }
});
