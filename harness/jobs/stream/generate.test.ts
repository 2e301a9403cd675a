import { expect } from 'chai';
import { PROFILES } from '../../model/profile';
import { Random } from '../../support/random';
import { ExpectedCounts } from '../../model/expectation';
import { describeRequest, generate, type StreamRequest, type StreamStep } from './generate';
import { parseStream } from './parse';
import { StreamError } from './stream-error';

const play = (notation: string, seed = 1): StreamStep[] => [
  ...generate(parseStream(notation), { random: new Random(seed) }),
];

/** Labels and CMIDs as they are when each step is made: machines change later. */
function* requests(
  notation: string,
  seed = 1,
): Generator<{ step: StreamRequest; cmid: string; label: string }> {
  for (const step of generate(parseStream(notation), { random: new Random(seed) })) {
    if (step.kind !== 'request') continue;
    yield { step, cmid: step.machine.clientMachineId, label: describeRequest(step) };
  }
}

const labels = (notation: string, seed = 1): string[] =>
  [...requests(notation, seed)].map(({ label }) => label);

/** The counts that the counting model gives; a second a request. */
function counts(
  notation: string,
  profile = PROFILES['win7-2008r2'] as ConstructorParameters<typeof ExpectedCounts>[0],
): number[] {
  const model = new ExpectedCounts(profile);
  const answered: number[] = [];
  let nowMs = 0;
  for (const step of generate(parseStream(notation), { random: new Random(1) })) {
    nowMs += step.kind === 'wait' ? step.seconds * 1000 : 1000;
    if (step.kind === 'request') answered.push(model.granted(step.machine, null, nowMs)!.count);
  }
  return answered;
}

