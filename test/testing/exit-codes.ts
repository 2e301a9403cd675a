/** One command for each exit code that ends by itself; those of signals are in signals.test.ts. */
export const EXIT_CODES: readonly (readonly [number, ...string[]])[] = [
  [0, 'run', 'MSG-01'],
  [1, 'run', 'MSG-02', '--fault', 'nil-cmid'],
  [2, 'run', 'CNT-99'],
  [3, 'run', 'MSG-01', '--target', '127.0.0.1:1'],
  [4, 'run', 'DNS'],
];
