import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readExchanges } from '../../../captures';
import { UsageError } from '../../support/usage-error';
import { whyUnreadable } from '../../support/why-unreadable';

/** Recorded PDUs that cases mutate, in an order that depends on the files alone. */
export interface Corpus {
  readonly pdus: readonly { readonly bytes: Uint8Array }[];
  /** What campaigns are told apart by: the same seed makes other cases of another corpus. */
  readonly digest: string;
}

export const NO_CORPUS: Corpus = { pdus: [], digest: 'none' };

/** Distinct shapes matter, not how often one was recorded. */
const MAX_PDUS = 500;

/**
 * Reads the requests of every capture in a folder.
 * @param signal ends the reading: the requests that were met by then are the corpus
 * @throws UsageError where the folder cannot be read or holds no capture; CaptureError for a file that is none
 */
export async function readCorpus(folder: string, signal?: AbortSignal): Promise<Corpus> {
  let files: string[];
  try {
    files = (await readdir(folder)).filter((file) => /\.(pcap|pcapng|cap)(\.gz)?$/.test(file)).sort();
  } catch (error) {
    throw new UsageError(`the corpus ${folder} cannot be read (${whyUnreadable(error)})`, {
      cause: error,
    });
  }
  if (files.length === 0) throw new UsageError(`the corpus ${folder} holds no capture: *.pcap or *.pcapng`);
  const distinct = new Map<string, { bytes: Uint8Array }>();
  for (const file of files) {
    for await (const { pdus } of readExchanges(join(folder, file), { signal })) {
      if (distinct.size >= MAX_PDUS) break;
      for (const pdu of pdus.sent) {
        const bytes = Uint8Array.from(pdu);
        distinct.set(Buffer.from(bytes).toString('latin1'), { bytes });
      }
    }
  }
  const pdus = [...distinct.values()].slice(0, MAX_PDUS);
  const hash = createHash('sha256');
  for (const { bytes } of pdus) hash.update(bytes);
  return { pdus, digest: hash.digest('hex').slice(0, 16) };
}
