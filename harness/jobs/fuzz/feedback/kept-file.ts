import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fit, parseBoundedJson } from '../../../../reports/results/bounded-json';
import { caseToJson, type FuzzCase } from '../../../cases/case';
import { casesSchema } from '../../../cases/case-schema';
import { linesOf } from '../journal-lines';

/** What a campaign with feedback has kept, a case a line, so that one that is taken up, or another, begins with it. */
export class KeptFile {
  constructor(private readonly file: string) {}

  /** The cases that are there; a line that was cut by a kill is left out. */
  read(): FuzzCase[] {
    if (!existsSync(this.file)) return [];
    const cases: FuzzCase[] = [];
    let unread = 0;
    for (const line of linesOf(readFileSync(this.file, 'utf8'))) {
      if (line === '') continue;
      const read = caseOf(line);
      if (read !== null) cases.push(read);
      else if (++unread > MOST_UNREAD) break;
    }
    return cases;
  }

  forget(): void {
    rmSync(this.file, { force: true });
  }

  add(fuzzCase: FuzzCase): void {
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(caseToJson(fuzzCase))}\n`);
  }
}

/** A kill cuts a line each: a file of more of them is not of this program. */
const MOST_UNREAD = 10_000;

/** What the folder of findings calls it. */
const NAME = 'kept-cases.jsonl';

export const keptIn = (out: string): KeptFile => new KeptFile(join(out, NAME));

/** Null for a line that was cut, or that somebody else wrote. */
function caseOf(line: string): FuzzCase | null {
  let json: unknown;
  try {
    json = parseBoundedJson(line);
  } catch {
    return null;
  }
  const fitted = fit(casesSchema, [json]);
  return 'data' in fitted ? fitted.data[0]! : null;
}
