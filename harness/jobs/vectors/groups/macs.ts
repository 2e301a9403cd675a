import { LAB_KEY } from '../../../../protocol';
import { Random } from '../../../support/random';
import { hexOf, octetsOf } from '../plain/lay-out';
import { RECORDINGS, recordedConnections } from '../plain/recordings';
import { readStub, recordedCalls } from '../plain/recorded-calls';
import { labMac, MAC_OCTETS } from './lab-mac';
import { counted, MADE, type Unnumbered } from './made';

type MacVector = Unnumbered<'mac'>;

const vector = (comment: string, octets: readonly number[], source = MADE): MacVector => ({
  comment,
  source,
  key: hexOf([...LAB_KEY]),
  message: hexOf(octets),
  mac: labMac(octets),
});

/** MACs under the published lab key: every size about a block and beyond, and what recorded messages would have. */
export function* macs(): Generator<MacVector> {
  for (let size = 0; size <= 65; size++)
    yield vector(`${size} octets, each one more`, octetsOf(counted(size, 0)));
  for (const size of [15, 16, 17, 31, 32, 33, 142, 236]) {
    yield vector(`${size} zeros`, octetsOf('00'.repeat(size)));
    yield vector(`${size} octets of ff`, octetsOf('ff'.repeat(size)));
  }
  yield vector('what padding looks like', octetsOf(`80${'00'.repeat(15)}`));
  const random = new Random(23);
  for (let i = 0; i < 20; i++) yield vector('drawn at random', [...random.bytes(random.int(0, 300))]);
  for (const recording of RECORDINGS.slice(0, 4)) {
    for (const { request, answer, transferSyntax } of recordedConnections(recording)
      .flatMap(recordedCalls)
      .slice(0, 3)) {
      const answered = readStub('answer', answer, transferSyntax);
      const stubs = [readStub('request', request, transferSyntax), answered].filter(
        ({ kind }) => kind !== 'refusal',
      );
      for (const { kind, value } of stubs) {
        const message = octetsOf(value['message'] as string);
        yield vector(
          `a recorded ${kind} less its MAC, which is that of another key`,
          message.slice(0, -MAC_OCTETS),
          recording,
        );
      }
    }
  }
}
