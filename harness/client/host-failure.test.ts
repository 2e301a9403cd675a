import { expect } from 'chai';
import { bindNakName, failureOf, isUnreachable } from './host-failure';

const ENDPOINT = { host: 'kms.example', port: 1688 };
const errno = (code: string): Error => Object.assign(new Error(`${code} somewhere`), { code });

describe('what an error of a socket stands for', () => {
  it('is told by where, what and when', () => {
    const refused = failureOf(errno('ECONNREFUSED'), 'connect', ENDPOINT);
    expect(refused.kind).to.equal('refused');
    expect(refused.message).to.equal(
      'kms.example:1688 refused the connection while connecting: nothing listens there',
    );
    const reset = failureOf(errno('EPIPE'), 'request', ENDPOINT);
    expect(reset.kind).to.equal('reset');
    expect(reset.message).to.equal('kms.example:1688 reset the connection, while sending the request');
    const full = failureOf(errno('EMFILE'), 'connect', ENDPOINT);
    expect(full.message).to.equal(
      'kms.example:1688 cannot be reached while connecting: too many open files (ulimit -n)',
    );
  });

  it('is that of the first address that was asked where all were tried', () => {
    const all = new AggregateError([errno('EHOSTUNREACH'), errno('ECONNREFUSED')]);
    const failure = failureOf(all, 'connect', ENDPOINT);
    expect(failure.kind).to.equal('refused');
    expect(failure.cause).to.equal(all);
    expect(failureOf(new AggregateError([], 'none'), 'connect', ENDPOINT).message).to.contain(
      'cannot be talked to (AggregateError: none)',
    );
  });

  it('is unreachable or cut off where the code is unknown, by whether there was a connection', () => {
    const connecting = failureOf(errno('EPROTO'), 'connect', ENDPOINT);
    const later = failureOf(errno('EPROTO'), 'answer', ENDPOINT);
    expect([connecting.kind, later.kind]).to.deep.equal(['unreachable', 'reset']);
    expect([isUnreachable(connecting), isUnreachable(later)]).to.deep.equal([true, false]);
    expect(connecting.message).to.equal('kms.example:1688 cannot be talked to (EPROTO), while connecting');
  });

  it('has words for what is no error of the system', () => {
    for (const thrown of ['gone', new Error('gone'), Object.assign(new Error('gone'), { code: 7 })]) {
      expect(failureOf(thrown, 'answer', ENDPOINT).message).to.match(
        /^kms\.example:1688 cannot be talked to \((Error: )?gone\)/,
      );
    }
  });
});

describe('reasons of a bind_nak', () => {
  it('have names, or their number', () => {
    expect(bindNakName(4)).to.match(/protocol.version/i);
    expect(bindNakName(77)).to.equal('reason 77');
  });
});
