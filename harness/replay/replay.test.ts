import { expect } from 'chai';
import { join } from 'node:path';
import { type Answer, type Exchange, type KmsResponse, LAB_KEY, createMac, verifyMac } from '../../protocol';
import { response, scriptedHost } from '../client/testing/scripted-host';
import { VirtualClock } from '../clock';
import { DEFAULT_PROFILE } from '../model/profile';
import { packageRoot } from '../package-root';
import { Random } from '../random';
import { type LabHostOptions, startLabHost } from '../lab-host';
import { openTarget, type Target } from '../target';
import {
  acceptedNdr64,
  beganFresh,
  compareAnswers,
  type ComparisonSetting,
  type Conversations,
  describeExpected,
  Freshener,
  parseFilter,
  parseTiming,
  readConversations,
  recordedKeyGroup,
  replay,
  type ReplayOptions,
  type ReplayOutcome,
  replaySection,
  ReplayUsageError,
  trajectorySection,
} from '.';

const capture = (name: string): Promise<Conversations> =>
  readConversations(join(packageRoot(), 'captures/corpus', `${name}.pcap`));

/** Recorded counts, as the provenance of the captures gives them. */
const COUNTS: Record<string, number[]> = {
  'v4-threshold-clients': Array.from({ length: 30 }, (_, i) => i + 1),
  'v4-mixed-growth': [
    ...Array.from({ length: 10 }, (_, i) => i + 1),
    ...Array<number>(5).fill(10),
    ...Array.from({ length: 40 }, (_, i) => i + 11),
    ...Array<number>(10).fill(50),
  ],
  'v4-one-connection-ndr64': Array.from({ length: 12 }, (_, i) => i + 1),
};

const countOf = (answer: Answer | null | undefined): number | null =>
  answer?.kind === 'response' ? answer.value.currentClientCount : null;

