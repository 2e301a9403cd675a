import { expect } from 'chai';
import { setTcpChecksum } from '../net/checksum';
import { rewriteIp, rewriteTcp } from './frame-rewriter';
import { Pseudonyms } from './pseudonyms';

const IP = 40;

/** An IPv6 header with these extension headers, their content all 0xab, and TCP behind them. */
function withExtensions(...extensions: readonly (readonly [type: number, octets: number])[]): Buffer {
  const types = extensions.map(([type]) => type);
  const header = Buffer.alloc(IP, 0x20);
  header[0] = 0x60;
  header[6] = types[0]!;
  const bodies = extensions.map(([type, octets], index) => {
    const body = Buffer.alloc(octets, 0xab);
    body[0] = types[index + 1] ?? 6;
    if (type !== 44) body[1] = type === 51 ? octets / 4 - 2 : octets / 8 - 1;
    return body;
  });
  return Buffer.concat([header, ...bodies]);
}

const extensionsOf = (frame: Buffer): string => {
  const copy = Buffer.from(frame);
  rewriteIp(copy, 0, copy.length, new Pseudonyms('seed'));
  return copy.subarray(IP).toString('hex');
};

describe('extension headers of an anonymised packet', () => {
  it('keep their chain and lengths, and nothing of their content', () => {
    // Routing (43): segments left becomes 0. Authentication (51) counts its length in words.
    expect(extensionsOf(withExtensions([43, 16]))).to.equal(`0601ab${'00'.repeat(13)}`);
    expect(extensionsOf(withExtensions([51, 12]))).to.equal(`0601${'00'.repeat(10)}`);
    expect(extensionsOf(withExtensions([0, 8], [60, 8]))).to.equal('3c00010400000000' + '0600010400000000');
    expect(extensionsOf(withExtensions([51, 12], [43, 8]))).to.equal(
      `2b01${'00'.repeat(10)}` + `0600ab${'00'.repeat(5)}`,
    );
  });

  it('leave in a fragment header where the fragment belongs, under an identification of its own', () => {
    const [first, again] = [0, 1].map(() => extensionsOf(withExtensions([44, 8])));
    expect(first)
      .to.match(/^06ababab/)
      .and.not.contain('abababab'.repeat(2));
    expect(again).to.equal(first);
  });

  it('pad options longer than one padding option can be', () => {
    const options = Buffer.from(extensionsOf(withExtensions([60, 520])), 'hex').subarray(2);
    for (let at = 0; at < options.length; ) {
      expect(options[at]).to.equal(1);
      const length = options[at + 1]!;
      expect(options.subarray(at + 2, at + 2 + length).every((octet) => octet === 0)).to.equal(true);
      at += 2 + length;
      expect(at).to.be.at.most(options.length);
    }
  });
});

describe('TCP options of an anonymised packet', () => {
  /** A TCP header with these options and four octets of payload. */
  const rewritten = (options: string, captured?: number): Buffer => {
    const octets = Buffer.from(options, 'hex');
    const segment = Buffer.concat([Buffer.alloc(20, 0x11), octets, Buffer.from('data')]);
    segment[12] = ((20 + octets.length) / 4) << 4;
    const bytes = segment.subarray(0, captured);
    rewriteTcp(bytes, 0, segment.length, Buffer.alloc(8, 1));
    return bytes;
  };
  const optionsOf = (options: string): string =>
    rewritten(options)
      .subarray(20, 20 + options.length / 2)
      .toString('hex');

  it('keep what tells nothing of anybody, and give way to no-operation where they may', () => {
    expect(optionsOf('020405b401030307')).to.equal('020405b401030307'); // segment size, no-op, window scale
    expect(optionsOf('13120102030405060708090a0b0c0d0e0f100101')).to.equal('01'.repeat(20)); // an MD5 signature
    expect(optionsOf('01fe04aa')).to.equal('01010101');
  });

  it('leave nothing behind the end of options', () => {
    expect(optionsOf('0204ffff00abcdef')).to.equal('0204ffff00000000');
  });

  it('do not go beyond the header, whatever length they claim', () => {
    const bytes = rewritten('fdff0000');
    expect(bytes.subarray(20, 24).toString('hex')).to.equal('01010101');
    expect(bytes.subarray(24).toString()).to.equal('data');
    expect(optionsOf('010101fd')).to.equal('01010101');
    expect(optionsOf('fd000101')).to.equal('01010101');
  });

  it('have a right checksum where the segment is whole, and none where it was cut', () => {
    const whole = rewritten('01010101');
    const checked = Buffer.from(whole);
    setTcpChecksum(checked, 0, checked.length, Buffer.alloc(8, 1));
    expect(whole.equals(checked)).to.equal(true);
    expect(whole.readUInt16BE(16)).to.not.equal(0x1111);
    expect(rewritten('01010101', 26).readUInt16BE(16)).to.equal(0);
  });
});
