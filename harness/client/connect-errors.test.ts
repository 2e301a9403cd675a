import { expect } from 'chai';
import { LocalLimits } from '../support/local-limits';
import { lacksFamily } from './connect-errors';
import { failureOf } from './host-failure';

const ENDPOINT = { host: 'kms', port: 1688 };
const error = (code: string, address: string): Error => Object.assign(new Error(code), { code, address });

const LOOPBACK_4 = { family: 'IPv4', internal: true } as const;
const LOOPBACK_6 = { family: 'IPv6', internal: true } as const;
const OUTER_6 = { family: 'IPv6', internal: false } as const;

describe('what an error of a connection says', () => {
  for (const [codes, kind] of [
    [['EADDRNOTAVAIL', 'ECONNREFUSED'], 'refused'],
    [['ENETUNREACH', 'ETIMEDOUT'], 'timed-out'],
    [['ECONNREFUSED', 'ENETUNREACH'], 'refused'],
    [['ENETUNREACH', 'EHOSTUNREACH'], 'unreachable'],
  ] as const) {
    it(`goes by the address that was asked: ${codes.join(', ')}`, () => {
      const limits = new LocalLimits();
      const several = new AggregateError(codes.map((code, i) => error(code, i === 0 ? '::1' : '127.0.0.1')));
      expect(failureOf(several, 'connect', ENDPOINT).kind).to.equal(kind);
      expect(limits.met).to.deep.equal([]);
    });
  }

  it('is that ports are taken where that is so of every address', () => {
    const limits = new LocalLimits();
    const several = new AggregateError([error('EADDRNOTAVAIL', '127.0.0.1'), error('ENETUNREACH', '::2')]);
    expect(failureOf(several, 'connect', ENDPOINT).kind).to.equal('local-limit');
    expect(limits.met).to.deep.equal(['no local port or address is left']);
  });

  for (const [what, code, address, interfaces, lacks] of [
    ['no IPv6 at all', 'EADDRNOTAVAIL', '::1', [LOOPBACK_4], true],
    ['none but that of this machine', 'EADDRNOTAVAIL', '2001:db8::1', [LOOPBACK_4, LOOPBACK_6], true],
    ['all ports to ::1', 'EADDRNOTAVAIL', '::1', [LOOPBACK_4, LOOPBACK_6], false],
    ['all ports to another machine', 'EADDRNOTAVAIL', '2001:db8::1', [OUTER_6], false],
    ['all ports by IPv4', 'EADDRNOTAVAIL', '127.0.0.1', [LOOPBACK_4], false],
    ['no way', 'ENETUNREACH', '2001:db8::1', [LOOPBACK_4], false],
  ] as const) {
    it(`tells ${lacks ? 'a family that is not there' : 'another thing'} from ports that are taken: ${what}`, () => {
      expect(
        lacksFamily(error(code, address), () => ({})),
        'the system does not tell',
      ).to.equal(false);
      expect(lacksFamily(error(code, address), () => ({ lo: [...interfaces], gone: undefined }))).to.equal(
        lacks,
      );
    });
  }
});
