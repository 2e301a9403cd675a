import { expect } from 'chai';
import { filetimeFromUnixMs } from '../../../protocol';
import { type Correlation, correlate } from './correlate';
import { countVerdicts, formatCorrelation } from './format-correlation';
import { parseEventLog } from './read-log';
import type { SeenRequest } from './requests';
import { lineOf, madeRequests, type MadeRequest } from './testing/made-requests';

const HOUR = 60;
const DAY = 24 * HOUR;
const [BASE] = madeRequests(1) as [MadeRequest];

const at = (minutes: number, changes: Partial<MadeRequest> = {}): MadeRequest => ({
  ...BASE,
  ...changes,
  minute: BASE.minute + minutes,
});

const seenOf = (request: MadeRequest, i: number, answered = true): SeenRequest => ({
  where: `exchange ${i}`,
  hresult: answered ? request.hresult : null,
  requiredClientCount: request.required,
  workstationName: request.name,
  clientMachineId: request.cmid,
  requestTime: filetimeFromUnixMs(request.minute * 60_000 + 30_000),
  minute: request.minute,
  capturedMinute: request.minute,
  isVirtualMachine: request.isVirtual,
  licenseStatus: request.status,
  bindingExpirationMinutes: request.minutesLeft,
  skuId: request.sku,
});

/** @param ahead minutes by which the log writes each event's time ahead of UTC */
function held(
  seen: readonly SeenRequest[],
  logged: readonly MadeRequest[],
  ahead: (minute: number) => number = () => 0,
): Correlation {
  const lines = logged.map((request) =>
    lineOf({ ...request, minute: request.minute + ahead(request.minute) }),
  );
  return correlate(seen, parseEventLog(Buffer.from(lines.join('\n')), 'log'));
}

const correlated = (
  requests: readonly MadeRequest[],
  logged: readonly MadeRequest[],
  ahead?: (minute: number) => number,
) =>
  held(
    requests.map((request, i) => seenOf(request, i)),
    logged,
    ahead,
  );
const verdicts = ({ requests }: Correlation): string[] => requests.map(({ verdict }) => verdict);
const NONE = { logged: 0, loggedDifferently: 0, missed: 0, undecided: 0, unmatched: 0 };

