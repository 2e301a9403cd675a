import { expect } from 'chai';
import type { Socket } from 'node:net';
import { decodePdu, Framer, type Pdu, type TransferSyntax } from '../../../protocol';
import { type HabitName, startLabHost } from '../../lab-host';
import { Random } from '../../support/random';
import { openTarget } from '../../target';
import { startRelay } from '../../testing/relay';
import { type BindStep, type BurstStep, type FuzzCase, GOOD_ASK, type PiecesStep, type Step } from '../case';
import { CoverageTable } from '../judge/coverage';
import { LeakWatch } from '../judge/leak-watch';
import { learnCapabilities } from './probe';
import { runCase } from './run-case';

/** How a host ends connections: called with the client's socket for each PDU of the host; false where it is not passed on. */
interface Ends {
  readonly passes?: (pdu: Pdu, client: Socket) => boolean;
  readonly onEnd?: (client: Socket) => void;
}

const answersHalfCloseByReset: Ends = { onEnd: (client) => client.resetAndDestroy() };
const closesBehindFaults = (): Ends => ({
  passes: ({ kind }, client) => {
    if (kind === 'fault') setImmediate(() => client.destroySoon());
    return true;
  },
});
/** Takes the request, and lets go before its answer is ready. */
const neverReadyInTime: Ends = {
  passes: ({ kind }) => kind !== 'response',
  onEnd: (client) => client.destroySoon(),
};

const caseOf = (...steps: Step[]): FuzzCase => ({
  level: 'sequence',
  applications: ['6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c01', '6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c02'],
  machines: ['0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e01', '0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e02'],
  canary: 0x1234abcd,
  steps,
});

/** What a host that ends connections so is accused of. @param ends from the first step on */
async function accusations(fuzzCase: FuzzCase, ends: Ends, habits: HabitName[] = []): Promise<string[]> {
  const host = await startLabHost({ seed: 3, habits });
  let current: Ends = {};
  const relay = await startRelay(host.port, (client, server) => {
    const framer = new Framer();
    client.on('data', (bytes) => server.destroyed || server.write(bytes));
    client.on('end', () => (current.onEnd ?? (() => server.end()))(client));
    client.on('close', () => server.destroy());
    server.on('end', () => client.end());
    server.on('data', (bytes) => {
      for (const pdu of framer.push(bytes))
        if (current.passes?.(decodePdu(pdu), client) !== false && !client.destroyed) client.write(pdu);
    });
  });
  const target = await openTarget({ address: `127.0.0.1:${relay.port}` });
  try {
    const { endpoint, profile, mac, controls, clock } = target;
    const base = { endpoint, profile, mac, timeoutMs: 2000 };
    const capabilities = await learnCapabilities(base, new Random(1), clock.now());
    current = ends;
    const tools = { controls, watch: new LeakWatch(), coverage: new CoverageTable() };
    const { violations } = await runCase(fuzzCase, { ...tools, context: { ...base, capabilities } });
    return violations.map(({ clause, message }) => `${clause} ${message}`);
  } finally {
    await target.close();
    await relay.close();
    await host.close();
  }
}

const WRONG_OPNUM: Step = { ...GOOD_ASK, body: [{ field: 'opnum', mode: 'boundary', value: 5 }] };
const CLOSE: Step = { kind: 'close', on: 0, how: 'fin', after: 284 };
const PIECE = { first: false, last: false, callIdOffset: 0, instead: null } as const;
const PIECES: PiecesStep = {
  kind: 'pieces',
  on: 0,
  machine: 0,
  application: 0,
  callId: 1,
  pieces: [
    { ...PIECE, first: true, size: 128 },
    { ...PIECE, last: true, size: 1000 },
  ],
};
const OTHER: Step = { ...GOOD_ASK, machine: 1, on: 1 };

describe('an end of a connection, to a case', () => {
  for (const [how, ends] of [
    ['RST', answersHalfCloseByReset],
    ['FIN', neverReadyInTime],
  ] as const) {
    it(`behind its own FIN is no refusal of a whole request: ${how}`, async () => {
      expect(await accusations(caseOf(CLOSE), ends)).to.deep.equal([]);
    });

    it(`behind its own FIN leaves open whether the request was counted, in pieces too: ${how}`, async () => {
      const early: Ends = {
        ...ends,
        // What is sent once both requests are there tells how many were counted.
        passes: (pdu, client) =>
          !client.readableEnded && (pdu.kind !== 'response' || pdu.header.callId !== 9),
      };
      for (const lost of [CLOSE, { ...PIECES, callId: 9 }])
        expect(await accusations(caseOf(lost, OTHER), early), lost.kind).to.deep.equal([]);
    });
  }

  it('behind an answer is no refusal of the next request, which goes out again', async () => {
    expect(await accusations(caseOf(WRONG_OPNUM, GOOD_ASK), closesBehindFaults())).to.deep.equal([]);
  });

  it('is one where the new connection ends too', async () => {
    let isFaulty = false;
    const afterwards: Ends = {
      passes: ({ kind }, client) => {
        if (isFaulty && kind === 'response') client.destroySoon();
        const passes = !isFaulty || kind !== 'response';
        isFaulty ||= kind === 'fault';
        return passes;
      },
    };
    expect(await accusations(caseOf(WRONG_OPNUM, GOOD_ASK), afterwards)).to.deep.equal([
      'CNT-16 answer to a good request: expected a response, received closed',
    ]);
  });
});

describe('silence about what is offered, to a case', () => {
  const offer = (syntax: TransferSyntax, features = false): BindStep => ({
    kind: 'bind',
    ...{ on: 0, contextId: 3, syntax, features, body: [] },
  });
  const silentTo = (silent: Pdu['kind']): Ends => ({ passes: ({ kind }) => kind !== silent });

  it('is no finding in an alter_context, whatever it offers', async () => {
    const inNdr64: Step = { ...GOOD_ASK, syntax: 'ndr64' };
    const each = [offer('ndr32'), offer('ndr64'), offer('ndr32', true), inNdr64].map((next) =>
      accusations(caseOf(GOOD_ASK, next, GOOD_ASK), silentTo('alterContextResp')),
    );
    expect((await Promise.all(each)).flat()).to.deep.equal([]);
  });

  it('is one in a bind of NDR32', async () => {
    expect(await accusations(caseOf(offer('ndr32')), silentTo('bindAck'))).to.deep.equal([
      'RPC-01 no answer to a bind: expected an answer, received nothing',
    ]);
  });
});

describe('an N_Policy of 0, to a case', () => {
  const burst: BurstStep = { kind: 'burst', count: 4, server: true, requiredClientCount: 0, application: 0 };
  const zero: Step = {
    ...GOOD_ASK,
    message: [{ field: 'requiredClientCount', mode: 'boundary', value: 0 }],
  };
  const one = (machine: number): Step => ({
    ...GOOD_ASK,
    machine,
    message: [{ field: 'requiredClientCount', mode: 'boundary', value: 1 }],
  });

  for (const habits of [
    [],
    ['makes-10-places-for-policy-0'],
    ['makes-50-places-for-policy-0'],
  ] as HabitName[][]) {
    it(`lets a host make as many places as it likes: ${habits.join() || 'as ours'}`, async () => {
      for (const fuzzCase of [caseOf(burst), caseOf(burst, one(0), one(1)), caseOf(zero, one(1), burst)])
        expect(await accusations(fuzzCase, {}, habits)).to.deep.equal([]);
    });
  }
});
