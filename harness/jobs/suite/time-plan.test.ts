import { expect } from 'chai';
import type { Needs } from './needs';
import { Pace } from './pace';
import type { Scenario } from './scenario';
import { briefestFirst, estimateMs, keptFor, PLANNED_MS, TimePlan } from './time-plan';

const scenario = (id: string, needs: Needs): Scenario => ({
  entry: { id, level: 'MUST', title: 'is made for this test', sources: [] },
  needs,
  body: () => undefined,
});
function paceOf(eachMs: number, controlMs = 0): Pace {
  const pace = Object.assign(new Pace(15_000), { measuredMs: eachMs });
  pace.tookControl('reset', controlMs);
  return pace;
}
const never = () => false;

describe('the time that a run takes', () => {
  const brief = Array.from({ length: 20 }, (_, i) => scenario(`BRIEF-${i}`, { parallel: true }));
  const many = scenario('MANY-01', { adds: 2000 });
  const life = scenario('LIFE-02', { adds: 60, requests: 1600, clock: true, clockSteps: 80 });

  it('is reckoned by what an answer and a control cost', () => {
    expect(estimateMs(many, paceOf(1000))).to.equal(2_006_000);
    expect(estimateMs(life, paceOf(20))).to.equal(32_000);
    expect(estimateMs(life, paceOf(0, 500))).to.equal(81 * 500);
    expect(estimateMs(brief[0]!, paceOf(1000, 500))).to.equal(6000);
  });

  it('is reckoned by what one answer takes, or by what it costs beside others where several are asked for at a time', () => {
    const pace = Object.assign(paceOf(80), { measuredAloneMs: 1200 });
    const several = scenario('MANY-02', { adds: 2000, severalAtATime: true });
    expect([many, several].map((one) => estimateMs(one, pace))).to.deep.equal([2006 * 1200, 2006 * 80]);
    for (let i = 0; i < 5; i++) pace.saw(100);
    expect(estimateMs(many, pace), 'the machine was busy while it was measured').to.equal(2006 * 100);
  });

  it('keeps some of it for what goes side by side behind the rest, at most half', () => {
    const pace = Object.assign(paceOf(300), { measuredAloneMs: 300 });
    const plan = new TimePlan(pace, never, 15_000, () => 0);
    plan.keptMs = keptFor(brief, pace);
    expect(plan.keptMs).to.equal(20 * 6 * 300);
    expect(plan.leavesOut(scenario('X-01', { requests: 700 }))).to.equal(null);
    expect(plan.leavesOut(scenario('X-02', { requests: 800 }))).to.match(
      /^left out: it takes about 4m at 300ms an answer, and 3m 54s of the run's 4m 30s are left for it;/,
    );
    expect(keptFor([...brief, many], pace)).to.equal(PLANNED_MS / 2);
    expect(keptFor(brief, paceOf(0))).to.equal(0);
  });

  it('leaves nothing out on a quick host, nor on one that takes 20 ms', () => {
    for (const pace of [paceOf(0), paceOf(20), paceOf(20, 100)]) {
      const plan = new TimePlan(pace, never, 15_000);
      for (const each of [many, life, ...brief]) expect(plan.leavesOut(each)).to.equal(null);
      expect(briefestFirst([many, ...brief], pace)).to.deep.equal([many, ...brief]);
    }
  });

  it('tells what would take too long with its estimate, and does what is brief first', () => {
    const pace = paceOf(1000, 200);
    const plan = new TimePlan(pace, never, 15_000, () => 0);
    expect(briefestFirst([many, life, ...brief], pace)).to.deep.equal([...brief, life, many]);
    for (const each of brief) expect(plan.leavesOut(each)).to.equal(null);
    expect(plan.leavesOut(many)).to.equal(
      "left out: it takes about 33m 27s at 1s an answer and 200ms a reset, and 4m 30s of the run's 4m 30s are left; --slow does it",
    );
    expect(plan.leavesOut(life)).to.match(/^left out: it takes about 26m 57s/);
  });

  it('is used up to its end, and by nothing that would go beyond it', () => {
    let nowMs = 7;
    const plan = new TimePlan(paceOf(1000), never, 15_000, () => nowMs);
    const minute = scenario('X-01', { requests: 60 });
    for (nowMs = 7; plan.leavesOut(minute) === null; nowMs += 1000);
    expect(nowMs - 7).to.be.within(PLANNED_MS - 61_000, PLANNED_MS - 59_000);
    expect(plan.leavesOut(brief[0]!)).to.equal(null);
    nowMs += 60_000;
    expect(plan.leavesOut(brief[0]!)).to.match(/^left out: it takes about 6s at 1s an answer, and 0ms of/);
  });

  it('ends on a quick host too where it is used up', () => {
    let nowMs = 0;
    const plan = new TimePlan(paceOf(0), never, 15_000, () => nowMs);
    expect(plan.leavesOut(many)).to.equal(null);
    nowMs = PLANNED_MS + 1;
    expect(plan.leavesOut(many)).to.match(
      /^left out: it takes about 0ms, and 0ms of the run's 4m 30s are left/,
    );
  });

  it('leaves out nothing that was asked for whatever it takes', () => {
    const plan = new TimePlan(paceOf(1000), (one) => one === many, 15_000);
    expect(plan.leavesOut(many)).to.equal(null);
    expect(plan.leavesOut(life)).to.not.equal(null);
  });

  it('tells what a host that takes so long cannot answer in time', () => {
    const overlapping = scenario('CNT-17', { adds: 64, together: 64 });
    const plan = new TimePlan(paceOf(1000), () => true, 15_000);
    expect(plan.leavesOut(overlapping)).to.equal(
      'needs 64 answers at the same time: the host takes 1s over each, the last would come after 1m 4s (--timeout)',
    );
    expect(new TimePlan(paceOf(20), never, 15_000).leavesOut(overlapping)).to.equal(null);
  });
});

