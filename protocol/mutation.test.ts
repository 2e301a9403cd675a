import { encodeRequestStub, stubEncoding } from './stub';
import { decodeAsEverything } from './testing/decode-all';
import { mutate, seededRandom } from './testing/mutate';
import { recordedMessages, recordedPdus } from './testing/recordings';

/** A larger number of them runs in the bench. */
const MUTANTS = 50_000;
const SEED = 20261121;

describe('hostile bytes', () => {
  it(`${MUTANTS} mutants of recorded PDUs, stubs and messages: no error but ProtocolError (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const { request, response, refusal } = recordedMessages();
    const stubs = request.slice(0, 5).map((message) => encodeRequestStub({ message }, stubEncoding('ndr64')));
    const originals = [
      ...recordedPdus().map(({ bytes }) => bytes),
      ...request,
      ...response,
      ...refusal,
      ...stubs,
    ];
    for (let i = 0; i < MUTANTS; i++) {
      decodeAsEverything(mutate(originals[Math.floor(random() * originals.length)]!, random));
    }
  });

  it('all short byte strings of two octets, and every octet alone', () => {
    for (let octet = 0; octet < 256; octet++) decodeAsEverything(Uint8Array.of(octet));
    for (let pair = 0; pair < 65536; pair += 7) decodeAsEverything(Uint8Array.of(pair >> 8, pair & 0xff));
    decodeAsEverything(new Uint8Array(0));
  });
});
