import Ajv2020 from 'ajv/dist/2020';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../../../protocol';
import { decideGrant } from '../../model/decide-grant';
import { checkHistory } from '../../model/history/history-checker';
import { parseHistory } from '../history';
import { CountingModel } from '../../model/counting-model';
import { DEFAULT_PROFILE } from '../../model/profile';
import { packageRoot } from '../../support/package-root';
import { GROUP_NAMES, type GroupName, type VectorFile, vectorFile, vectorFileText, type VectorOf } from '.';
import { asPdu, asStub, asMessage, callsOf, conversationOf, errorOf } from './testing/by-codec';

const files = new Map<GroupName, VectorFile>();

/** Made once: all of them take a second of processor time. */
function fileOf<G extends GroupName>(group: G): VectorFile<G> {
  if (!files.has(group)) files.set(group, vectorFile(group));
  return files.get(group) as VectorFile<G>;
}

/** Holds each vector of a group; what does not agree is told by its id and comment. */
function each<G extends GroupName>(group: G, hold: (vector: VectorOf<G>) => void): void {
  for (const vector of fileOf(group).vectors) {
    try {
      hold(vector);
    } catch (error) {
      const { id, comment } = vector as { id: string; comment: string };
      throw new Error(`${id} (${comment}): ${(error as Error).message}`, { cause: error });
    }
  }
}

describe('vectors', function () {
  // All of them are made and validated: seconds, and more on a busy machine.
  this.timeout(120_000);
  it('are at least 2,000, and valid by the published schema', () => {
    const schema = readFileSync(join(packageRoot(), 'reports/schema/kmsspec.vectors.1.json'), 'utf8');
    const validate = new Ajv2020({ strictTypes: false }).compile(JSON.parse(schema) as object);
    let count = 0;
    for (const group of GROUP_NAMES) {
      const file = JSON.parse(vectorFileText(fileOf(group))) as { vectors: { id: string }[] };
      expect(validate(file), JSON.stringify(validate.errors?.[0])).to.equal(true);
      expect(new Set(file.vectors.map(({ id }) => id)).size).to.equal(file.vectors.length);
      count += file.vectors.length;
    }
    expect(count).to.be.at.least(2000);
  });

  it('hold every kind of PDU in both byte orders, every stub in every encoding, every error', () => {
    const pdus = new Set(fileOf('pdu').vectors.map(({ kind, bigEndian }) => `${kind} ${bigEndian}`));
    expect(pdus.size).to.equal(2 * 12);
    const stubs = fileOf('stub').vectors;
    expect(new Set(stubs.map((one) => `${one.kind} ${one.transferSyntax} ${one.bigEndian}`)).size).to.equal(
      3 * 4,
    );
    const codes = fileOf('malformed').vectors.map(({ error }) => error.code);
    expect([...new Set(codes)].sort()).to.deep.equal(['bad-value', 'too-long', 'trailing', 'truncated']);
    const orders = fileOf('history').vectors.map(({ hasOrder }) => hasOrder);
    expect(orders.filter((has) => has)).to.have.length(orders.length / 2);
  });

  it('are the same each time', () => {
    for (const group of ['pdu', 'history'] as const) {
      expect(vectorFileText(vectorFile(group)) === vectorFileText(fileOf(group))).to.equal(true);
    }
  });

  it('agree with the codec on PDUs, stubs and messages', () => {
    each('pdu', ({ bytes, kind, header, body, authTrailer }) =>
      expect(asPdu(bytes)).to.deep.equal({ bytes, pdu: { kind, header, body, authTrailer } }),
    );
    each('stub', ({ bytes, kind, value, ...how }) =>
      expect(asStub(bytes, how)).to.deep.equal({ bytes, kind, value }),
    );
    each('message', ({ bytes, of, content, labMac }) =>
      expect(asMessage(bytes, of)).to.deep.equal({ bytes, content, labMac }),
    );
  });

  it('agree with the codec on what is malformed, and where', () => {
    each('malformed', (vector) => expect(errorOf(vector)).to.deep.equal(vector.error));
  });

  it('agree on MACs, fragments and conversations', () => {
    each('mac', ({ key, message, mac }) =>
      expect(
        Buffer.from(createMac(Buffer.from(key, 'hex'))(Buffer.from(message, 'hex'))).toString('hex'),
      ).to.equal(mac),
    );
    each('call', ({ of, pdus, calls, error }) => expect(callsOf(of, pdus)).to.deep.equal({ calls, error }));
    each('conversation', (vector) => expect(conversationOf(vector)).to.deep.equal(vector.exchanges));
  });

  it('agree with the model on grants and counts', () => {
    each('grant', ({ keyGroup, request, hresult }) =>
      expect(decideGrant(request, keyGroup as 'any')).to.equal(hresult),
    );
    each('counting', ({ profile, steps }) => {
      const model = new CountingModel({ ...DEFAULT_PROFILE, ...profile });
      for (const step of steps) {
        if (step.kind !== 'request') model[step.kind]();
        else if ('count' in step.answer) {
          const request = { ...step, isVirtualMachine: step.virtual };
          expect(model.grant(request, step.atMs)).to.equal(step.answer.count);
        } else expect(step.requiredClientCount).to.be.above(1000);
      }
    });
  });

  it('agree with the checker of histories', () => {
    each('history', ({ id, profile, history, hasOrder }) => {
      const { events, start } = parseHistory(JSON.stringify(history), id);
      const { failures } = checkHistory(events, { start, profile: { ...DEFAULT_PROFILE, ...profile } });
      expect(failures.length === 0).to.equal(hasOrder);
    });
  });
});
