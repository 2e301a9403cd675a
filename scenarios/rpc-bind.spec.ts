import { expect, inconclusive, machine, offering, requirement } from './requirement';

const parallel = { parallel: true } as const;

describe('the association', () => {
  requirement('RPC-01', parallel, async ({ host }) => {
    const dialogue = await host.rpc.bind(offering.ndr32Alone());
    expect(dialogue.verdicts, 'the verdict on NDR32').to.deep.equal(['accepted']);
    expect(dialogue.transferSyntax, 'what it accepted').to.equal('ndr32');
    await dialogue.activate(machine());
  });

  requirement('RPC-02', parallel, async ({ host }) => {
    const dialogue = await host.rpc.bind();
    const verdict = dialogue.accepts ? 'accepted' : dialogue.verdicts.join(', ');
    expect(verdict, 'the verdicts on a bind without authentication').to.equal('accepted');
    expect(dialogue.bindAck.header.authLength, 'auth_length of its answer').to.equal(0);
    await dialogue.activate(machine());
  });

  requirement('RPC-03', parallel, async ({ host }) => {
    const [verdict] = await host.rpc.verdictsOn(offering.unknownInterface());
    expect(verdict, 'the verdict on an unknown interface').to.be.oneOf([
      'rejected: unknown interface',
      'bind_nak',
    ]);
  });

  requirement('RPC-04', parallel, async ({ host }) => {
    const verdicts = await host.rpc.verdictsOn(offering.bothSyntaxes());
    const accepted = verdicts.filter((verdict) => verdict === 'accepted');
    const offered = `how many contexts are accepted of NDR32 (${verdicts[0]}) and NDR64 (${verdicts[1]})`;
    expect(accepted.length, offered).to.be.at.most(1);
  });

  requirement('RPC-05', parallel, async ({ host }) => {
    for (const [offered, allowed] of Object.entries({ 1: [0, 1], 2: [0, 2], 3: [0, 1, 2, 3] })) {
      const verdicts = await host.rpc.verdictsOn(offering.features(Number(offered)));
      const allowedVerdicts = allowed.map((bits) => `features ${bits}`);
      expect(verdicts[0], 'the verdict on the interface').to.equal('accepted');
      if (verdicts[1]!.startsWith('rejected')) continue;
      expect(verdicts[1], `the verdict on the feature bits ${offered}`).to.be.oneOf([
        ...allowedVerdicts,
        'a rejection',
      ]);
    }
  });

  requirement('RPC-13', parallel, async ({ host }) => {
    const dialogue = await host.rpc.bind();
    const verdicts = await dialogue.alterContext(offering.fromContext(5));
    expect(verdicts, 'the verdict on a further context').to.deep.equal(['accepted']);
    const { exchange } = await dialogue.activate(machine());
    expect(exchange.contextId, 'the context of the request').to.equal(5);
  });

  requirement('RPC-16', parallel, async ({ host }) => {
    const { count } = await host.rpc.activateInOneSegment(machine());
    expect(count, 'the count').to.be.at.least(0);
  });

  requirement('RPC-21', parallel, async ({ host }) => {
    for (const bytes of [5840, 4280, 2048]) {
      const { bindAck, accepts, verdicts } = await host.rpc.bind(offering.fragmentsOf(bytes));
      const verdict = accepts ? 'accepted' : verdicts.join(', ');
      expect(verdict, `the verdicts on a bind with fragments of ${bytes} octets`).to.equal('accepted');
      expect(bindAck.body.maxXmitFrag, 'max_xmit_frag of the bind_ack').to.be.at.most(bytes);
      expect(bindAck.body.maxRecvFrag, 'max_recv_frag of the bind_ack').to.be.at.most(bytes);
    }
  });
});

describe('NDR64', () => {
  requirement('RPC-19', { countAtMost: 47, place: 'few', adds: 3 }, async ({ host }) => {
    const ndr64 = await host.rpc.verdictsOn(offering.ndr64Alone());
    if (ndr64[0] !== 'accepted') return inconclusive('the host does not accept NDR64');
    await host.rpc.activateOver('ndr32', machine());
    const before = host.count;
    const asking = machine();
    expect((await host.rpc.activateOver('ndr64', asking)).count, 'a new client over NDR64').to.equal(
      before + 1,
    );
    expect((await host.rpc.activateOver('ndr32', asking)).count, 'the same over NDR32').to.equal(before + 1);
    const other = machine();
    expect((await host.rpc.activateOver('ndr32', other)).count, 'another over NDR32').to.equal(before + 2);
    expect((await host.rpc.activateOver('ndr64', other)).count, 'the same over NDR64').to.equal(before + 2);
  });
});