describe('streams', () => {
  it('asks again from the machine that has been silent longest, of the kind that was named', () => {
    expect(labels('server*3 client*2 renew(server)*4')).to.deep.equal([
      'server 1',
      'server 2',
      'server 3',
      'client 1',
      'client 2',
      'renewal of server 1',
      'renewal of server 2',
      'renewal of server 3',
      'renewal of server 1',
    ]);
  });

  it('knows oldest, newest and all', () => {
    expect(labels('client*2 server renew(newest) renew(oldest) renew(all)').slice(3)).to.deep.equal([
      'renewal of server 1',
      'renewal of client 1',
      'renewal of client 2',
      'renewal of server 1',
      'renewal of client 1',
    ]);
    expect(labels('vista*2 win7 renew(vista)*3').slice(3)).to.deep.equal([
      'renewal of vista 1',
      'renewal of vista 2',
      'renewal of vista 1',
    ]);
    expect(labels('client virtual renew(virtual) renew(client)').slice(2)).to.deep.equal([
      'renewal of virtual 1',
      'renewal of client 1',
    ]);
  });

  it('gives clones the CMID of another machine, and re-imaged machines a new one that names the old', () => {
    const made = [...requests('client*2 clone(oldest) reimage(newest) duplicate(client)')];
    expect(made.map(({ label }) => label)).to.deep.equal([
      'client 1',
      'client 2',
      'client 3, a clone of client 1',
      'client 3, re-imaged',
      'duplicate from client 2',
    ]);
    expect(made[2]!.cmid).to.equal(made[0]!.cmid);
    expect(made[3]!.cmid).to.not.equal(made[2]!.cmid);
    expect(made[3]!.step.machine.previousClientMachineId).to.equal(made[0]!.cmid);
    expect(made[4]!.cmid).to.equal(made[1]!.cmid);
  });

  it('repeats groups, each time with new machines', () => {
    expect(labels('(server client*2)*2')).to.deep.equal([
      'server 1',
      'client 1',
      'client 2',
      'server 2',
      'client 3',
      'client 4',
    ]);
  });

  it('shuffles by seed: another order for another seed, the same for the same, nothing lost', () => {
    const inOrder = labels('server*20 client*20');
    const shuffled = labels('shuffle(server*20 client*20)', 7);
    expect(shuffled).to.not.deep.equal(inOrder);
    expect(shuffled).to.deep.equal(labels('shuffle(server*20 client*20)', 7));
    expect(shuffled).to.not.deep.equal(labels('shuffle(server*20 client*20)', 8));
    expect([...shuffled].sort()).to.deep.equal([...inOrder].sort());
  });

  it('gives every machine a CMID of its own, the same for the same seed', () => {
    const first = [...requests('client*500')].map(({ cmid }) => cmid);
    expect(new Set(first).size).to.equal(500);
    expect([...requests('client*500')].map(({ cmid }) => cmid)).to.deep.equal(first);
    expect([...requests('client*500', 2)].map(({ cmid }) => cmid)).to.not.deep.equal(first);
  });

  it('points at a renewal that has nobody to renew', () => {
    expect(() => play('client*3 renew(server)'))
      .to.throw(StreamError, 'character 10')
      .with.property('at', 9);
    expect(() => play('renew(all)')).to.throw(StreamError, 'no machine has asked');
  });

  it('says so where the machines that could ask again are forgotten', () => {
    const steps = generate(parseStream('server client*10 renew(server)'), { random: new Random(1), park: 5 });
    expect(() => [...steps]).to.throw(StreamError, 'no server machine is among the 5 that asked last');
  });

  it('passes waits and controls on in their place', () => {
    expect(play('client wait(30d) reset server').map(({ kind }) => kind)).to.deep.equal([
      'request',
      'wait',
      'control',
      'request',
    ]);
  });

  it('draws a mix in the shares that were asked for', () => {
    const seen = new Map<string, number>();
    let servers = 0;
    let virtual = 0;
    const notation =
      'mix(servers=20%, virtual=10%, renewals=50%, duplicates=1%, clones=2%, reimaged=3%)*50000';
    for (const { step } of requests(notation, 3)) {
      seen.set(step.action, (seen.get(step.action) ?? 0) + 1);
      if (step.action !== 'first') continue;
      if (step.machine.type.product === 'r2-b') servers++;
      if (step.machine.type.virtual) virtual++;
    }
    const share = (action: string): number => seen.get(action)! / 50_000;
    expect(share('renewal')).to.be.closeTo(0.5, 0.01);
    expect(share('duplicate')).to.be.closeTo(0.01, 0.002);
    expect(share('clone')).to.be.closeTo(0.02, 0.003);
    expect(share('reimage')).to.be.closeTo(0.03, 0.004);
    expect(servers / seen.get('first')!).to.be.closeTo(0.2, 0.01);
    expect(virtual / seen.get('first')!).to.be.closeTo(0.1, 0.01);
  });

  it('runs without an end, and forgets the machines that have been silent longest', () => {
    const steps = generate(parseStream('client*5 mix(renewals=50%)*forever'), {
      random: new Random(1),
      park: 10,
    });
    const machines = new Set<unknown>();
    for (let i = 0; i < 5_000; i++) {
      const { value } = steps.next() as { value: StreamRequest };
      machines.add(value.machine);
      if (value.action === 'renewal' && i > 1_000) {
        expect(value.machine.ordinal).to.be.above(machines.size - 60);
      }
    }
    expect(machines.size).to.be.above(2_000);
  });
});

describe('counts that a stream expects', () => {
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

  it('are those of the recorded mixed growth: 1 to 10, 10 five times, 11 to 50, 50 ten times', () => {
    expect(counts('server*15 client*45 server*5')).to.deep.equal([
      ...range(1, 10),
      ...times(5, 10),
      ...range(11, 50),
      ...times(10, 50),
    ]);
  });

  it('stay for clones and duplicates, and grow for re-imaged machines', () => {
    expect(counts('client*3 clone duplicate reimage')).to.deep.equal([1, 2, 3, 3, 3, 4]);
  });

  it('leave out virtual machines where the profile counts physical ones only', () => {
    expect(counts('client*2 virtual*2 client')).to.deep.equal([1, 2, 3, 4, 5]);
    expect(counts('client*2 virtual*2 client', PROFILES['vista-2008'])).to.deep.equal([1, 2, 2, 2, 3]);
  });

  it('drop what has not renewed for 30 days', () => {
    expect(counts('client*4 wait(15d) renew(client)*2 wait(15d1m) client')).to.deep.equal([
      1, 2, 3, 4, 4, 4, 3,
    ]);
  });

  it('count each application by itself', () => {
    expect(counts('client*2 office2010*2 client')).to.deep.equal([1, 2, 1, 2, 3]);
  });
});
