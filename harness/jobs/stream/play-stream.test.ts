import { expect } from 'chai';
import { HRESULT } from '../../../protocol';
import { type HostClient } from '../../client/host-client';
import { connectInProcess } from '../../lab-host/ask-in-process';
import { VirtualClock } from '../../support/clock';
import { createInProcessHost, type LabHostOptions } from '../../lab-host';
import { DEFAULT_PROFILE, PROFILES } from '../../model/profile';
import { parseStream } from './parse';
import { playStream, type PlayStreamOptions } from './play-stream';
import type { StreamEvent, StreamPoint } from './stream-event';
import { SegmentCollector } from './segments';
import { streamTable } from './table';
import { TrajectoryCollector } from './trajectory';

const clock = new VirtualClock(Date.UTC(2026, 0, 1));

function labHost(options: LabHostOptions = {}): HostClient {
  return connectInProcess(createInProcessHost({ clock, ...options }));
}

interface Outcome {
  readonly collector: TrajectoryCollector;
  readonly table: string[];
  readonly others: StreamEvent[];
  readonly points: StreamPoint[];
}

async function play(
  notation: string,
  host: HostClient,
  options: Partial<PlayStreamOptions> = {},
): Promise<Outcome> {
  const collector = new TrajectoryCollector();
  const segments = new SegmentCollector();
  const others: StreamEvent[] = [];
  const points: StreamPoint[] = [];
  const program = parseStream(notation);
  for await (const event of playStream({
    host,
    program,
    seed: 1,
    profile: DEFAULT_PROFILE,
    clock,
    ...options,
  })) {
    if (event.kind !== 'point') {
      others.push(event);
      continue;
    }
    collector.add(event.point);
    segments.add(event.point);
    points.push(event.point);
  }
  return { collector, table: streamTable(segments), others, points };
}

