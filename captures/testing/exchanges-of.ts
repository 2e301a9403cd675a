import path from 'node:path';
import type { Exchange } from '../../protocol';
import { readExchanges } from '../index';
import { CORPUS } from './recorded';

/** What a capture of the corpus holds, and the report of reading it. */
export async function exchangesOf(name: string) {
  const reader = readExchanges(path.join(CORPUS, name), { name });
  const exchanges: Exchange[] = [];
  for await (const exchange of reader) exchanges.push(exchange);
  return { exchanges, report: reader.report! };
}
