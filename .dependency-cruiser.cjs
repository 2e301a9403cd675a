/**
 * What may import what, for `npm run lint`. The table is .floors.json: a room is a folder, a file belongs to the innermost room around it,
 * and each room may import itself and the rooms listed. docs/architecture.md draws its picture from the same table, and
 * test/floors.test.ts plants imports on each floor to see that the forbidden ones are refused.
 */
const ROOMS = require('./.floors.json');

/** What a room does without, of Node's own modules and of packages. */
const WITHOUT = {
  protocol: ['net', 'fs', 'dns', 'http', 'tls', 'timers', 'crypto', 'child_process', 'worker_threads'],
  captures: ['net', 'tls', 'dns'],
  harness: ['chai'],
};

const NO_TESTS = '(\\.(test|system)\\.ts$|/testing/)';

/** Matches the files of a room, and not those of rooms within it. */
function filesOf(room) {
  const within = Object.keys(ROOMS)
    .filter((other) => other.startsWith(`${room}/`))
    .map((other) => other.slice(room.length + 1));
  return within.length === 0 ? `^${room}/` : `^${room}/(?!(${within.join('|')})/)`;
}

const top = [...new Set(Object.keys(ROOMS).map((room) => room.split('/')[0]))];

module.exports = {
  forbidden: [
    {
      name: 'no circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `floors: ${room}`,
      comment: `${room}/ imports ${allowed.join(', ') || 'nothing of ours'}`,
      severity: 'error',
      from: { path: filesOf(room) },
      to: { path: `^(${top.join('|')})/`, pathNot: [room, ...allowed].map(filesOf) },
    })),
    {
      name: 'floors: no job knows another',
      comment: 'what two jobs need goes down a floor',
      severity: 'error',
      from: { path: '^harness/jobs/([^/]+)/' },
      to: { path: '^harness/jobs/', pathNot: '^harness/jobs/$1/' },
    },
    {
      name: 'nothing that ships needs what is there to develop',
      severity: 'error',
      from: { path: `^(${top.join('|')})/` },
      // TypeScript is there to develop and an optional peer of what ships.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['npm-peer'] },
    },
    ...Object.entries(WITHOUT).map(([folder, names]) => ({
      name: `${folder}/ does without ${names.join(', ')}`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: { path: `(^|node_modules/)(${names.join('|')})(/|$)` },
    })),
  ],
  options: {
    exclude: { path: NO_TESTS },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
  },
};