describe('replay', () => {
  let target: Target | null = null;
  afterEach(async () => {
    await target?.close();
    target = null;
  });

  /** Replays to a fresh embedded host. */
  async function replayed(
    { exchanges, conversations }: Conversations,
    options: Partial<ReplayOptions> = {},
    raw = false,
  ): Promise<ReplayOutcome> {
    const keyGroup = recordedKeyGroup(exchanges) ?? 'any';
    target = await openTarget({
      lab: { keyGroup, ...(raw ? { ndr64: acceptedNdr64(conversations.values()) } : {}) },
    });
    const common = { exchanges, target, keyGroup, targetIsFresh: true };
    return replay({ ...common, raw: raw ? conversations : undefined, ...options });
  }

  for (const [name, counts] of Object.entries(COUNTS)) {
    for (const [mode, options, raw] of [
      ['as recorded', {}, false],
      ['byte by byte', {}, true],
      ['a connection each', { connections: 'each' }, false],
      ['on one connection', { connections: 'one' }, false],
    ] as [string, Partial<ReplayOptions>, boolean][]) {
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
    const { exchanges } = await capture('v4-threshold-clients');
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
    expect(recordedKeyGroup(recorded.exchanges)).to.equal('r2-c');
    const { rows } = await replayed(recorded);
    expect(rows.map(({ comparison }) => [comparison.verdict, ...comparison.equal])).to.deep.equal(
      Array<string[]>(3).fill(['agrees', 'hresult']),
    );
  });

  it('tells what a host with another key answers otherwise', async () => {
    const recorded = await capture('v4-refused');
    target = await openTarget();
    const { rows } = await replay({
      exchanges: recorded.exchanges,
      target,
      keyGroup: 'any',
      targetIsFresh: true,
    });
    expect(rows.map(({ comparison }) => comparison.verdict)).to.deep.equal(['differs', 'differs', 'agrees']);
    expect(rows[0]!.comparison.mustNotDiffer[0]!.reason).to.contain('--key-group');
    const section = replaySection('c.pcap', 'messages', rows, []);
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
    const { exchanges } = await capture('v4-threshold-clients');
    target = await openTarget();
    const later = exchanges.slice(10);
    expect(beganFresh(later, DEFAULT_PROFILE, 'any')).to.equal(false);
    const { rows } = await replay({ exchanges: later, target, keyGroup: 'any', targetIsFresh: true });
    expect(rows.every(({ comparison }) => comparison.verdict === 'agrees')).to.equal(true);
    const count = rows[0]!.comparison.mayDiffer.find(({ path }) => path === 'currentClientCount');
    expect(count).to.include({ recorded: '11', answered: '1' });
    expect(count!.reason).to.equal('the recorded host had counted other machines before');
    const again = await replay({ exchanges, target, keyGroup: 'any', targetIsFresh: false });
    const first = again.rows[0]!.comparison.mayDiffer.find(({ path }) => path === 'currentClientCount');
    expect(first!.reason).to.equal('the target may have counted other machines before');
    const { firstDifference, points, capacity } = trajectorySection(again.rows);
    expect(firstDifference?.index).to.equal(0);
    expect(capacity).to.equal(50);
    expect(points[0]).to.include({ recorded: 1, answered: 21, expected: 1, sent: 'client 1' });
  });

  describe('to a host of another process, without controls', () => {
    /** Asks a lab host that counted what `before` sent. */
    async function replayedTo(
      name: string,
      lab: LabHostOptions,
      before: readonly Exchange[] = [],
    ): Promise<ReplayOutcome> {
      const host = await startLabHost(lab);
      try {
        target = await openTarget({ address: `127.0.0.1:${host.port}` });
        const common = { target, keyGroup: 'any' as const, targetIsFresh: false };
        if (before.length > 0) await replay({ ...common, exchanges: before, fresh: new Random(99) });
        const { exchanges } = await capture(name);
        return await replay({ ...common, exchanges, fresh: new Random(5) });
      } finally {
        await host.close();
      }
    }
    const verdicts = ({ rows }: ReplayOutcome): number[] =>
      ['agrees', 'differs', 'not-comparable'].map(
        (verdict) => rows.filter(({ comparison }) => comparison.verdict === verdict).length,
      );

    it('tells a count that is lower than any history leaves', async () => {
      const outcome = await replayedTo('v4-mixed-growth', { faults: ['cap-49'] });
      expect(verdicts(outcome)).to.deep.equal([54, 11, 0]);
      const { comparison } = outcome.rows.at(-1)!;
      expect(comparison.mustNotDiffer).to.have.length(1);
      expect(comparison.mustNotDiffer[0]).to.include({
        path: 'currentClientCount',
        recorded: '50',
        answered: '49',
      });
      expect(comparison.mustNotDiffer[0]!.reason).to.contain('fewer than the 50');
      expect(describeExpected(outcome.rows.at(-1)!)).to.equal('50');
    });

    it('judges a fresh one as fresh, and expects what it answers', async () => {
      const outcome = await replayedTo('v4-mixed-growth', {});
      expect(verdicts(outcome)).to.deep.equal([65, 0, 0]);
      expect(outcome.rows.map(describeExpected)).to.deep.equal(COUNTS['v4-mixed-growth']!.map(String));
    });

    it('lets one that has counted others answer more, and says from which count on', async () => {
      const { exchanges } = await capture('v4-threshold-clients');
      const outcome = await replayedTo('v4-mixed-growth', {}, exchanges.slice(0, 7));
      expect(verdicts(outcome)).to.deep.equal([65, 0, 0]);
      expect(outcome.rows[0]!.comparison.mayDiffer.map(({ path }) => path)).to.include('currentClientCount');
      expect(describeExpected(outcome.rows[0]!)).to.equal('≥ 1');
      const low = await replayedTo('v4-mixed-growth', { faults: ['cap-49'] }, exchanges.slice(0, 7));
      expect(verdicts(low)[1]).to.equal(11);
    });

    it('does not judge one that began as a fresh one and answers more', async () => {
      const outcome = await replayedTo('v4-mixed-growth', { faults: ['cap-51'] });
      expect(verdicts(outcome)).to.deep.equal([55, 0, 10]);
      expect(outcome.rows.at(-1)!.comparison.note).to.match(/answers 51 instead of 50/);
    });
  });

  it('goes on over hosts that close after an answer, and stops at one that is gone', async () => {
    const recorded = await capture('v4-one-connection-ndr64');
    let count = 0;
    const host = await scriptedHost(async (peer, index) => {
      if (index === 3) return void peer.socket.destroy();
      const call = await peer.bound();
      if (call !== null) peer.send(response(call, ++count));
      peer.socket.end();
    });
    target = await openTarget({ address: `127.0.0.1:${host.port}`, timeoutMs: 2000 });
    const options = { exchanges: recorded.exchanges, target, keyGroup: 'any' as const, targetIsFresh: false };
    const { rows, ended } = await replay({ ...options, exchanges: recorded.exchanges.slice(0, 4) });
    expect(ended).to.equal('complete');
    expect(rows.map(({ answered }) => countOf(answered?.answer))).to.deep.equal([1, 2, 3, null]);
    expect(rows[3]!.comparison.verdict).to.equal('differs');
    await host.close();
    const gone = await replay(options);
    expect([gone.ended, gone.rows.length]).to.deep.equal(['target-unreachable', 1]);
    expect(gone.rows[0]!.failure!.kind).to.equal('refused');
  });

  it('ends when it is interrupted', async () => {
    const interruption = new AbortController();
    const { exchanges } = await capture('v4-threshold-clients');
    target = await openTarget({ signal: interruption.signal });
    const onRow = (row: { recorded: Exchange }): void => {
      if (row.recorded.index === 4) interruption.abort();
    };
    const options = { exchanges, target, keyGroup: 'any' as const, targetIsFresh: true };
    const { rows, ended } = await replay({ ...options, signal: interruption.signal, onRow });
    expect([rows.length, ended]).to.deep.equal([5, 'interrupted']);
  });

  describe('comparison', () => {
    const value: KmsResponse = {
      minorVersion: 0,
      majorVersion: 4,
      ePidSize: 4,
      ePid: 'a',
      clientMachineId: '00000000-0000-0000-0000-000000000001',
      requestTime: 7n,
      currentClientCount: 3,
      activationIntervalMinutes: 120,
      renewalIntervalMinutes: 10080,
      mac: new Uint8Array(16),
    };
    const setting: ComparisonSetting = {
      sameHistory: true,
      historyReason: 'history',
      embedded: false,
      sent: null,
      intervals: {},
    };
    const answer = (fields: Partial<KmsResponse> = {}): Answer => ({
      kind: 'response',
      bytes: new Uint8Array(0),
      value: { ...value, ...fields },
    });
    const fields: [string, Partial<KmsResponse>, Partial<ComparisonSetting>, 'may' | 'must not'][] = [
      ['ePid', { ePid: 'b' }, {}, 'may'],
      ['mac', { mac: new Uint8Array(16).fill(1) }, {}, 'may'],
      ['currentClientCount', { currentClientCount: 4 }, {}, 'must not'],
      ['currentClientCount', { currentClientCount: 4 }, { sameHistory: false }, 'may'],
      ['clientMachineId', { clientMachineId: '00000000-0000-0000-0000-000000000002' }, {}, 'must not'],
      ['requestTime', { requestTime: 8n }, {}, 'must not'],
      ['activationIntervalMinutes', { activationIntervalMinutes: 60 }, {}, 'must not'],
      [
        'activationIntervalMinutes',
        { activationIntervalMinutes: 60 },
        { intervals: { activationMinutes: 60 } },
        'may',
      ],
      [
        'renewalIntervalMinutes',
        { renewalIntervalMinutes: 60 },
        { intervals: { activationMinutes: 60 } },
        'must not',
      ],
      ['majorVersion', { majorVersion: 5 }, {}, 'must not'],
    ];
    for (const [path, changed, changedSetting, verdict] of fields) {
      it(`${path} ${verdict} differ${Object.keys(changedSetting).length > 0 ? ` with ${JSON.stringify(changedSetting)}` : ''}`, () => {
        const { mayDiffer, mustNotDiffer, equal } = compareAnswers(answer(), answer(changed), {
          ...setting,
          ...changedSetting,
        });
        const [found, other] = verdict === 'may' ? [mayDiffer, mustNotDiffer] : [mustNotDiffer, mayDiffer];
        expect(found.map((one) => one.path)).to.deep.equal([path]);
        expect(found[0]!.reason).to.not.equal('');
        expect(other).to.deep.equal([]);
        expect(equal).to.have.length(9).and.not.include(path);
      });
    }

    it('tells answers of another kind, other codes, and a stale client time', () => {
      const refusal: Answer = { kind: 'refusal', hresult: 0xc004f042 };
      const stale: Answer = { kind: 'refusal', hresult: 0xc004f06c };
      const fault: Answer = { kind: 'fault', status: 5 };
      expect(compareAnswers(answer(), refusal, setting).verdict).to.equal('differs');
      expect(compareAnswers(refusal, refusal, setting).verdict).to.equal('agrees');
      expect(compareAnswers(refusal, stale, setting).mustNotDiffer[0]).to.include({ path: 'hresult' });
      expect(compareAnswers(fault, { kind: 'fault', status: 6 }, setting).mustNotDiffer[0]).to.include({
        path: 'status',
      });
      expect(compareAnswers(answer(), stale, setting).note).to.contain('--fresh');
    });
  });

  describe('filters', () => {
    const chosen = async (text: string, name = 'v4-mixed-growth'): Promise<number[]> => {
      const { exchanges } = await capture(name);
      return exchanges.filter(parseFilter(text)).map(({ index }) => index);
    };

    it('choose by index, stream, CMID, product and version', async () => {
      expect(await chosen('0-2,5')).to.deep.equal([0, 1, 2, 5]);
      expect(await chosen('index=63-')).to.deep.equal([63, 64]);
      expect(await chosen('stream=4')).to.have.length(1);
      expect(await chosen('product=r2-b index=0-20')).to.have.length(15);
      expect(await chosen('product=vista')).to.have.length(45);
      expect(await chosen('version=4,5')).to.have.length(65);
      expect(await chosen('version=5', 'v5')).to.have.length(5);
      const { exchanges } = await capture('v4-mixed-growth');
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

  it('reads timings', () => {
    expect([
      parseTiming('recorded'),
      parseTiming('fast'),
      parseTiming('x10'),
      parseTiming('x0.5'),
    ]).to.deep.equal([1, Infinity, 10, 0.5]);
    for (const text of ['', 'x', 'x0', 'x-1', '10', 'slow', 'x1e9']) {
      expect(() => parseTiming(text), text).to.throw(ReplayUsageError, /expected recorded, fast, or xN/);
    }
  });
});
