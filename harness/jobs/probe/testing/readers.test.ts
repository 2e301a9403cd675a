import { expect } from 'chai';
import { readExposition } from './exposition';
import { readPluginOutput } from './plugin-output';
import { isPrtg } from './read-prtg';

describe('the readers that hold the output', () => {
  it('refuse wrong exposition text', () => {
    const good = '# HELP a b\n# TYPE a gauge\na{x="1"} 1\n';
    expect(readExposition(good)).to.have.length(1);
    for (const wrong of [
      'a 1\n',
      good.slice(0, -1),
      `${good}a{x="1"} 2\n`,
      `${good}# HELP a c\n`,
      `${good}# TYPE b gauge\nb 1\na{x="2"} 1\n`,
      good.replace('"1"', '"\\q"'),
      good.replace('"1"', '"""'),
      good.replace('x=', '1x='),
      good.replace(' 1\n', ' null\n'),
      good.replace('gauge', 'guage'),
      '# HELP a b\n# TYPE a gauge\na{x="1" y="2"} 1\n',
    ]) {
      expect(() => readExposition(wrong), wrong).to.throw();
    }
  });

  it('refuse wrong plugin output', () => {
    const good = "KMS OK - x | count=1;5:;;0 'a b'=0.5s;1;5;0\nmore\n";
    expect(readPluginOutput(good).data).to.deep.equal({ count: '1;5:;;0', 'a b': '0.5s;1;5;0' });
    for (const wrong of [
      good.replace('KMS OK', 'KMS FINE'),
      good.replace('more', 'mo|re'),
      good.replace('count=1', 'count=x'),
      good.replace("'a b'", 'a b'),
      good.replace("'a b'", 'count'),
      good.replace('5:', '5::'),
      good.replace('- x', `- ${'x'.repeat(90)}`),
      good.replace('more', 'm'.repeat(4097)),
      good.replace('more', '\u001b[2J'),
      good.slice(0, -1),
    ]) {
      expect(() => readPluginOutput(wrong), wrong.slice(0, 80)).to.throw();
    }
  });

  it('refuse what is no sensor result', () => {
    const good = { prtg: { result: [{ channel: 'a', value: 1 }], text: 'x' } };
    expect(isPrtg(good)).to.equal(true);
    for (const wrong of [
      {},
      { prtg: {} },
      { prtg: { result: [], text: 'x' } },
      { prtg: { result: [{ channel: 'a', value: 1.5 }] } },
      { prtg: { result: [{ channel: 'a', value: 1, limitmaxerror: 2 }] } },
      { prtg: { result: [{ channel: 'a', value: 1, unit: 'Seconds' }] } },
      { prtg: { result: [{ channel: 'a', value: 1, unit: 'Custom' }] } },
      { prtg: { error: 1 } },
      { prtg: { error: 1, text: 'a\nb' } },
      { prtg: { error: 1, text: 'x', result: [] } },
    ]) {
      expect(isPrtg(wrong), JSON.stringify(wrong)).to.equal(false);
    }
  });
});
