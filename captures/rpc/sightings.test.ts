import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Exchange } from '../../protocol';
import { exchangeToJson, readExchanges, tableRow } from '../index';
import { copiesOf } from '../testing/copies';
import { CORPUS } from '../testing/recorded';

async function exchangesOf(name: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of readExchanges(path.join(CORPUS, 'field', name))) exchanges.push(exchange);
  return exchanges;
}

const placesOf = ({ sightings }: Exchange): string[] | undefined =>
  sightings?.map(({ connection, client, host }) => `${connection} ${client} ${host}`);

describe('a request that a capture shows at several places', () => {
  it('is one exchange, which tells every place, the first as its own', async () => {
    const [exchange, ...more] = await exchangesOf('twice-nat-three-places.pcap');
    expect(more).to.deep.equal([]);
    expect(exchange).to.include({
      index: 0,
      connection: 0,
      client: '192.0.2.10:50000',
      host: '192.0.2.1:1688',
    });
    expect(placesOf(exchange!)).to.deep.equal([
      '0 192.0.2.10:50000 192.0.2.1:1688',
      '1 198.51.100.254:33001 198.51.100.5:1688',
      '2 203.0.113.1:40000 203.0.113.9:16880',
    ]);
    const [first, second] = exchange!.sightings!;
    // 100 µs later there, question and answer.
    expect(second!.requestedAt - first!.requestedAt).to.equal(100_000n);
    expect(second!.answeredAt! - first!.answeredAt!).to.equal(100_000n);
  });

  it('is told in the table and in JSON', async () => {
    const [exchange] = await exchangesOf('twice-balancer.pcap');
    expect(tableRow(exchange!)).to.match(/also seen from 192\.0\.2\.10:50000 to 198\.51\.100\.5:1688$/);
    expect(exchangeToJson(exchange!).sightings).to.have.length(2);
  });

  it('counts as two where it is said again: to another machine later, or on the same way', async () => {
    for (const name of ['twice-in-turn.pcap', 'twice-span-port.pcap']) {
      const exchanges = await exchangesOf(name);
      expect(exchanges.map(({ index }) => index)).to.deep.equal([0, 1]);
      expect(exchanges.map(placesOf)).to.deep.equal([undefined, undefined]);
    }
  });

  it('is another exchange beyond as many places as there are translators: a thousand copies are not held against one another', async () => {
    const recorded = readFileSync(path.join(CORPUS, 'v4-threshold-clients.pcap'));
    const exchanges: Exchange[] = [];
    for await (const exchange of readExchanges(Readable.from([copiesOf(recorded, 80)])))
      exchanges.push(exchange);
    // 30 requests, each at 80 places: 32, 32 and 16 of them.
    expect(exchanges).to.have.length(3 * 30);
  });
});
