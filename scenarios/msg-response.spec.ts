import { MAC_SIZE, MAX_EPID_SIZE, MAX_RESPONSE_SIZE, REQUEST_SIZE } from '../protocol';
import {
  announcedSize,
  bytesOf,
  expect,
  expectField,
  expectFieldToBe,
  leftOvers,
  machine,
  machines,
  requirement,
} from './requirement';

/** So many octets in a row of another request's CMID or name are no chance. */
const LEAK = 6;

const parallel = { parallel: true } as const;

describe('the response message', () => {
  requirement('MSG-01', parallel, async ({ host }) => {
    const answer = await host.activate(machine());
    expectField(answer, 'majorVersion', 4);
    expectField(answer, 'minorVersion', 0);
  });

  requirement('MSG-02', parallel, async ({ host }) => {
    for (const asking of [machine(), machine(), machine()]) {
      expectField(await host.activate(asking), 'clientMachineId', host.machines.cmidOf(asking));
    }
  });

  requirement('MSG-03', parallel, async ({ host }) => {
    // That of now last: a host that answers with its own clock may answer with the same.
    for (const ticks of [9_999_999n, 1_234_567n, 1n, 0n]) {
      const requestTime = host.clock.clientTime() + ticks;
      expectField(await host.activate(machine(), { requestTime }), 'requestTime', requestTime);
    }
  });

  requirement('MSG-04', parallel, async ({ host }) => {
    const answer = await host.activate(machine());
    const { ePid, ePidSize } = answer.response;
    expectFieldToBe(
      answer,
      'ePidSize',
      ePidSize % 2 === 0,
      'an even number: UTF-16 has 2 octets a character',
    );
    expectFieldToBe(answer, 'ePidSize', ePidSize <= MAX_EPID_SIZE, `at most ${MAX_EPID_SIZE}`);
    const isText = typeof ePid === 'string' && ePid !== '' && !/[\0\p{Surrogate}]/u.test(ePid);
    // Digits and dashes whose octets are swapped read as characters of which the low octet is always 0.
    const isSwapped = isText && [...ePid].every((character) => (character.codePointAt(0)! & 0xff) === 0);
    expectFieldToBe(
      answer,
      'ePid',
      isText && !isSwapped,
      'UTF-16LE text that is not empty and ends in one NUL',
    );
  });

  requirement('MSG-05', parallel, async ({ host }) => {
    const { response, bytes, exchange } = await host.activate(machine());
    const size = 44 + response.ePidSize + MAC_SIZE;
    expect(bytes.length, 'octets of the response message: 44 + PIDSize + 16').to.equal(size);
    expect(announcedSize(exchange), 'the size of the message that its stub announces').to.equal(bytes.length);
  });

  requirement('MSG-06', parallel, async ({ host }) => {
    const asking = machine();
    expect(host.machines.messageOf(asking).length, 'octets of the request message').to.equal(REQUEST_SIZE);
    const { bytes } = await host.activate(asking);
    expect(bytes.length, 'octets of the response message').to.be.at.most(MAX_RESPONSE_SIZE);
  });

  requirement('MSG-07', { parallel: true, macKey: true }, async ({ host, mac }) => {
    for (const asking of machines(3)) {
      const answer = await host.activate(asking);
      const { bytes } = answer;
      expectField(answer, 'mac', mac!(bytes.subarray(0, bytes.length - MAC_SIZE)));
    }
  });

  requirement('MSG-09', parallel, async ({ host }) => {
    const answers = await host.activateEach([machine(), machine(), machine(), machine(), machine()]);
    const ePid = answers[0]!.response.ePid;
    for (const answer of answers.slice(1)) expectField(answer, 'ePid', ePid);
  });
});

describe('what a response must not hold', () => {
  requirement('MSG-08', { adds: 3 }, async ({ host, note }) => {
    const stranger = machine({
      workstationName: 'a-stranger-whose-name-nobody-else-may-ever-come-to-see.example',
    });
    await host.activate(stranger);
    for (const asking of [machine({ workstationName: '' }), machine({ workstationName: 'x' })]) {
      const { exchange } = await host.activate(asking);
      const { excess, padding } = leftOvers(exchange);
      expect(excess, 'octets behind the response that alignment does not need').to.equal(0);
      if (padding.some((octet) => octet !== 0)) note('pads with other octets than zeros');
      for (const pdu of exchange.pdus.received) {
        const leak = bytesOf(pdu, host.machines.tracesOf(stranger), LEAK);
        expect(leak ?? 'none', "octets of another client's request in the answer").to.equal('none');
      }
    }
  });
});