describe('matching requests with events', () => {
  it('gives each request of a machine that asks often the event of its own', () => {
    const asked = Array.from({ length: 50 }, (_, i) => at(i * 120, { minutesLeft: 43_200 - i * 120 }));
    const result = correlated(asked, [...asked].reverse());
    expect(countVerdicts(result)).to.deep.equal({ ...NONE, logged: 50 });
    const lost = asked.filter((_, i) => i !== 20);
    const without = correlated(asked, lost);
    expect(countVerdicts(without)).to.deep.equal({ ...NONE, logged: 49, missed: 1 });
    expect(verdicts(without)[20]).to.equal('missed');
  });

  it('takes equal ones first, whatever their order', () => {
    const refused = { hresult: 0xc004f042 };
    const result = correlated([at(0), at(0, refused)], [at(0, refused), at(0)]);
    expect(countVerdicts(result)).to.deep.equal({ ...NONE, logged: 2 });
    const [known, open] = [seenOf(at(0, refused), 0), seenOf(at(0), 1, false)];
    for (const seen of [
      [known, open],
      [open, known],
    ]) {
      for (const logged of [
        [at(0), at(0, refused)],
        [at(0, refused), at(0)],
      ]) {
        expect(countVerdicts(held(seen, logged))).to.deep.equal({ ...NONE, logged: 2 });
      }
    }
  });

  it('tells two products of one machine apart', () => {
    const office = { sku: '6f327760-8c5c-417c-9b61-836a98287e0c', required: 5 };
    const result = correlated([at(0), at(0, office)], [at(0, office), at(0, { minutesLeft: 7 })]);
    expect(countVerdicts(result)).to.deep.equal({ ...NONE, logged: 1, loggedDifferently: 1 });
    expect(result.requests[0]!.differences.map(({ field }) => field)).to.deep.equal([
      'bindingExpirationMinutes',
    ]);
  });

  it('misses a request whose nearest event is days away', () => {
    const others = [
      at(-3 * DAY),
      at(0, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff', name: 'other' }),
      at(3 * DAY),
    ];
    expect(countVerdicts(correlated([at(0)], others))).to.deep.equal({ ...NONE, missed: 1, unmatched: 3 });
  });

  it('takes an event that differs in nothing but its time for the request’s own within four hours', () => {
    const frame = [
      at(-2 * DAY, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' }),
      at(2 * DAY, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' }),
    ];
    const late = correlated([at(0)], [...frame, at(3 * HOUR + 1)]);
    expect(late.requests[0]!.differences.map(({ field }) => field)).to.deep.equal(['requestTime']);
    const other = correlated([at(0)], [...frame, at(3 * HOUR + 1, { minutesLeft: 1 })]);
    expect(verdicts(other)).to.deep.equal(['missed']);
    const soon = correlated([at(0)], [...frame, at(5, { minutesLeft: 1 })]);
    expect(soon.requests[0]!.differences.map(({ field }) => field)).to.deep.equal([
      'requestTime',
      'bindingExpirationMinutes',
    ]);
  });
});

describe('a log in local time', () => {
  const asked = Array.from({ length: 12 }, (_, i) =>
    at(i * 20, { cmid: `d72b1ba1-9092-4185-8ba0-${String(i).padStart(12, '0')}` }),
  );

  for (const minutes of [-12 * HOUR, -210, 0, 60, 345, 14 * HOUR]) {
    it(`is found ${minutes} minutes ahead of UTC, among older events of each machine`, () => {
      const older = asked.map((request) => ({ ...request, minute: request.minute - 7 * DAY }));
      const result = correlated(asked, [...older, ...asked], () => minutes);
      expect(countVerdicts(result)).to.deep.equal({ ...NONE, logged: 12, unmatched: 12 });
      expect(result.offsets.map(({ offset }) => offset)).to.deep.equal([minutes]);
    });
  }

  it('may change its offset: summer time ends within the log, and is told', () => {
    const change = asked[7]!.minute;
    const result = correlated(asked, asked, (minute) => (minute < change ? 120 : 60));
    expect(countVerdicts(result)).to.deep.equal({ ...NONE, logged: 12 });
    expect(result.offsets).to.deep.equal([
      { offset: 120, from: asked[0]!.minute },
      { offset: 60, from: change },
    ]);
    expect(formatCorrelation(result, 0)).to.match(
      /in UTC\+02:00, from 2026\/11\/21 9:36 UTC in UTC\+01:00\n/,
    );
  });

  it('does not explain one request among others by a change', () => {
    const result = correlated(asked, asked, (minute) => (minute === asked[5]!.minute ? 60 : 0));
    expect(countVerdicts(result)).to.deep.equal({ ...NONE, logged: 11, loggedDifferently: 1 });
    expect(verdicts(result)[5]).to.equal('logged-differently');
  });

  it('is not taken for another zone where machines ask every two hours', () => {
    const often = Array.from({ length: 30 }, (_, i) => at(i * 120));
    expect(correlated(often, often).offsets.map(({ offset }) => offset)).to.deep.equal([0]);
    const missing = correlated(often, often.slice(1));
    expect(countVerdicts(missing).logged).to.equal(29);
  });

  it('has dates that can only be read when some of them have a day beyond the twelfth', () => {
    const early = { ...BASE, minute: Date.UTC(2026, 10, 5, 7, 16) / 60_000 };
    const late = at(0, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' });
    const lines = [early, late].map((request) =>
      lineOf(request, {
        time: (minute) =>
          new Date(minute * 60_000).toISOString().replace(/(\d+)-(\d+)-(\d+)T(\d+:\d+).*/, '$3/$2/$1 $4'),
      }),
    );
    const log = parseEventLog(Buffer.from(lines.join('\n')), 'log');
    expect([...log.events].map(({ clientMinute }) => clientMinute)).to.deep.equal([
      early.minute,
      late.minute,
    ]);
  });
});

describe('a log that does not tell', () => {
  it('leaves requests undecided where it holds nothing of their time', () => {
    const result = correlated([at(0), at(3)], [at(-7 * DAY), at(-6 * DAY)]);
    expect(countVerdicts(result)).to.deep.equal({ ...NONE, undecided: 2, unmatched: 2 });
    expect(formatCorrelation(result, 0))
      .to.contain('undecided: exchange 0')
      .and.to.contain(
        'the log holds requests from 2026/11/14 7:16 to 2026/11/15 7:16, the capture from 2026/11/21 7:16 to 2026/11/21 7:19',
      );
  });

  it('decides for the time that it covers, and for no other', () => {
    const others = (minutes: number): MadeRequest =>
      at(minutes, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' });
    const result = correlated([at(0), at(HOUR), at(5 * HOUR)], [others(-10), at(0), others(2 * HOUR)]);
    expect(verdicts(result)).to.deep.equal(['logged', 'missed', 'undecided']);
  });

  it('accuses nobody from before its first event, whatever the clocks of other clients say', () => {
    const other = { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' };
    const asked = Array.from({ length: 20 }, (_, i) =>
      at(i, { cmid: `d72b1ba1-9092-4185-8ba0-${String(i).padStart(12, '0')}` }),
    );
    const begun = asked.slice(12);
    const expected = { ...NONE, logged: 8, undecided: 12 };
    expect(countVerdicts(correlated(asked, begun))).to.deep.equal(expected);
    const slow = at(-90, other);
    const csv = [
      'TimeCreated;Id;Message',
      ...begun.map(
        (request) => `${new Date(request.minute * 60_000).toISOString()};12290;"${lineOf(request)}"`,
      ),
      `${new Date(asked[13]!.minute * 60_000).toISOString()};12290;"${lineOf(slow)}"`,
    ].join('\n');
    const seen = asked.map((request, i) => seenOf(request, i));
    expect(countVerdicts(correlate(seen, parseEventLog(Buffer.from(csv), 'log')))).to.deep.equal({
      ...expected,
      unmatched: 1,
    });
    // One client's clock is within the log's time: the capture says that it asked before.
    const ahead = { ...seenOf(at(15, other), 20), capturedMinute: BASE.minute };
    expect(verdicts(held([...seen, ahead], begun)).at(-1)).to.equal('undecided');
  });

  it('judges a client whose clock is wrong by the time of the capture, and lets no such event stretch what the log covers', () => {
    const wrong = { ...seenOf(at(-9000 * DAY), 0), capturedMinute: BASE.minute };
    const others = [
      at(-10, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' }),
      at(20, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' }),
    ];
    expect(verdicts(held([wrong], others))).to.deep.equal(['missed']);
    const row = (request: MadeRequest, loggedAt: number): string =>
      `${new Date(loggedAt * 60_000).toISOString()};12290;"${lineOf(request)}"`;
    const old = at(-30 * DAY, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' });
    const csv = [
      'TimeCreated;Id;Message',
      row(old, old.minute),
      row({ ...old, minute: BASE.minute + 400 * DAY }, old.minute + 9),
    ].join('\n');
    expect(verdicts(correlate([seenOf(at(0), 0)], parseEventLog(Buffer.from(csv), 'log')))).to.deep.equal([
      'undecided',
    ]);
  });

  it('misses no more than what cannot be among the events that could not be read', () => {
    const row = (text: string): string => `12290;"${text}"`;
    const log = (broken: number) =>
      parseEventLog(
        Buffer.from(
          ['Id;Message', row(lineOf(at(0))), ...Array.from({ length: broken }, () => row('cut'))].join('\n'),
        ),
        'log',
      );
    const seen = [at(0), at(1, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' })].map((request, i) =>
      seenOf(request, i),
    );
    expect(verdicts(correlate(seen, log(0)))).to.deep.equal(['logged', 'missed']);
    expect(verdicts(correlate(seen, log(1)))).to.deep.equal(['logged', 'undecided']);
    const more = [...seen, seenOf(at(2, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000fffe' }), 2)];
    expect(verdicts(correlate(more, log(1)))).to.deep.equal(['logged', 'missed', 'missed']);
  });

  it('accuses nobody for a time in a form that is not known', () => {
    const lines = [at(0), at(5, { cmid: 'd72b1ba1-9092-4185-8ba0-00000000ffff' })].map((request) =>
      lineOf(request, { time: () => 'heute morgen' }),
    );
    const log = parseEventLog(Buffer.from(lines.join('\n')), 'log');
    expect(log.warnings).to.deep.equal(['log, line 1: a client time in a form that is not known; 2 in all']);
    expect(verdicts(correlate([seenOf(at(0), 0)], log))).to.deep.equal(['logged']);
  });
});
