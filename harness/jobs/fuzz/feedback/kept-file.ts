import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fit, parseBoundedJson } from '../../../../reports/results/bounded-json';
import { caseToJson, type FuzzCase } from '../../../cases/case';
import { casesSchema } from '../../../cases/case-schema';
import { whatCannotBeSent } from '../../../cases/conduct/can-be-sent';
import { readAtMostSync } from '../../../support/read-at-most';
import { UsageError } from '../../../support/usage-error';
import { whyUnreadable } from '../../../support/why-unreadable';
import { linesOf } from '../journal-lines';

/** A case takes some hundred bytes, and none is kept twice. */
const MAX_BYTES = 256 << 20;

/** What a campaign with feedback has kept, a case a line, so that one that is taken up, or another, begins with it. */
export class KeptFile {
  /** Begins a line of its own, whatever a kill has left of the one before. */
  #before = '';

  constructor(private readonly file: string) {}

  /** The cases that are there; a line that was cut by a kill is left out. @throws UsageError where they cannot be read */
  read(): FuzzCase[] {
    if (!existsSync(this.file)) return [];
    const text = this.#text();
    if (text !== '' && !text.endsWith('\n')) this.#before = '\n';
    return casesIn(text);
  }

  #text(): string {
    try {
      return readAtMostSync(this.file, MAX_BYTES).toString('utf8');
    } catch (error) {
      const why = whyUnreadable(error);
      throw new UsageError(
        `the kept cases ${this.file} cannot be read (${why}); give another folder with --out`,
        {
          cause: error,
        },
      );
    }
  }

  forget(): void {
    rmSync(this.file, { force: true });
    this.#before = '';
  }

  add(fuzzCase: FuzzCase): void {
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${this.#before}${JSON.stringify(caseToJson(fuzzCase))}\n`);
    this.#before = '';
  }
}

/** A kill cuts a line each: a file of more of them is not of this program. */
const MOST_UNREAD = 10_000;

/** The cases of a text, a line each; those are left out that were cut, that somebody else wrote, or that cannot be sent. */
export function casesIn(text: string): FuzzCase[] {
  const cases: FuzzCase[] = [];
  let unread = 0;
  for (const line of linesOf(text)) {
    if (line === '') continue;
    const read = caseOf(line);
    if (read !== null) cases.push(read);
    else if (++unread > MOST_UNREAD) break;
  }
  return cases;
}

/** What the folder of findings calls it. */
const NAME = 'kept-cases.jsonl';

export const keptIn = (out: string): KeptFile => new KeptFile(join(out, NAME));

/** Null for a line that was cut, that somebody else wrote, or whose case cannot be sent. */
function caseOf(line: string): FuzzCase | null {
  let json: unknown;
  try {
    json = parseBoundedJson(line);
  } catch {
    return null;
  }
  const fitted = fit(casesSchema, [json]);
  return 'data' in fitted && whatCannotBeSent(fitted.data) === null ? fitted.data[0]! : null;
}
