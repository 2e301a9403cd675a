import { commandLine } from '../../../reports/results/command-line';
import type { DifferenceExplanation } from './explanation';
import { sourceLines } from './requirement-lines';

/** What people read of a difference between two hosts. */
export function differenceLines(explained: DifferenceExplanation): string[] {
  const { difference, hosts, requirement, against, sent, captures, repeat, also } = explained;
  const { id, title, message, requests, shrunkFrom, index } = difference;
  const size = requests === 1 ? '1 request' : `${requests} requests`;
  const from = index < 0 ? 'asked whatever the seed' : `case ${index}`;
  return [
    `${id}: ${title}`,
    ...hosts.map(
      ({ name, address, profile }, at) => `${'AB'[at]} is ${name}, ${address}, profile ${profile}`,
    ),
    '',
    `what was sent to both, ${size} (shrunk from ${shrunkFrom}; ${from}):`,
    ...sent.map((step, at) => `  ${at + 1}. ${step}`),
    message,
    ...(requirement === undefined
      ? []
      : [
          `${against ?? 'one of them'} breaks ${requirement.id} (${requirement.level}): the host ${requirement.title}`,
          ...sourceLines(requirement.sources),
        ]),
    ...(captures.length === 0
      ? []
      : [
          '',
          'what went over the wire:',
          ...captures.map((file) => `  ${commandLine(['kmsspec', 'inspect', file])}`),
        ]),
    '',
    'again:',
    ...repeat.map((line) => `  ${line}`),
    ...(also.length === 0
      ? []
      : ['', 'the same conversation shows:', ...also.map((other) => `  ${other.id}: ${other.title}`)]),
  ];
}
