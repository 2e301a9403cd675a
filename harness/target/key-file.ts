import { MAC_KEY_SIZE } from '../../protocol';
import { readAtMost } from '../support/read-at-most';
import { shownFile } from '../support/shown-file';
import { UsageError } from '../support/usage-error';
import { problemOfReading } from '../support/why-unreadable';

/** A key is 40 digits; a file beyond this is something else. */
const MAX_FILE_SIZE = 4096;

/** A key file that cannot be used. The message never holds any of its content. */
export class KeyFileError extends UsageError {
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(
      `the key file ${shownFile(file)} ${problem}; it must hold ${MAC_KEY_SIZE} bytes as ${2 * MAC_KEY_SIZE} hexadecimal digits`,
      options,
    );
    this.name = 'KeyFileError';
  }
}

/**
 * Reads the key for the MAC: 20 bytes in hex, white space aside.
 * @throws KeyFileError
 */
export async function readKeyFile(file: string): Promise<Uint8Array> {
  const digits = (await content(file)).replace(/\s+/g, '');
  if (digits === '') throw new KeyFileError(file, 'is empty');
  const other = /[^0-9a-fA-F]/.exec(digits);
  if (other !== null) throw new KeyFileError(file, `holds something else than hexadecimal digits`);
  if (digits.length !== 2 * MAC_KEY_SIZE) throw new KeyFileError(file, `holds ${digits.length} digits`);
  return Buffer.from(digits, 'hex');
}

async function content(file: string): Promise<string> {
  try {
    return (await readAtMost(file, MAX_FILE_SIZE)).toString('latin1');
  } catch (error) {
    throw new KeyFileError(file, problemOfReading(error), { cause: error });
  }
}
