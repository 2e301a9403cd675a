import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fit, parseBoundedJson } from '../../../../reports/results/bounded-json';
import { caseToJson, type FuzzCase } from '../../../cases/case';
import { casesSchema } from '../../../cases/case-schema';
import { whatCannotBeSent } from '../../../cases/conduct/can-be-sent';

/** What a campaign with feedback has kept, a case a line, so that one that is taken up, or another, begins with it. */
export class KeptFile {
  /** Begins a line of its own, whatever a kill has left of the one before. */
  #before = '';

  constructor(private readonly file: string) {}

  /** The cases that are there; a line that was cut by a kill is left out. */
  read(): FuzzCase[] {
    if (!existsSync(this.file)) return [];
    const text = readFileSync(this.file, 'utf8');
    if (text !== '' && !text.endsWith('\n')) this.#before = '\n';
    return casesIn(text);
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

/** The cases of a text, a line each; those are left out that were cut, that somebody else wrote, or that cannot be sent. */
export const casesIn = (text: string): FuzzCase[] => text.split('\n').flatMap(caseOf);

/** What the folder of findings calls it. */
const NAME = 'kept-cases.jsonl';

export const keptIn = (out: string): KeptFile => new KeptFile(join(out, NAME));

function caseOf(line: string): readonly FuzzCase[] {
  let json: unknown;
  try {
    json = parseBoundedJson(line);
  } catch {
    return [];
  }
  const fitted = fit(casesSchema, [json]);
  return 'data' in fitted && whatCannotBeSent(fitted.data) === null ? fitted.data : [];
}
