import { expect } from 'chai';
import { Segment, TCP } from '../net/segment';
import type { CapturedPacket } from '../packet';
import type { ConnectionReader } from './connection';
import { ConnectionTracker } from './tracker';

/** Sixteen thousand packets: what the tracker sees between two looks at its memory. */
const SWEEP = 16_384;

interface Told {
  readonly endpoint: string;
  bytes: number;
  ended: boolean;
}

interface Sent {
  readonly from: number;
  readonly to?: number;
  readonly ports?: readonly [number, number];
  readonly flags?: number;
  readonly sequence?: number;
  readonly payload?: number;
}

/** A tracker with a clock of its own, and what its connections told their readers. */
function setUp() {
  const told: Told[] = [];
  const tracker = new ConnectionTracker((connection): ConnectionReader => {
    const entry: Told = { endpoint: connection.endpoint(0), bytes: 0, ended: false };
    told.push(entry);
    return {
      data: (_direction, bytes) => void (entry.bytes += bytes.length),
      gap: () => undefined,
      conflict: () => undefined,
      end: () => void (entry.ended = true),
    };
  });
  let offset = 0;
  const send = (
    seconds: number,
    { from, to = 1, ports, flags = TCP.ack, sequence = 1, payload = 0 }: Sent,
  ) => {
    const segment = new Segment();
    segment.bytes = Buffer.alloc(payload, 5);
    segment.source[3] = from;
    segment.destination[3] = to;
    [segment.sourcePort, segment.destinationPort] = ports ?? [50_000, 1688];
    Object.assign(segment, { flags, sequence, payloadLength: payload, capturedLength: payload });
    const timestampNs = BigInt(seconds) * 1_000_000_000n;
    tracker.take(segment, { timestampSeconds: seconds, timestampNs, fileOffset: offset++ } as CapturedPacket);
  };
  return { tracker, told, send };
}

/** Endpoint of the client with this address. */
const client = (address: number, port = 50_000): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}:${port}`;

describe('remembering connections', () => {
  it('forgets those that were idle for ten minutes, and closed ones after seconds', () => {
    const { tracker, told, send } = setUp();
    for (const from of [100, 200, 300]) send(0, { from, payload: 1 });
    send(0, { from: 200, flags: TCP.rst, sequence: 2 });
    const until = (seconds: number): void => {
      for (let i = 0; i < SWEEP; i++) send(seconds, { from: 300, sequence: 2 });
    };
    until(4);
    expect(tracker.size).to.equal(3);
    until(6);
    expect(tracker.size).to.equal(2);
    until(600);
    expect(tracker.size).to.equal(2);
    until(601);
    expect(tracker.size).to.equal(1);
    const ended = told.filter((each) => each.ended).map(({ endpoint }) => endpoint);
    expect(ended).to.have.members([client(100), client(200)]);
    tracker.finish();
    expect(tracker.size).to.equal(0);
    expect(told.every((each) => each.ended)).to.equal(true);
  });

  it('reads on in a connection that it forgot as in one that began before the capture', () => {
    const { told, send } = setUp();
    send(0, { from: 100, flags: TCP.syn, sequence: 0 });
    send(0, { from: 100, sequence: 1, payload: 10 });
    for (let i = 0; i < SWEEP; i++) send(1000, { from: 300 });
    send(1001, { from: 100, sequence: 11, payload: 7 });
    expect(told.filter(({ endpoint }) => endpoint === client(100)).map(({ bytes }) => bytes)).to.deep.equal([
      10, 7,
    ]);
  });

  it('holds no more than some thousands at a time, the latest of them', () => {
    const { tracker, told, send } = setUp();
    const opened = 3 * SWEEP;
    let most = 0;
    for (let i = 0; i < opened; i++) {
      send(1, { from: 1000 + i, flags: TCP.syn, sequence: 0 });
      most = Math.max(most, tracker.size);
    }
    expect(most).to.be.at.most(2 * SWEEP);
    expect(tracker.size).to.be.at.most(SWEEP);
    for (const from of [1000 + opened - 1, 1000 + opened - SWEEP / 2])
      send(2, { from, sequence: 1, payload: 3 });
    const latest = told.filter(({ bytes }) => bytes > 0);
    expect(latest.map(({ ended }) => ended)).to.deep.equal([false, false]);
    send(2, { from: 1000, sequence: 1, payload: 4 });
    expect(told.filter(({ bytes }) => bytes === 4)).to.have.length(1);
  });

  it('tells connections apart whose addresses fall together, whichever is forgotten first', () => {
    // The sum of all words is the same for these.
    const pairs = [
      { from: 0x10, to: 0x01 },
      { from: 0x11, to: 0x00 },
      { from: 0x12, to: 0x03 },
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const { tracker, told, send } = setUp();
      for (const pair of pairs) send(0, { ...pair, flags: TCP.syn, sequence: 0 });
      for (const pair of pairs) send(0, { ...pair, sequence: 1, payload: pair.from });
      // A new SYN on the same ports: the old connection is forgotten, a new one is read.
      for (const each of order) {
        send(1, { ...pairs[each]!, flags: TCP.syn, sequence: 5_000 });
        send(1, { ...pairs[each]!, sequence: 5_001, payload: 1 });
      }
      tracker.finish();
      expect(told.map(({ bytes }) => bytes)).to.deep.equal([0x10, 0x11, 0x12, 1, 1, 1]);
    }
  });
});
