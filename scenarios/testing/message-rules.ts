/** What no message of a failure may be like, and the sentence that a test says of one that is. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^(?!sent )/, 'it does not begin with what was sent'],
  [/^sent nothing; (?!its own )/, 'it does not say what was sent'],
  [/Buffer|\[object|Uint8Array|\bundefined\b|[{}]|…\(/, 'it shows an object of the program'],
  [/\d+n\b/, 'it shows a bigint as code does'],
  [/\b(?:[3-9]\d{9}|2[2-9]\d{8}|4[67]\d{7})\b(?! \(0x)/, 'it has a status in decimal'],
  [/expected (true|false)\b|: whether /, 'it compares truth and not what is there'],
  [/expected ([^,;]+), received \1[,;( ]/, 'what it expects is what came'],
  [/127\.0\.0\.1:\d+/, 'it names the port of a lab host'],
  [/at offset \d+\b(?! of the )/, 'an offset does not say what it counts from'],
  [
    /\bto (?:deeply )?equal\b|\bto be (?:below|above|at (?:least|most)|one of|within)\b/,
    "it is in an assertion library's words",
  ],
  [/'(?:granted|fault|refused|nothing)'/, 'it has a word of the program for an answer'],
];

/** What is wrong with a message that a failed requirement shows; empty where nothing is. */
export const messageProblems = (message: string): string[] =>
  RULES.filter(([pattern]) => pattern.test(message)).map(([, problem]) => problem);
