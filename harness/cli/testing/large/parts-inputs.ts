import { readFileSync, writeFileSync } from 'node:fs';
import { fullReport } from '../../../../reports/testing/full-report';
import type { LargeInput } from './large-input';

/** Reports of one run, a line each, of so many bytes together. */
function parts(bytes: number, of: number): string {
  const { trajectory: _t, fleet: _f, replay: _r, discovery: _d, results, ...rest } = fullReport();
  const size = Math.floor(bytes / of);
  const lines: string[] = [];
  for (let index = 1; index <= of; index++) {
    const around = { ...rest, results, findings: [], run: { ...rest.run, shard: { index, of } } };
    const [finding] = rest.findings!;
    const bare = JSON.stringify(around).length;
    const one = JSON.stringify({ ...finding!, id: `count-${index}-0000` }).length + 1;
    const findings = Array.from({ length: Math.max(0, Math.floor((size - bare - 1) / one)) }, (_, k) => ({
      ...finding!,
      id: `count-${index}-${k}`,
    }));
    lines.push(JSON.stringify({ ...around, findings }));
  }
  return lines.join('\n');
}

/** A file for each line of one. @returns their names */
function split(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, i) => {
      const part = `${file}-${i + 1}.json`;
      writeFileSync(part, line);
      return part;
    });
}

const READERS: Readonly<Record<string, (files: readonly string[]) => string[]>> = {
  merge: (files) => ['merge', ...files, '--json', 'out.json', '--html', 'out.html', '--junit', 'out.xml'],
  matrix: (files) => ['matrix', ...files, '--out', 'site'],
  compare: ([old = '', after = old]) => ['compare', old, after, '--html', 'out.html'],
};
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  merge: [2, 40, 800],
  matrix: [2, 40, 800],
  compare: [2],
};

/** What reads several reports: all of them together are as large. */
export const PARTS_INPUTS: readonly LargeInput[] = Object.entries(READERS).flatMap(([verb, argv]) =>
  NUMBERS[verb]!.map((number) => ({
    format: `reports to ${verb}`,
    shape: `${number} of them`,
    make: (bytes: number) => parts(bytes, number),
    argv: (file: string) => argv(split(file)),
  })),
);