describe('a stream sent to a host', () => {
  it('agrees with the lab host, through waits, resets, clones and re-imaged machines', async () => {
    const notation =
      'server*15 client*45 renew(server)*5 virtual*3 wait(30d1m) client*2 clone reimage duplicate office2010*3 reset (vista server)*4 wait(1d) restart client*3 mix(servers=20%, renewals=40%, clones=5%, reimaged=5%)*500';
    const { collector, others } = await play(notation, labHost());
    expect(collector.firstDifference).to.equal(undefined);
    expect(collector.requests).to.equal(15 + 45 + 5 + 3 + 2 + 3 + 3 + 8 + 3 + 500);
    expect(others.map(({ kind }) => kind)).to.deep.equal(['control', 'control', 'control', 'control']);
  });

  it('agrees in the other profile too', async () => {
    const profile = PROFILES['vista-2008'];
    const { collector } = await play('vista*20 virtual*10 server*30 virtual*5', labHost({ profile }), {
      profile,
    });
    expect(collector.firstDifference).to.equal(undefined);
  });

  it('folds what goes alike into one line of the table', async () => {
    const { table } = await play('server*15 client*45 renew(server)*5', labHost());
    expect(table).to.deep.equal([
      'request  sent                   answered  model  places',
      '1–10     server 1–10            1…10      1…10   10',
      '11–15    server 11–15           10 ×5     10 ×5  10',
      '16–55    client 1–40            11…50     11…50  50',
      '56–60    client 41–45           50 ×5     50 ×5  50',
      '61–65    renewal of server 1–5  50 ×5     50 ×5  50',
    ]);
  });

  it('tells the first difference with the state of the model, and what the host seems to do', async () => {
    const profile = PROFILES['vista-2008'];
    const { collector, table } = await play('client*3 virtual client', labHost({ profile }));
    expect(collector.differences).to.equal(2);
    expect(collector.conclusive).to.equal(true);
    expect(collector.firstDifference).to.deep.equal({
      index: 3,
      message:
        'virtual 1 received 3, the model says 4: the host held 3 machines of 50 places, and this CMID was not among them, so that it adds one. The host answers as if this request were not counted.',
    });
    expect(table[2]).to.match(/^4 +virtual 1 +3 +4 +50 +<- differs$/);
  });

  it('calls a host that held machines before no fresh one', async () => {
    const host = labHost();
    await play('client*7', host, { seed: 99 });
    const { collector } = await play('client*3', host);
    expect(collector.firstDifference?.message).to.match(/it held 7 machines more: is it fresh\?$/);
  });

  it('stops at a wait where the clock cannot be set, and says that the rest is not checked', async () => {
    const { collector, others } = await play('client*3 wait(30d) client', {
      ...labHost(),
      advanceClock: null,
    });
    expect(collector.requests).to.equal(3);
    expect(others).to.have.lengthOf(1);
    expect(others[0]).to.include({ kind: 'stopped' });
    expect((others[0] as { reason: string }).reason)
      .to.include('wait(30d)')
      .and.include('controls.advanceClock');
  });

  it('stops before its waits leave the calendar', async () => {
    const { collector, others } = await play('(client wait(36500d))*1000', labHost());
    expect(collector.requests).to.equal(10);
    expect((others.at(-1) as { reason: string }).reason).to.include('at most 1000 years in all');
  });

  it('keeps what was sent where a machine that is to ask again is forgotten by then', async () => {
    const { collector, others } = await play('server client*10 renew(server)', labHost(), { park: 5 });
    expect(collector.requests).to.equal(11);
    expect((others.at(-1) as { reason: string }).reason)
      .to.include('from character 18')
      .and.include('forgotten');
  });

  it('lets an interrupt in between controls that take no time', async () => {
    const interruption = new AbortController();
    const timer = setTimeout(() => interruption.abort(), 1);
    const { others } = await play('client (wait(1s) reset)*1000000000 client', labHost(), {
      signal: interruption.signal,
    });
    clearTimeout(timer);
    expect(others.at(-1)).to.deep.equal({ kind: 'stopped', reason: 'interrupted' });
  });

  it('takes no side where a record is within seconds of its 30 days', async () => {
    const host = labHost();
    const slow: HostClient = { ...host, advanceClock: (seconds) => host.advanceClock!(seconds - 2) };
    const { collector } = await play('client*2 wait(30d1s) client', slow);
    expect(collector.differences).to.equal(1);
    expect(collector.conclusive).to.equal(false);
    expect(collector.firstDifference?.message).to.include('within seconds of its 30 days');
  });

  it('expects refusals beyond the key group, and no count for them', async () => {
    const { collector, points } = await play('vista win7 vista', labHost({ keyGroup: 'vista' }), {
      keyGroup: 'vista',
    });
    expect(collector.differences).to.equal(0);
    expect(points.map(({ answered, expected }) => [answered, expected])).to.deep.equal([
      [1, 1],
      [null, null],
      [2, 2],
    ]);
    expect(points[1]!.note).to.include(HRESULT.productNotOffered.toString(16).toUpperCase());
    const lenient = await play('vista win7', labHost(), { keyGroup: 'vista' });
    expect(lenient.collector.firstDifference?.message).to.include('does not grant win7');
  });

  it('sends a duplicate byte for byte, and a re-imaged machine with its CMID of before', async () => {
    const sent: unknown[] = [];
    const moving = new VirtualClock(0);
    const host = labHost();
    const watching: HostClient = {
      ...host,
      activate: (request) => {
        moving.advance(60);
        sent.push(request);
        return host.activate(request);
      },
    };
    await play('client duplicate renew reimage', watching, { clock: moving });
    const [first, duplicate, renewal, reimaged] = sent as Record<string, unknown>[];
    expect(duplicate).to.deep.equal(first);
    expect(renewal).to.not.deep.equal(first);
    expect(reimaged!['previousClientMachineId']).to.equal(first!['clientMachineId']);
  });

  it('ends before the next request when it is interrupted', async () => {
    const interruption = new AbortController();
    const host = labHost();
    const watching: HostClient = {
      ...host,
      activate: (request) => {
        if (request.workstationName === 'client-3') interruption.abort();
        return host.activate(request);
      },
    };
    const { collector, others } = await play('client*forever', watching, { signal: interruption.signal });
    expect(collector.requests).to.equal(3);
    expect(others).to.deep.equal([{ kind: 'stopped', reason: 'interrupted' }]);
  });

  it('keeps an even sample of a long stream, and all around the first difference', async () => {
    const host = labHost();
    let asked = 0;
    const wrongOnce: HostClient = {
      ...host,
      activate: async (request) => {
        const { answer } = await host.activate(request);
        if (++asked !== 24_680 || answer.kind !== 'response') return { answer };
        return { answer: { ...answer, value: { ...answer.value, currentClientCount: 7 } } };
      },
    };
    const { collector } = await play('mix(servers=30%, renewals=50%)*30000', wrongOnce);
    const { points, requests, firstDifference } = collector.trajectory();
    expect(requests).to.equal(30_000);
    expect(firstDifference?.index).to.equal(24_679);
    expect(points.length).to.be.within(5_000, 10_030);
    const indexes = new Set(points.map(({ index }) => index));
    for (let index = 24_669; index <= 24_689; index++) expect(indexes.has(index), `${index}`).to.equal(true);
  });
});