describe('the pace of a host', () => {
  it('is not measured while it is quick', async () => {
    const pace = new Pace(15_000);
    pace.saw(9);
    await pace.measure(() => Promise.reject(new Error('asked')));
    expect([pace.eachMs, pace.atOnce]).to.deep.equal([0, 64]);
  });

  for (const [what, inTurn] of [
    ['one call at a time', true],
    ['calls beside one another', false],
  ] as const) {
    it(`is that of a host which answers ${what}`, async () => {
      let free: Promise<unknown> = Promise.resolve();
      const take = () => new Promise((resolve) => setTimeout(resolve, 40));
      const ask = (): Promise<unknown> => (inTurn ? (free = free.then(take)) : take());
      const pace = new Pace(600);
      pace.saw(40);
      await pace.measure(ask);
      if (inTurn) expect(pace.eachMs).to.be.within(35, 400);
      else expect(pace.eachMs).to.be.within(8, 39);
      expect(pace.atOnce).to.equal(Math.max(1, Math.floor(200 / pace.eachMs)));
    });
  }

  it('looks no slower than most of the last answers, nor quick by one of them', () => {
    const pace = Object.assign(new Pace(15_000), { measuredMs: 400 });
    expect(pace.eachMs).to.equal(400);
    for (const latencyMs of [600, 3, 500]) pace.saw(latencyMs);
    expect(pace.eachMs).to.equal(400);
    for (const latencyMs of [4, 4]) pace.saw(latencyMs);
    expect(pace.eachMs, 'the machine was busy while it was measured').to.equal(4);
  });

  it('looks no quicker for what is answered by a fault or a refusal at once', () => {
    const pace = Object.assign(new Pace(15_000), { measuredMs: 300 });
    for (let i = 0; i < 40; i++) pace.saw(1, false);
    expect(pace.eachMs).to.equal(300);
    pace.saw(310);
    expect([pace.eachMs, pace.slowestMs]).to.deep.equal([300, 310]);
  });

  it('gives a reaction the time that the answers before it take', () => {
    const pace = Object.assign(new Pace(15_000), { measuredMs: 300 });
    expect(pace.patienceMs).to.equal(1000);
    pace.saw(400);
    expect(pace.patienceMs).to.equal(1600);
    pace.sideBySide = 16;
    expect(pace.patienceMs, 'sixteen ask at once, and are answered in turn').to.equal(9600);
    pace.measuredMs = 1000;
    pace.saw(1500);
    pace.saw(1500);
    expect(pace.patienceMs, 'no longer than the time to live').to.equal(15_000);
  });

  it('is that of the last answers', () => {
    const pace = new Pace(15_000);
    pace.saw(9000);
    for (let i = 0; i < 32; i++) pace.saw(i);
    expect(pace.slowestMs).to.equal(31);
  });

  it('holds what a control costs, each for itself, by the quickest of its last uses', async () => {
    const pace = new Pace(15_000);
    expect(pace.controlMs('reset')).to.equal(0);
    pace.tookControl('reset', 5000);
    expect(pace.controlMs('advanceClock'), 'not used yet').to.equal(5000);
    for (const tookMs of [90, 2]) pace.tookControl('advanceClock', tookMs);
    expect([pace.controlMs('reset'), pace.controlMs('advanceClock')]).to.deep.equal([5000, 2]);
    for (let i = 0; i < 4; i++) pace.tookControl('advanceClock', 70);
    expect(pace.controlMs('advanceClock'), 'it has become slower').to.equal(70);
    expect(await pace.control('restart', () => Promise.resolve(7))).to.equal(7);
    expect(pace.controlMs('restart')).to.be.below(5000);
  });
});
