import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fit, parseBoundedJson } from '../../../../reports/results/bounded-json';
import { caseToJson, type FuzzCase } from '../../../cases/case';
import { casesSchema } from '../../../cases/case-schema';

/** What a campaign with feedback has kept, a case a line, so that one that is taken up, or another, begins with it. */
export class KeptFile {
  constructor(private readonly file: string) {}

  /** The cases that are there; a line that was cut by a kill is left out. */
  read(): FuzzCase[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8').split('\n').flatMap(caseOf);
  }

  forget(): void {
    rmSync(this.file, { force: true });
  }

  add(fuzzCase: FuzzCase): void {
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(caseToJson(fuzzCase))}\n`);
  }
}

/** What the folder of findings calls it. */
const NAME = 'kept-cases.jsonl';

export const keptIn = (out: string): KeptFile => new KeptFile(join(out, NAME));

/** Nothing for a line that was cut, or that somebody else wrote. */
function caseOf(line: string): readonly FuzzCase[] {
  let json: unknown;
  try {
    json = parseBoundedJson(line);
  } catch {
    return [];
  }
  const fitted = fit(casesSchema, [json]);
  return 'data' in fitted ? fitted.data : [];
}
