import { expect } from 'chai';
import { answerOf, type Packets, play, readBytes, record, toPcap } from '../testing/packets';
import { type RecordedCalls, recordedConnections } from '../testing/recorded';
import { shiftSequences } from '../testing/shift-sequences';

const TWELVE = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'];

describe('putting TCP streams in order', () => {
  let calls: RecordedCalls;
  let small: RecordedCalls;

  before(async () => {
    [calls] = (await recordedConnections('v4-one-connection-ndr64.pcap')) as [RecordedCalls];
    [small] = (await recordedConnections('v4-threshold-clients.pcap')) as [RecordedCalls];
  });

  const answersOf = async (packets: Packets): Promise<string[]> => (await readBytes(toPcap(packets))).answers;

  it('reads segments of any size, down to one byte', async () => {
    for (const maxSegmentSize of [1, 2, 7, 15, 16, 17, 100, 283, 284, 285, 1460]) {
      const { answers, warnings } = await readBytes(toPcap(play(calls, { maxSegmentSize })));
      expect(answers, `segments of ${maxSegmentSize}`).to.deep.equal(TWELVE);
      expect(warnings).to.deep.equal([]);
    }
  });

  it('gives the same for every split of a conversation into two segments', async () => {
    const sizes = small.pdus.map(({ bytes }) => bytes.length);
    for (const [at, size] of sizes.entries()) {
      for (let cut = 1; cut < size; cut++) {
        const split = record((conversations, tick) => {
          const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
          small.pdus.forEach(({ side, bytes }, i) => {
            if (i === at) conversation.send(side, bytes.subarray(0, cut), tick());
            conversation.send(side, i === at ? bytes.subarray(cut) : bytes, tick());
          });
        });
        expect(await answersOf(split), `PDU ${at} cut at ${cut}`).to.deep.equal(['1']);
      }
    }
  });

  it('puts each pair of neighbouring data segments in order', async () => {
    const packets = play(calls, { maxSegmentSize: 200 });
    for (let i = 3; i + 1 < packets.length - 6; i++) {
      const swapped = packets.with(i, packets[i + 1]!).with(i + 1, packets[i]!);
      expect(await answersOf(swapped), `packets ${i} and ${i + 1}`).to.deep.equal(TWELVE);
    }
  });

  it('reads through every packet sent twice, at once and three packets later', async () => {
    const packets = play(calls, { maxSegmentSize: 200 });
    const twice = packets.flatMap((packet) => [packet, packet]);
    const later = packets.flatMap((packet, i) => [packet, ...(i >= 3 ? [packets[i - 3]!] : [])]);
    for (const variant of [twice, later]) {
      const { answers, warnings } = await readBytes(toPcap(variant));
      expect(answers).to.deep.equal(TWELVE);
      expect(warnings).to.deep.equal([]);
    }
  });

  it('takes the first copy where a retransmission differs, and says so', async () => {
    const packets = play(small);
    const index = packets.findIndex(({ data }) => data.length === 54 + 284);
    const forged = Buffer.from(packets[index]!.data);
    forged.fill(0x41, 54 + 100, 54 + 120);
    const { exchanges, answers, warnings } = await readBytes(
      toPcap(packets.toSpliced(index + 1, 0, { ...packets[index]!, data: forged })),
    );
    expect(answers).to.deep.equal(['1']);
    expect(exchanges[0]!.pdus.sent[0]).to.deep.equal(small.pdus[2]!.bytes);
    expect(warnings.map(({ message }) => message).join()).to.match(/retransmission differs/);
  });

  it('reads over the wrap of sequence numbers', async () => {
    for (const before of [1, 100, 160, 161, 200, 444, 500]) {
      const shifted = play(calls, { maxSegmentSize: 200 }).map((packet) => shiftSequences(packet, before));
      expect(await answersOf(shifted), `${before} bytes before the wrap`).to.deep.equal(TWELVE);
    }
  });

  it('tells a port that is used again apart, with and without the FINs in the capture', async () => {
    const all = await recordedConnections('v4-threshold-clients.pcap');
    const packets = record((conversations, tick) => {
      for (const { pdus } of all.slice(0, 5)) {
        const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
        for (const { side, bytes } of pdus) conversation.send(side, bytes, tick());
        conversation.end('client', tick());
        conversation.end('host', tick());
      }
    });
    for (const variant of [packets, packets.filter(({ data }) => (data[47]! & 1) === 0)]) {
      const { exchanges, warnings } = await readBytes(toPcap(variant));
      expect(exchanges.map(answerOf)).to.deep.equal(['1', '2', '3', '4', '5']);
      expect(exchanges.map(({ connection }) => connection)).to.deep.equal([0, 1, 2, 3, 4]);
      expect(warnings).to.deep.equal([]);
    }
  });

  it('starts anywhere in a connection on port 1688 and reads every call that follows', async () => {
    const packets = play(calls);
    const pduEnds = [...packets.entries()].filter(([, { data }]) => data.length > 60).map(([i]) => i);
    // bind, bind_ack, alter_context, its answer, then 12 pairs of request and response.
    for (const [n, start] of pduEnds.entries()) {
      const { answers } = await readBytes(toPcap(packets.slice(start)));
      const callsBefore = Math.max(0, Math.ceil((n - 4) / 2));
      expect(answers, `from packet ${start}`).to.deep.equal(TWELVE.slice(callsBefore));
    }
  });

  it('reads in the middle of a PDU from the next one on', async () => {
    const packets = play(calls, { maxSegmentSize: 50 });
    const { answers, warnings } = await readBytes(toPcap(packets.slice(40)));
    expect(answers.at(-1)).to.equal('12');
    expect(answers).to.deep.equal(TWELVE.slice(-answers.length));
    expect(warnings.map(({ message }) => message).join()).to.match(/reading goes on at the next one/);
  });

  it('loses one call to a missing segment, tells the gap, and reads on', async () => {
    const packets = play(calls, { maxSegmentSize: 100 });
    const dataPackets = [...packets.entries()].filter(([, { data }]) => data.length > 60).map(([i]) => i);
    for (const missing of dataPackets.slice(10, -2)) {
      const { answers, warnings } = await readBytes(toPcap(packets.toSpliced(missing, 1)));
      const heard = answers.filter((answer) => answer !== 'none');
      expect(heard.length, `without packet ${missing}`).to.be.at.least(11);
      expect(TWELVE).to.include.members(heard);
      expect(warnings.map(({ message }) => message).join(), `without packet ${missing}`).to.match(
        /bytes are missing/,
      );
    }
  });

  it('gives a call without an answer after a reset, after a half-close and at the end of the capture', async () => {
    const unanswered = small.pdus.slice(0, 3);
    for (const end of ['reset', 'half-close', 'nothing'] as const) {
      const packets = record((conversations, tick) => {
        const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
        for (const { side, bytes } of unanswered) conversation.send(side, bytes, tick());
        if (end === 'reset') conversation.reset('host', tick());
        if (end === 'half-close') conversation.end('client', tick());
      });
      expect(await answersOf(packets), end).to.deep.equal(['none']);
    }
  });

  it('gives a fault as the answer to its call, and reads on', async () => {
    const fault = Buffer.from('0500030310000000200000000200000000000000000000000200011c00000000', 'hex');
    const { exchanges, answers, warnings } = await readBytes(toPcap(answeredBy(fault)));
    expect(answers).to.deep.equal(['fault 0x1c010002']);
    expect(exchanges[0]!.pdus.received).to.deep.equal([fault]);
    expect(warnings).to.deep.equal([]);
  });

  it('tells PDUs that come from the wrong end or do not decode, and reads the answer behind them', async () => {
    const request = small.pdus[2]!.bytes;
    const cut = Buffer.from('05000203100000001100000002000000ff', 'hex');
    const { answers, warnings } = await readBytes(toPcap(answeredBy(request, cut, small.pdus[3]!.bytes)));
    expect(answers).to.deep.equal(['1']);
    expect(warnings.map(({ message }) => message)).to.deep.include.members([
      'connection 0 (192.0.2.1:1688 to 192.0.2.10:50000): a request PDU comes from the wrong end and is passed over',
    ]);
    expect(warnings.map(({ message }) => message).join('\n')).to.match(
      /a PDU that does not decode is passed over/,
    );
  });

  it('reads past PDUs that carry no call', async () => {
    const header = (ptype: number): Buffer =>
      Buffer.from(
        `0500${ptype.toString(16).padStart(2, '0')}0310000000100000000200 0000`.replace(' ', ''),
        'hex',
      );
    const { answers } = await readBytes(toPcap(answeredBy(header(17), header(19), small.pdus[3]!.bytes)));
    expect(answers).to.deep.equal(['1']);
  });

  it('holds no more than 256 calls of a connection that wait for an answer', async () => {
    const [bind, ack, request] = small.pdus;
    const { answers } = await readBytes(
      toPcap(
        record((conversations, tick) => {
          const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
          for (const { side, bytes } of [bind!, ack!]) conversation.send(side, bytes, tick());
          for (let callId = 1; callId <= 300; callId++) {
            conversation.send('client', withCallId(request!.bytes, callId), tick());
          }
          // The oldest 44 were given up: their answers are nobody's.
          for (const callId of [1, 44, 45, 300]) {
            conversation.send('host', withCallId(small.pdus[3]!.bytes, callId), tick());
          }
        }),
      ),
    );
    expect(answers).to.have.length(300);
    expect(answers.flatMap((answer, index) => (answer === 'none' ? [] : [index + 1]))).to.deep.equal([
      45, 300,
    ]);
  });

  it('holds no more than 256 answers whose request has not come, and counts those that it lets go', async () => {
    const { answers, warnings } = await readBytes(
      toPcap(
        record((conversations, tick) => {
          const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
          for (const { side, bytes } of small.pdus.slice(0, 2)) conversation.send(side, bytes, tick());
          for (let callId = 1; callId <= 300; callId++) {
            conversation.send('host', withCallId(small.pdus[3]!.bytes, callId), tick());
          }
        }),
      ),
    );
    expect(answers).to.deep.equal([]);
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'connection 0: 300 answers whose requests are not in the capture',
    ]);
  });

  /** The small recording, with these PDUs from the host instead of its last. */
  const answeredBy = (...answers: Buffer[]): Packets =>
    record((conversations, tick) => {
      const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
      for (const { side, bytes } of small.pdus.slice(0, 3)) conversation.send(side, bytes, tick());
      for (const bytes of answers) conversation.send('host', bytes, tick());
    });

  const withCallId = (bytes: Buffer, callId: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed.writeUInt32LE(callId, 12);
    return changed;
  };

  it('reads an answer that comes after the client has closed its side', async () => {
    const packets = record((conversations, tick) => {
      const conversation = conversations.open('[2001:db8::10]:50000', '[2001:db8::1]:1688', tick());
      small.pdus.forEach(({ side, bytes }, i) => {
        if (i === 3) conversation.end('client', tick());
        conversation.send(side, bytes, tick());
      });
      conversation.end('host', tick());
    });
    const { exchanges, answers } = await readBytes(toPcap(packets));
    expect(answers).to.deep.equal(['1']);
    expect(exchanges[0]).to.include({ client: '[2001:db8::10]:50000', host: '[2001:db8::1]:1688' });
  });
});
