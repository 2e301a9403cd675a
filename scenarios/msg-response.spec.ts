import {
  announcedSize,
  client,
  clients,
  expect,
  holdsBytesOf,
  leftOvers,
  requirement,
  server,
  verifyMac,
} from './requirement';

const sideBySide = { sideBySide: true } as const;

describe('the response message', () => {
  requirement('MSG-01', sideBySide, async ({ host }) => {
    const { response } = await host.activate(client());
    expect(`${response.majorVersion}.${response.minorVersion}`, 'its version').to.equal('4.0');
  });

  requirement('MSG-02', sideBySide, async ({ host }) => {
    for (const machine of [client(), server(), client()]) {
      const { response, exchange } = await host.activate(machine);
      expect(response.clientMachineId, 'the CMID').to.equal(host.cmidOf(machine));
      expect(exchange.answer, 'the answer').to.be.an('object');
    }
  });

  requirement('MSG-03', sideBySide, async ({ host }) => {
    for (const ticks of [0n, 1n, 1_234_567n, 9_999_999n]) {
      const requestTime = host.clientTime() + ticks;
      const { response } = await host.activate(client(), { requestTime });
      expect(response.requestTime, 'the ClientTime').to.equal(requestTime);
    }
  });

  requirement('MSG-04', sideBySide, async ({ host }) => {
    const { ePid, ePidSize } = (await host.activate(client())).response;
    expect(ePid, 'the ePID, as text that ends in NUL').to.be.a('string').and.not.equal('');
    expect(ePid, 'the ePID').to.not.match(/[\0\p{Surrogate}]/u);
    expect(ePidSize % 2, 'what is left of PIDSize over whole characters').to.equal(0);
    expect(ePidSize, 'PIDSize').to.be.at.most(128);
  });

  requirement('MSG-05', sideBySide, async ({ host }) => {
    const { response, bytes, exchange } = await host.activate(client());
    expect(bytes.length, 'bytes of the response').to.equal(44 + response.ePidSize + 16);
    expect(announcedSize(exchange), 'bytes that the stub announces').to.equal(bytes.length);
  });

  requirement('MSG-06', sideBySide, async ({ host }) => {
    const machine = client();
    expect(host.messageOf(machine).length, 'bytes of the request').to.equal(252);
    const { bytes } = await host.activate(machine);
    expect(bytes.length, 'bytes of the response').to.be.at.most(188);
  });

  requirement('MSG-07', { sideBySide: true, macKey: true }, async ({ host, mac }) => {
    for (const machine of clients(3)) {
      const { bytes } = await host.activate(machine);
      expect(verifyMac(bytes, mac!), 'whether the MAC verifies').to.equal(true);
    }
  });

  requirement('MSG-09', sideBySide, async ({ host }) => {
    const answers = await host.activateEach([client(), server(), client(), server(), client()]);
    const ePids = new Set(answers.map(({ response }) => response.ePid));
    expect([...ePids], 'ePIDs of five requests').to.have.length(1);
  });
});

describe('what a response must not hold', () => {
  requirement('MSG-08', sideBySide, async ({ host, note }) => {
    const stranger = client({
      workstationName: 'a-stranger-whose-name-nobody-else-may-ever-come-to-see.example',
    });
    await host.activate(stranger);
    for (const machine of [client({ workstationName: '' }), server({ workstationName: 'x' })]) {
      const { exchange } = await host.activate(machine);
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
