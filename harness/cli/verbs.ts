import type { VerbEntry } from './verb';

/* eslint-disable @typescript-eslint/no-require-imports -- a CommonJS package loads a module when it is asked for by require */

/** Every verb, in the order of the help. A module is loaded when its verb is asked for, so that `--help` stays quick. */
export const VERBS: readonly VerbEntry[] = [
  {
    name: 'run',
    summary: 'run the conformance scenarios, all by default (CNT, CACHE-03, globs)',
    args: '[ids...]',
    load: () => require('./verbs/run') as typeof import('./verbs/run'),
  },
  {
    name: 'replay',
    summary: "send a recorded capture's requests to the target, compare the answers",
    args: '<capture>',
    load: () => require('./verbs/replay') as typeof import('./verbs/replay'),
  },
  {
    name: 'inspect',
    summary: 'list the KMS exchanges in a capture, field by field',
    args: '<capture>',
    load: () => require('./verbs/inspect') as typeof import('./verbs/inspect'),
  },
  {
    name: 'stream',
    summary: "send a generated CMID stream, show the count after each request beside the model's",
    args: '<notation>',
    load: () => require('./verbs/stream') as typeof import('./verbs/stream'),
  },
  {
    name: 'record',
    summary: 'stand between clients and the target, and record to pcapng',
    args: '',
    load: () => require('./verbs/record') as typeof import('./verbs/record'),
  },
  {
    name: 'anonymise',
    summary: 'rewrite names, CMIDs and addresses in a capture, consistently',
    args: '<in> <out>',
    load: () => require('./verbs/anonymise') as typeof import('./verbs/anonymise'),
  },
  {
    name: 'fleet',
    summary: 'simulate a fleet of clients against the target in virtual time',
    args: '',
    load: () => require('./verbs/fleet') as typeof import('./verbs/fleet'),
  },
  {
    name: 'fuzz',
    summary: 'fuzz the target, shrink what is found, save reproducers',
    args: '',
    load: () => require('./verbs/fuzz') as typeof import('./verbs/fuzz'),
  },
  {
    name: 'load',
    summary: 'open-loop load with latency percentiles',
    args: '',
    load: () => require('./verbs/load') as typeof import('./verbs/load'),
  },
  {
    name: 'host',
    summary: 'run the lab host in the foreground (loopback only)',
    args: '',
    load: () => require('./verbs/host') as typeof import('./verbs/host'),
  },
  {
    name: 'ctl',
    summary: "the lab host's controls from another process: reset, restart, advance SECONDS",
    args: '<port> <command> [value]',
    load: () => require('./verbs/ctl') as typeof import('./verbs/ctl'),
  },
  {
    name: 'compare',
    summary: 'what changed between two reports',
    args: '<old> <new>',
    load: () => require('./verbs/compare') as typeof import('./verbs/compare'),
  },
  {
    name: 'merge',
    summary: 'one report out of the shards of a run',
    args: '<parts...>',
    load: () => require('./verbs/merge') as typeof import('./verbs/merge'),
  },
  {
    name: 'report',
    summary: 'write other formats from a saved result',
    args: '<result>',
    load: () => require('./verbs/report') as typeof import('./verbs/report'),
  },
  {
    name: 'list',
    summary: 'requirements, scenarios, faults, profiles, products, fields',
    args: '[what]',
    load: () => require('./verbs/list') as typeof import('./verbs/list'),
  },
  {
    name: 'discover',
    summary: "look up and judge a domain's KMS hosts",
    args: '[domains...]',
    load: () => require('./verbs/discover') as typeof import('./verbs/discover'),
  },
  {
    name: 'probe',
    summary: 'one good request, for monitoring',
    args: '',
    load: () => require('./verbs/probe') as typeof import('./verbs/probe'),
  },
  {
    name: 'correlate',
    summary: "hold a capture or a report against a host's event log",
    args: '<capture> <events>',
    load: () => require('./verbs/correlate') as typeof import('./verbs/correlate'),
  },
  {
    name: 'dissector',
    summary: 'print the Wireshark dissector',
    args: '',
    load: () => require('./verbs/dissector') as typeof import('./verbs/dissector'),
  },
];
