import type { VerbEntry } from './verb';

/** Every verb, in the order of the help. A module is loaded when its verb is asked for, so that `--help` stays quick. */
export const VERBS: readonly VerbEntry[] = [
  {
    name: 'run',
    summary: 'run the conformance scenarios, all by default (CNT, CACHE-03, globs)',
    args: '[ids...]',
    load: () => import('./verbs/run'),
  },
  {
    name: 'replay',
    summary: "send a recorded capture's requests to the target, compare the answers",
    args: '<capture>',
    load: () => import('./verbs/replay'),
  },
  {
    name: 'inspect',
    summary: 'list the KMS exchanges in a capture, field by field',
    args: '<capture>',
    load: () => import('./verbs/inspect'),
  },
  {
    name: 'stream',
    summary: "send a generated CMID stream, show the count after each request beside the model's",
    args: '<notation>',
    load: () => import('./verbs/stream'),
  },
  {
    name: 'host',
    summary: 'run the lab host in the foreground (loopback only)',
    args: '',
    load: () => import('./verbs/host'),
  },
  {
    name: 'ctl',
    summary: "the lab host's controls from another process: reset, restart, advance SECONDS",
    args: '<port> <command> [value]',
    load: () => import('./verbs/ctl'),
  },
  {
    name: 'list',
    summary: 'requirements, scenarios, faults, profiles, products',
    args: '[what]',
    load: () => import('./verbs/list'),
  },
];
