import { expect } from 'chai';
import { type Exchange, LAB_KEY, createMac, verifyMac } from '../../../protocol';
import { response, scriptedHost } from '../../client/testing/scripted-host';
import { VirtualClock } from '../../support/clock';
import { DEFAULT_PROFILE } from '../../model/profile';
import { Random } from '../../support/random';
import { openTarget, type Target } from '../../target';
import {
  beganFresh,
  type Conversations,
  Freshener,
  recordedKeyGroup,
  type ReplayExchangesOptions,
  type ReplayOutcome,
  type ReplayRow,
  replaySection,
  trajectorySection,
} from '.';
import { COUNTS, capture, captured, countOf, exchangesOf, replayedRows } from './testing/captures';

describe('replay', () => {
  let target: Target | null = null;
  afterEach(async () => {
    await target?.close();
    target = null;
  });

  /** Replays to a fresh embedded host. */
  async function replayed(
    recording: Conversations,
    options: Partial<ReplayExchangesOptions> = {},
    raw = false,
  ): Promise<ReplayOutcome & { readonly rows: readonly ReplayRow[] }> {
    const keyGroup = recording.keyGroup ?? 'any';
    target = await openTarget({
      lab: { keyGroup, ...(raw ? { ndr64: recording.acceptedNdr64 } : {}) },
    });
    const common = { exchanges: recording, target, keyGroup, targetIsFresh: true };
    return replayedRows({ ...common, raw: raw ? recording.requests() : undefined, ...options });
  }

  for (const [name, counts] of Object.entries(COUNTS)) {
    for (const [mode, options, raw] of [
      ['as recorded', {}, false],
      ['byte by byte', {}, true],
      ['a connection each', { connections: 'each' }, false],
      ['on one connection', { connections: 'one' }, false],
    ] as [string, Partial<ReplayExchangesOptions>, boolean][]) {
      it(`finds that every answer of ${name} agrees but for ePID and MAC, ${mode}`, async () => {
        const { rows, ended } = await replayed(await capture(name), options, raw);
        expect(ended).to.equal('complete');
        expect(rows.map(({ answered }) => countOf(answered?.answer))).to.deep.equal(counts);
        for (const { comparison, expected, recorded } of rows) {
          expect(comparison.verdict, `exchange ${recorded.index}`).to.equal('agrees');
          expect(comparison.mayDiffer.map(({ path }) => path)).to.deep.equal(['ePid', 'mac']);
          expect(expected?.kind === 'count' && expected.count).to.equal(countOf(recorded.answer));
        }
      });
    }
  }

  it('sends new CMIDs and times, one to one, so that counts stay', async () => {
    const recorded = await capture('v4-mixed-growth');
    const { rows } = await replayed(recorded, { fresh: new Random(5) });
    const sent = rows.map(({ answered }) => answered!.request.content);
    const cmids = sent.map((content) => (content.kind === 'clear' ? content.value.clientMachineId : ''));
    const before = rows.map(({ recorded: { request } }) =>
      request.content.kind === 'clear' ? request.content.value.clientMachineId : '',
    );
    expect(new Set(cmids).size).to.equal(new Set(before).size);
    expect(cmids.filter((cmid) => before.includes(cmid))).to.deep.equal([]);
    expect(rows.every(({ comparison }) => comparison.verdict === 'agrees')).to.equal(true);
    expect(rows[0]!.comparison.mayDiffer.map(({ path }) => path)).to.deep.equal([
      'ePid',
      'clientMachineId',
      'requestTime',
      'mac',
    ]);
  });

  it('keeps repeats as repeats, and signs', async () => {
    const exchanges = await captured('v4-threshold-clients');
    const freshener = new Freshener(new Random(1), new VirtualClock(0), createMac(LAB_KEY));
    const [a, b, again] = [exchanges[0]!, exchanges[1]!, exchanges[0]!].map((one) => freshener.freshen(one));
    expect(a).to.deep.equal(again);
    expect(a).to.not.deep.equal(b);
    expect(verifyMac(a!, createMac(LAB_KEY))).to.equal(true);
    // 1970-01-01 as FILETIME.
    expect(Buffer.from(a!).readBigUInt64LE(84)).to.equal(116_444_736_000_000_000n);
  });

  it('gives the embedded host a key that explains recorded refusals', async () => {
    const recorded = await capture('v4-refused');
    expect(recorded.keyGroup).to.equal('r2-c');
    expect(recordedKeyGroup(await exchangesOf(recorded))).to.equal('r2-c');
    const { rows } = await replayed(recorded);
    expect(rows.map(({ comparison }) => [comparison.verdict, ...comparison.equal])).to.deep.equal(
      Array<string[]>(3).fill(['agrees', 'hresult']),
    );
  });

  it('tells what a host with another key answers otherwise', async () => {
    target = await openTarget();
    const { rows, tally } = await replayedRows({
      exchanges: await capture('v4-refused'),
      target,
      keyGroup: 'any',
      targetIsFresh: true,
    });
    expect(rows.map(({ comparison }) => comparison.verdict)).to.deep.equal(['differs', 'differs', 'agrees']);
    expect(rows[0]!.comparison.mustNotDiffer[0]!.reason).to.contain('--key-group');
    const section = replaySection('c.pcap', 'messages', tally, []);
    expect(section.exchanges[0]!.evidence!.map(({ direction }) => direction)).to.deep.equal([
      'sent',
      'received',
      'received',
    ]);
    expect(section.exchanges[2]!.evidence).to.equal(undefined);
  });

  for (const name of ['v5', 'v6']) {
    it(`sends ${name} verbatim, and does not call the lab host's refusal a verdict`, async () => {
      const recorded = await capture(name);
      const { rows } = await replayed(recorded);
      for (const { comparison, answered, recorded: before } of rows) {
        expect(answered!.request.bytes).to.deep.equal(before.request.bytes);
        expect(answered!.answer).to.deep.equal({ kind: 'refusal', hresult: 0x8007000d });
        expect(comparison.verdict).to.equal('not-comparable');
        expect(comparison.note).to.contain('has no key for versions 5.0 and 6.0');
      }
    });
  }

  it('lets counts differ where the histories do, and says why', async () => {
    const exchanges = await captured('v4-threshold-clients');
    target = await openTarget();
    const later = exchanges.slice(10);
    expect(beganFresh(later, DEFAULT_PROFILE, 'any')).to.equal(false);
    const { rows } = await replayedRows({
      exchanges: later,
      target,
      keyGroup: 'any',
      targetIsFresh: true,
    });
    expect(rows.every(({ comparison }) => comparison.verdict === 'agrees')).to.equal(true);
    const count = rows[0]!.comparison.mayDiffer.find(({ path }) => path === 'currentClientCount');
    expect(count).to.include({ recorded: '11', answered: '1' });
    expect(count!.reason).to.equal('the recorded host had counted other machines before');
    const again = await replayedRows({ exchanges, target, keyGroup: 'any', targetIsFresh: false });
    const first = again.rows[0]!.comparison.mayDiffer.find(({ path }) => path === 'currentClientCount');
    expect(first!.reason).to.equal('the target may have counted other machines before');
    const { firstDifference, points, capacity } = trajectorySection(again.tally);
    expect(firstDifference?.index).to.equal(0);
    expect(capacity).to.equal(50);
    expect(points[0]).to.include({ recorded: 1, answered: 21, expected: 1, sent: 'client 1' });
  });

  it('goes on over hosts that close after an answer, and stops at one that is gone', async () => {
    const exchanges = await captured('v4-one-connection-ndr64');
    let count = 0;
    const host = await scriptedHost(async (peer, index) => {
      if (index === 3) return void peer.socket.destroy();
      const call = await peer.bound();
      if (call !== null) peer.send(response(call, ++count));
      peer.socket.end();
    });
    target = await openTarget({ address: `127.0.0.1:${host.port}`, timeoutMs: 2000 });
    const options = { exchanges, target, keyGroup: 'any' as const, targetIsFresh: false };
    const { rows, ended } = await replayedRows({ ...options, exchanges: exchanges.slice(0, 4) });
    expect(ended).to.equal('complete');
    expect(rows.map(({ answered }) => countOf(answered?.answer))).to.deep.equal([1, 2, 3, null]);
    expect(rows[3]!.comparison.verdict).to.equal('differs');
    await host.close();
    const gone = await replayedRows(options);
    expect([gone.ended, gone.rows.length]).to.deep.equal(['target-unreachable', 1]);
    expect(gone.rows[0]!.failure!.kind).to.equal('refused');
  });

  it('ends when it is interrupted', async () => {
    const interruption = new AbortController();
    const exchanges = await captured('v4-threshold-clients');
    target = await openTarget({ signal: interruption.signal });
    const onRow = (row: { recorded: Exchange }): void => {
      if (row.recorded.index === 4) interruption.abort();
    };
    const options = { exchanges, target, keyGroup: 'any' as const, targetIsFresh: true };
    const { rows, ended } = await replayedRows({ ...options, signal: interruption.signal, onRow });
    expect([rows.length, ended]).to.deep.equal([5, 'interrupted']);
  });
});
