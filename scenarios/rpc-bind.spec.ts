import { expect, inconclusive, machine, offering, requirement } from './requirement';

const sideBySide = { sideBySide: true } as const;

describe('the association', () => {
  requirement('RPC-01', sideBySide, async ({ host }) => {
    const dialogue = await host.converse(offering.ndr32Alone());
    expect(dialogue.verdicts, 'the verdict on NDR32').to.deep.equal(['accepted']);
    expect(dialogue.transferSyntax, 'what it accepted').to.equal('ndr32');
    await dialogue.activate(machine());
  });

  requirement('RPC-02', sideBySide, async ({ host }) => {
    const dialogue = await host.converse();
    expect(dialogue.accepts, 'whether it accepts a bind without authentication').to.equal(true);
    expect(dialogue.bindAck.header.authLength, 'authentication in its answer').to.equal(0);
    await dialogue.activate(machine());
  });

  requirement('RPC-03', sideBySide, async ({ host }) => {
    const [verdict] = await host.verdictsOn(offering.unknownInterface());
    expect(verdict, 'the verdict on an unknown interface').to.be.oneOf([
      'rejected: unknown interface',
      'bind_nak',
    ]);
  });

  requirement('RPC-04', sideBySide, async ({ host }) => {
    const verdicts = await host.verdictsOn(offering.bothSyntaxes());
    const accepted = verdicts.filter((verdict) => verdict === 'accepted');
    expect(accepted, `NDR32 and NDR64 accepted (${verdicts.join(', ')})`).to.have.length(1);
  });

  requirement('RPC-05', sideBySide, async ({ host }) => {
    for (const [offered, allowed] of Object.entries({ 1: [0, 1], 2: [0, 2], 3: [0, 1, 2, 3] })) {
      const verdicts = await host.verdictsOn(offering.features(Number(offered)));
      const allowedVerdicts = allowed.map((bits) => `features ${bits}`);
      expect(verdicts[0], 'the verdict on the interface').to.equal('accepted');
      if (verdicts[1]!.startsWith('rejected')) continue;
      expect(verdicts[1], `the verdict on the features ${offered}`).to.be.oneOf(allowedVerdicts);
    }
  });

  requirement('RPC-13', sideBySide, async ({ host }) => {
    const dialogue = await host.converse();
    const verdicts = await dialogue.alterContext(offering.fromContext(5));
    expect(verdicts, 'the verdict on a further context').to.deep.equal(['accepted']);
    const { exchange } = await dialogue.activate(machine());
    expect(exchange.contextId, 'the context of the request').to.equal(5);
  });

  requirement('RPC-16', sideBySide, async ({ host }) => {
    const { count } = await host.activateInOneSegment(machine());
    expect(count, 'the count').to.be.at.least(0);
  });

  requirement('RPC-21', sideBySide, async ({ host }) => {
    for (const bytes of [5840, 4280, 2048]) {
      const { bindAck, accepts } = await host.converse(offering.fragmentsOf(bytes));
      expect(accepts, `whether it accepts fragments of ${bytes} bytes`).to.equal(true);
      expect(bindAck.body.maxXmitFrag, 'its max_xmit_frag').to.be.at.most(bytes);
      expect(bindAck.body.maxRecvFrag, 'its max_recv_frag').to.be.at.most(bytes);
    }
  });
});

describe('NDR64', () => {
  requirement('RPC-19', { countAtMost: 47, adds: 3 }, async ({ host }) => {
    const ndr64 = await host.verdictsOn(offering.ndr64Alone());
    if (ndr64[0] !== 'accepted') return inconclusive('the host does not accept NDR64');
    await host.activateOver('ndr32', machine());
    const before = host.count;
    const asking = machine();
    expect((await host.activateOver('ndr64', asking)).count, 'a new client over NDR64').to.equal(before + 1);
    expect((await host.activateOver('ndr32', asking)).count, 'the same over NDR32').to.equal(before + 1);
    const other = machine();
    expect((await host.activateOver('ndr32', other)).count, 'another over NDR32').to.equal(before + 2);
    expect((await host.activateOver('ndr64', other)).count, 'the same over NDR64').to.equal(before + 2);
  });
});
