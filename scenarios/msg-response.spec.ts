import {
  announcedSize,
  expect,
  holdsBytesOf,
  leftOvers,
  machine,
  machines,
  requirement,
  verifyMac,
} from './requirement';

const sideBySide = { sideBySide: true } as const;

describe('the response message', () => {
  requirement('MSG-01', sideBySide, async ({ host }) => {
    const { response } = await host.activate(machine());
    expect(`${response.majorVersion}.${response.minorVersion}`, 'its version').to.equal('4.0');
  });

  requirement('MSG-02', sideBySide, async ({ host }) => {
    for (const asking of [machine(), machine(), machine()]) {
      const { response, exchange } = await host.activate(asking);
      expect(response.clientMachineId, 'the CMID').to.equal(host.cmidOf(asking));
      expect(exchange.answer, 'the answer').to.be.an('object');
    }
  });

  requirement('MSG-03', sideBySide, async ({ host }) => {
    for (const ticks of [0n, 1n, 1_234_567n, 9_999_999n]) {
      const requestTime = host.clientTime() + ticks;
      const { response } = await host.activate(machine(), { requestTime });
      expect(response.requestTime, 'the ClientTime').to.equal(requestTime);
    }
  });

  requirement('MSG-04', sideBySide, async ({ host }) => {
    const { ePid, ePidSize } = (await host.activate(machine())).response;
    expect(ePid, 'the ePID, as text that ends in NUL').to.be.a('string').and.not.equal('');
    expect(ePid, 'the ePID').to.not.match(/[\0\p{Surrogate}]/u);
    expect(ePidSize % 2, 'what is left of PIDSize over whole characters').to.equal(0);
    expect(ePidSize, 'PIDSize').to.be.at.most(128);
  });

  requirement('MSG-05', sideBySide, async ({ host }) => {
    const { response, bytes, exchange } = await host.activate(machine());
    expect(bytes.length, 'bytes of the response').to.equal(44 + response.ePidSize + 16);
    expect(announcedSize(exchange), 'bytes that the stub announces').to.equal(bytes.length);
  });

  requirement('MSG-06', sideBySide, async ({ host }) => {
    const asking = machine();
    expect(host.messageOf(asking).length, 'bytes of the request').to.equal(252);
    const { bytes } = await host.activate(asking);
    expect(bytes.length, 'bytes of the response').to.be.at.most(188);
  });

  requirement('MSG-07', { sideBySide: true, macKey: true }, async ({ host, mac }) => {
    for (const asking of machines(3)) {
      const { bytes } = await host.activate(asking);
      expect(verifyMac(bytes, mac!), 'whether the MAC verifies').to.equal(true);
    }
  });

  requirement('MSG-09', sideBySide, async ({ host }) => {
    const answers = await host.activateEach([machine(), machine(), machine(), machine(), machine()]);
    const ePids = new Set(answers.map(({ response }) => Buffer.from(response.ePid).toString('hex')));
    expect([...ePids], 'ePIDs of five requests').to.have.length(1);
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
      expect(excess, 'bytes behind the response that alignment does not need').to.equal(0);
      if (padding.some((octet) => octet !== 0)) note('pads with other octets than zeros');
      for (const pdu of exchange.pdus.received) {
        const leaks = holdsBytesOf(pdu, host.tracesOf(stranger), 6);
        expect(leaks, "whether it holds bytes of another client's request").to.equal(false);
      }
    }
  });
});
