import { expect } from 'chai';
import { LeakWatch } from './leak-watch';
import { goodKmsRequest } from '../conduct/probe';

describe('the watch for leaks', () => {
  const request = (name: string, machine: string) => ({
    ...goodKmsRequest('55c92734-d682-4d71-983e-d6ec3f16059f', machine, 0n),
    workstationName: name,
  });
  const octets = (text: string): Buffer => Buffer.from(`??${text}??`, 'utf16le');

  it('finds the names of others, anywhere in the octets, and not one’s own', () => {
    const watch = new LeakWatch();
    watch.remember(request('FZ-00000001-0', 'a'));
    watch.remember(request('FZ-00000002-0', 'b'));
    expect(watch.find(octets('FZ-00000001-0'), 'b')).to.contain('FZ-00000001-0');
    expect(watch.find(octets('FZ-00000001-0'), 'a')).to.equal(null);
    expect(watch.find(octets('FZ-00000003-0'), 'a')).to.equal(null);
    expect(watch.find(new Uint8Array(0), 'a')).to.equal(null);
  });

  it('finds the machines of others, but for the nil CMID', () => {
    const watch = new LeakWatch();
    const machine = '11223344-5566-7788-99aa-bbccddeeff00';
    watch.remember(request('A', machine));
    watch.remember(request('B', '00000000-0000-0000-0000-000000000000'));
    const onTheWire = Buffer.from('ff4433221166558877' + '99aabbccddeeff00ff', 'hex');
    expect(watch.find(onTheWire, 'b')).to.contain(machine);
    expect(watch.find(onTheWire, machine)).to.equal(null);
    expect(watch.find(new Uint8Array(20), 'b')).to.equal(null);
  });

  it('forgets what is long ago, and does not grow', () => {
    const watch = new LeakWatch();
    for (let i = 0; i < 2000; i++) watch.remember(request(`FZ-${String(i).padStart(8, '0')}-0`, String(i)));
    expect(watch.find(octets('FZ-00000001-0'), 'x')).to.equal(null);
    expect(watch.find(octets('FZ-00001999-0'), 'x')).to.not.equal(null);
  });
});
