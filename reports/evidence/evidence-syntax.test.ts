import { expect } from 'chai';
import { recordedConnections } from '../../captures/testing/recorded';
import { evidenceFields } from './evidence-fields';
import { transferSyntaxes } from './evidence-syntax';
import type { Evidence } from '../results/result';

/** What a recording's connection was, as a run tells it. */
async function recorded(name: string, connection = 0): Promise<Evidence[]> {
  const { pdus } = (await recordedConnections(name))[connection]!;
  return pdus.map(({ side, bytes }) => ({
    direction: side === 'client' ? 'sent' : 'received',
    pdu: 'any',
    hex: bytes.toString('hex'),
    connection,
  }));
}

const ptypeOf = ({ hex }: Evidence): number => Number.parseInt(hex.slice(4, 6), 16);
const calls = (all: readonly Evidence[]): Evidence[] => all.filter((one) => [0, 2].includes(ptypeOf(one)));

/** The names of the fields, once as the conversation tells the syntax and once by the stub alone. */
function pathsOf(conversation: readonly Evidence[]): string[][] {
  const syntaxes = transferSyntaxes(conversation);
  return conversation.flatMap((one, index) => {
    if (!calls([one]).length) return [];
    const told = evidenceFields(one, syntaxes[index]).map(({ path }) => path);
    expect(evidenceFields(one).map(({ path }) => path)).to.deep.equal(told);
    return [told];
  });
}

/** The host's side of a call: a header, the call's header, and the stub. */
function answer(stub: string, drep = '10000000', contextId = 1): Evidence {
  const length = (24 + stub.length / 2).toString(16).padStart(2, '0');
  const big = drep.startsWith('00');
  const u16 = (low: string): string => (big ? `00${low}` : `${low}00`);
  const u32 = (low: string): string => (big ? `000000${low}` : `${low}000000`);
  const head = `05000203${drep}${u16(length)}0000${u32('02')}`;
  const context = u16(contextId.toString().padStart(2, '0'));
  return {
    direction: 'received',
    pdu: 'response',
    hex: `${head}${'00000000'}${context}0000${stub}`,
    connection: 0,
  };
}

/** A request with another value in the first byte of its stub. */
const lengthsDiffer = (request: Evidence): Evidence => ({
  ...request,
  hex: `${request.hex.slice(0, 48)}ff${request.hex.slice(50)}`,
});

const valueOf = (evidence: Evidence, path: string): string | undefined =>
  evidenceFields(evidence).find((field) => field.path === path)?.value;

describe('the transfer syntax of evidence', () => {
  it('is what bind and alter_context agreed on, each context its own', async () => {
    const conversation = await recorded('v4-one-connection-ndr64.pcap');
    const syntaxes = transferSyntaxes(conversation);
    const told = conversation.flatMap((one, index) => (calls([one]).length ? [syntaxes[index]] : []));
    expect(told).to.have.length(24);
    // Stubs of NDR64 have their first length, of 8 bytes, twice or a pointer behind it: their bytes 4 to 7 are zero.
    const wide = calls(conversation).map(({ hex }) => (hex.slice(56, 64) === '00000000' ? 'ndr64' : 'ndr32'));
    expect(told).to.deep.equal(wide);
    expect(new Set(told)).to.deep.equal(new Set(['ndr32', 'ndr64']));
  });

  it('shows granted answers of both syntaxes as such, with the bind and without', async () => {
    const conversation = await recorded('v4-one-connection-ndr64.pcap');
    for (const evidence of [conversation, calls(conversation)]) {
      for (const [index, paths] of pathsOf(evidence).entries()) {
        expect(paths.join(), `call ${index}`)
          .to.contain(index % 2 === 0 ? 'kms.request.clientMachineId' : 'kms.response.currentClientCount')
          .and.not.to.contain('refusal');
      }
    }
    const counts = calls(conversation)
      .map((one) => valueOf(one, 'kms.response.currentClientCount'))
      .filter((value) => value !== undefined);
    expect(counts).to.deep.equal(Array.from({ length: 12 }, (_, index) => String(index + 1)));
  });

  it('shows refusals in NDR32 as recorded', async () => {
    const statuses: (string | undefined)[] = [];
    for (const connection of (await recordedConnections('v4-refused.pcap')).keys()) {
      const conversation = await recorded('v4-refused.pcap', connection);
      const answers = calls(conversation).filter(({ direction }) => direction === 'received');
      expect(pathsOf(conversation)[1]!.join()).to.contain('stub.refusal.hresult');
      statuses.push(...answers.map((one) => valueOf(one, 'stub.refusal.hresult')));
    }
    expect(statuses).to.deep.equal([0xc004f042, 0xc004f042, 0x8007000d].map(String));
  });

  it('shows refusals in NDR64, little-endian and big-endian', () => {
    const little = answer(`${'00'.repeat(16)}42f004c0`);
    const big = answer(`${'00'.repeat(16)}c004f042`, '00000000');
    for (const one of [little, big]) {
      const hresult = evidenceFields(one).find(({ path }) => path === 'stub.refusal.hresult')!;
      expect([hresult.offset, hresult.length]).to.deep.equal([40, 4]);
      expect(hresult.value).to.match(/c004f042|3221549122/i);
      expect(evidenceFields(one).some(({ path }) => path.endsWith('trailing'))).to.equal(false);
    }
  });

  it('cannot be told of what is no call, and of a request whose lengths differ', async () => {
    const conversation = await recorded('v4-one-connection-ndr64.pcap');
    const [bind, alter] = [conversation.slice(0, 2), conversation.slice(2, 4)];
    const lying = lengthsDiffer(conversation[4]!);
    expect(transferSyntaxes([lying])).to.deep.equal([undefined]);
    expect(transferSyntaxes([...bind, lying])).to.deep.equal([undefined, undefined, undefined]);
    expect(transferSyntaxes([...bind, ...alter, lying])[4]).to.equal('ndr32');
    const noise = ['474554', ''].map((hex) => ({ ...lying, hex }));
    expect(transferSyntaxes(noise)).to.deep.equal([undefined, undefined]);
  });

  it('is that of the same connection only', async () => {
    const conversation = await recorded('v4-one-connection-ndr64.pcap');
    const lying = { ...lengthsDiffer(conversation[4]!), connection: 7 };
    expect(transferSyntaxes([...conversation.slice(0, 4), lying])[4]).to.equal(undefined);
  });
});
