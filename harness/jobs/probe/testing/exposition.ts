/** One sample of the text that was read. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\\\n]|\\\\\\\\|\\\\n)*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(.*)\\})? (NaN|[+-]?Inf|[+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)$`,
  's',
);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/;

/**
 * Reads the text format 0.0.4 by its description (Prometheus, "Exposition formats") and refuses what that does not allow: lines that do not
 * end, HELP or TYPE twice or behind a sample, samples of one metric apart from each other, a series twice, wrong escapes.
 */
export function readExposition(text: string): ExposedSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end in a line feed');
  const samples: ExposedSample[] = [];
  const seen = {
    help: new Set<string>(),
    type: new Set<string>(),
    series: new Set<string>(),
    done: new Set<string>(),
  };
  let current = '';
  const enter = (name: string, line: string): void => {
    if (name === current) return;
    if (seen.done.has(name)) throw new Error(`${line}: the lines of ${name} do not stand together`);
    if (current !== '') seen.done.add(current);
    current = name;
  };
  const once = (set: Set<string>, key: string, line: string): void => {
    if (set.has(key)) throw new Error(`${line}: comes twice`);
    set.add(key);
  };
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = HELP.exec(line) ?? TYPE.exec(line);
    if (comment !== null) {
      enter(comment[1]!, line);
      once(line.startsWith('# HELP') ? seen.help : seen.type, comment[1]!, line);
      if (samples.some(({ name }) => name === comment[1])) throw new Error(`${line}: stands behind a sample`);
      continue;
    }
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`${line}: is no line of the format`);
    enter(name, line);
    const sample = { name, labels: readLabels(labels, line), value: Number(value) };
    once(seen.series, JSON.stringify([name, Object.entries(sample.labels).sort()]), line);
    if (!seen.type.has(name)) throw new Error(`${line}: has no TYPE`);
    samples.push(sample);
  }
  return samples;
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const match = LABEL.exec(rest);
    if (match === null || match[1]! in labels) throw new Error(`${line}: wrong labels`);
    labels[match[1]!] = match[2]!.replace(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    );
    rest = rest.slice(match[0].length);
  }
  return labels;
}
