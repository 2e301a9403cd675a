import { expect } from 'chai';
import { type LabHost, startLabHost } from '../harness/lab-host';
import { KEY_GROUPS } from '../protocol';
import { openTarget, type Target } from '../harness/target';
import { idsWith, runOn } from './testing/lab-run';
import { Others } from './testing/others';

/** What no count that was found can take away. */
const ANYWAY = [
  'CNT-03',
  'CNT-15',
  'CNT-16',
  'CACHE-02',
  'CACHE-04',
  'MSG-01',
  'MSG-10',
  'RPC-01',
  'RPC-14',
  'ROB-06',
];
const SELECTION = ['MSG', 'RPC', 'CNT', 'CACHE', 'ROB-06', 'ROB-08', 'TIME-07'];

describe('a host that is not fresh and has no controls', () => {
  let lab: LabHost;
  let target: Target;
  let others: Others;

  beforeEach(async () => {
    lab = await startLabHost({ seed: 5 });
    target = await openTarget({ address: `127.0.0.1:${lab.port}` });
    others = new Others(target);
  });

  afterEach(async () => {
    await others.stop();
    await target.close();
    await lab.close();
  });

  it('that holds 50 still shows all that goes by the count it finds', async () => {
    await others.ask(60);
    const run = await runOn(target, { ids: SELECTION });
    expect(idsWith('failed', run)).to.deep.equal([]);
    expect(idsWith('passed', run)).to.include.members(ANYWAY);
    const first = run.results.find(({ id }) => id === 'CNT-09')!;
    expect(first.outcome).to.equal('inconclusive');
    expect(first.reason).to.match(/^the host counts 50 machines, this needs at most 22/);
    const renewal = run.results.find(({ id }) => id === 'CNT-15')!;
    expect(renewal.notes).to.deep.equal(['checked from the 50 machines on that the host counted before']);
  });

  it('that holds 12 shows what has places left', async () => {
    await others.ask(12);
    const run = await runOn(target, { ids: SELECTION });
    expect(idsWith('failed', run)).to.deep.equal([]);
    expect(idsWith('passed', run)).to.include.members([...ANYWAY, 'CNT-05', 'CNT-07', 'CNT-13', 'RPC-19']);
    expect(idsWith('inconclusive', run)).to.include.members(['CNT-08', 'CACHE-01', 'CACHE-03']);
    expect(idsWith('untestable', run)).to.include.members(['CACHE-07', 'CACHE-11', 'CACHE-12', 'MSG-07']);
  });

  it('that is full of Office machines still shows that they are counted apart', async () => {
    await others.ask(12, 'office2010');
    const run = await runOn(target, { ids: ['CNT-14'] });
    expect(idsWith('passed', run)).to.deep.equal(['CNT-14']);
  });

  for (const keyGroup of KEY_GROUPS) {
    it(`whose key is of ${keyGroup}, which nobody told, is judged by what it grants`, async () => {
      const keyed = await startLabHost({ keyGroup });
      const unknown = await openTarget({ address: `127.0.0.1:${keyed.port}` });
      try {
        const run = await runOn(unknown, { ids: SELECTION });
        expect(idsWith('failed', run)).to.deep.equal([]);
        expect(idsWith('passed', run)).to.include.members(['CNT-01', 'MSG-01', 'MSG-10', 'RPC-19', 'ROB-06']);
      } finally {
        await unknown.close();
        await keyed.close();
      }
    });
  }

  it('that grants Office only, and holds the 10 that it makes room for, is not failed', async () => {
    const office = await startLabHost({ keyGroup: 'office2010' });
    const full = await openTarget({ address: `127.0.0.1:${office.port}` });
    const machines = new Others(full);
    try {
      await machines.ask(12, 'office2010');
      const run = await runOn(full, { ids: SELECTION });
      expect(idsWith('failed', run)).to.deep.equal([]);
      const ndr64 = run.results.find(({ id }) => id === 'RPC-19')!;
      expect(ndr64.reason).to.match(/^the host counts 10 machines, this needs at most 7/);
    } finally {
      await machines.stop();
      await full.close();
      await office.close();
    }
  });

  it('that is new shows its first answer', async () => {
    const run = await runOn(target, { ids: ['CNT-01'] });
    expect(idsWith('passed', run)).to.deep.equal(['CNT-01']);
  });

  for (const [held, everyMs] of [
    [3, 5],
    [5, 40],
    [50, 10],
  ] as const) {
    it(`that holds ${held} and serves others every ${everyMs} ms is never failed`, async () => {
      await others.ask(held);
      others.start(everyMs);
      const run = await runOn(target, { ids: SELECTION });
      expect(run.results.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([]);
      expect(run.ended.how).to.equal('complete');
      expect(idsWith('passed', run)).to.include.members(['MSG-01', 'RPC-01', 'RPC-14']);
    });
  }

  it('that miscounts is failed all the same', async () => {
    const faulty = await startLabHost({ faults: ['counts-every-request'] });
    const wrong = await openTarget({ address: `127.0.0.1:${faulty.port}` });
    try {
      const run = await runOn(wrong, { ids: ['CNT-03'] });
      expect(idsWith('failed', run)).to.deep.equal(['CNT-03']);
    } finally {
      await wrong.close();
      await faulty.close();
    }
  });

  it('that takes signed requests only is not judged without its key', async () => {
    const strict = await startLabHost({ checkMac: true });
    const unknown = await openTarget({ address: `127.0.0.1:${strict.port}` });
    try {
      const run = await runOn(unknown, { ids: ['MSG-01', 'CNT-01', 'RPC-03', 'ROB-08'] });
      expect(idsWith('passed', run)).to.deep.equal(['RPC-03']);
      expect(idsWith('inconclusive', run)).to.deep.equal(['MSG-01', 'CNT-01', 'ROB-08']);
      expect(run.results[0]!.reason).to.match(/--mac-key/);
    } finally {
      await unknown.close();
      await strict.close();
    }
  });

  it('that a restart empties is emptied by it', async () => {
    const restartable: Target = { ...target, controls: { restart: () => lab.controls.restart() } };
    await others.ask(30);
    const run = await runOn(restartable, { ids: ['CNT-01', 'CNT-09', 'CACHE-01', 'CACHE-12'] });
    expect(idsWith('passed', run)).to.deep.equal(['CNT-01', 'CNT-09', 'CACHE-01', 'CACHE-12']);
  });
});
