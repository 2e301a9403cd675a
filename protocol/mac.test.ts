import { expect } from 'chai';
import fc from 'fast-check';
import { createCipheriv } from 'node:crypto';
import { hex } from './codec/json';
import { createMac, LAB_KEY } from './mac';
import { verifyMac } from './message';
import { expectProtocolError } from './testing/expect-error';
import { cutPdus, recordedConnections } from './testing/recordings';
import { textbookEncrypt, textbookMac } from './textbook-rijndael';

const mac = createMac(LAB_KEY);
const [firstConnection] = recordedConnections('v4-threshold-clients.pcap');
const firstRequest = cutPdus(firstConnection!.sent)[1]!.subarray(24 + 8);
const firstResponse = cutPdus(firstConnection!.received)[1]!.subarray(24 + 12, 24 + 12 + 158);

describe('MAC', () => {
  const vectors: readonly [name: string, message: Uint8Array, expected: string][] = [
    ['empty', new Uint8Array(0), '433ad7bef406010fbf349193972982f8'],
    ['15 zero bytes: one octet of padding', new Uint8Array(15), 'f93c2286ff331239493a74b02b2b71f5'],
    ['16 zero bytes: a block of padding', new Uint8Array(16), 'e7cd23b2b46b3e9674f4f0644735c161'],
    ['00 to 10, 17 bytes', Uint8Array.from({ length: 17 }, (_, i) => i), 'eada58adcca30bbc35b2956c9cbb6cb7'],
    ['the first recorded request', firstRequest.subarray(0, 236), '3644df9401ff5c49bfac89d051e5c20a'],
    ['the first recorded response', firstResponse.subarray(0, -16), '87eb9ddb41544a82789c76f2e4bc9c70'],
  ];
  for (const [name, message, expected] of vectors) {
    it(`of ${name}`, () => {
      expect(hex(mac(message))).to.equal(expected);
      expect(hex(textbookMac(LAB_KEY, message))).to.equal(expected);
    });
  }

  it('is what the textbook cipher gives, for any key and message', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20, size: 'max' }),
        fc.uint8Array({ maxLength: 100, size: 'max' }),
        (key, message) => hex(createMac(key)(message)) === hex(textbookMac(key, message)),
      ),
      { numRuns: 60 },
    );
  });

  it('does not depend on the messages before, however alike they begin', () => {
    const one = createMac(LAB_KEY);
    const begin = fc.uint8Array({ minLength: 400, maxLength: 400, size: 'max' });
    const cut = fc.record({ length: fc.nat(400), changed: fc.option(fc.nat(399)) });
    fc.assert(
      fc.property(begin, fc.array(cut, { minLength: 2, maxLength: 8 }), (bytes, cuts) => {
        for (const { length, changed } of cuts) {
          const message = bytes.slice(0, length);
          if (changed !== null && changed < length) message[changed]! ^= 1;
          expect(hex(one(message))).to.equal(hex(createMac(LAB_KEY)(message)));
        }
      }),
    );
  });

  it('is checked by a textbook cipher that is itself AES where AES has the key size', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(16, 24, 32)
          .chain((size) => fc.uint8Array({ minLength: size, maxLength: size, size: 'max' })),
        fc.uint8Array({ minLength: 16, maxLength: 16, size: 'max' }),
        (key, block) => {
          const aes = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
          return hex(aes.update(block)) === hex(textbookEncrypt(key, block));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a key of another size', () => {
    for (const size of [0, 16, 19, 21, 32]) {
      const error = expectProtocolError(() => createMac(new Uint8Array(size)));
      expect(error).to.include({ code: 'bad-input', path: 'mac.key', actual: `${size} bytes` });
    }
  });

  it('does not keep the key that it was made from', () => {
    const key = Uint8Array.from(LAB_KEY);
    const made = createMac(key);
    key.fill(0);
    expect(hex(made(new Uint8Array(0)))).to.equal('433ad7bef406010fbf349193972982f8');
  });

  it('is verified: every flipped bit of a message or its MAC shows', () => {
    const signed = Buffer.concat([firstRequest.subarray(0, 236), mac(firstRequest.subarray(0, 236))]);
    expect(verifyMac(signed, mac)).to.be.true;
    for (let bit = 0; bit < 8 * signed.length; bit += 7) {
      const bent = Buffer.from(signed);
      bent[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyMac(bent, mac), `bit ${bit}`).to.be.false;
    }
    expect(verifyMac(mac(new Uint8Array(0)), mac), 'of nothing').to.be.true;
    for (const size of [0, 1, 15]) expect(verifyMac(signed.subarray(0, size), mac)).to.be.false;
  });
});
