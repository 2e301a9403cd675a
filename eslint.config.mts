import type { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

/** What each folder may import of the others: see docs/architecture.md. `harness/cli` is the composition root. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  captures: ['protocol'],
  reports: ['protocol'],
  harness: ['protocol', 'captures', 'reports'],
  scenarios: ['protocol', 'captures', 'harness'],
};

/** A codec owns no socket, file, clock or randomness. */
const NODE_OUTSIDE_PROTOCOL = [
  'net',
  'fs',
  'dns',
  'http',
  'tls',
  'timers',
  'crypto',
  'child_process',
  'worker_threads',
];

const foldersNotImported = (folder: string): string[] => {
  const allowed = MAY_IMPORT[folder] ?? [];
  return Object.keys(MAY_IMPORT).filter((other) => other !== folder && !allowed.includes(other));
};

const boundaryRules = Object.keys(MAY_IMPORT).map(
  (folder): Linter.Config => ({
    files: [`${folder}/**/*.ts`],
    ignores: ['harness/cli/**', '**/*.test.ts', '**/*.system.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...foldersNotImported(folder).map((other) => ({
              regex: `^(\\.\\./)+${other}(/|$)`,
              message: `${folder}/ may not import ${other}/`,
            })),
            ...(folder === 'harness'
              ? [
                  { regex: '^chai$', message: 'the harness asserts nothing' },
                  { regex: '(^|/)cli/', message: 'nothing imports cli/' },
                ]
              : []),
            ...(folder === 'protocol' || folder === 'captures'
              ? (folder === 'protocol' ? NODE_OUTSIDE_PROTOCOL : ['net', 'tls', 'dns']).map((name) => ({
                  regex: `^(node:)?${name}$`,
                  message: `${folder}/ does without ${name}`,
                }))
              : []),
          ],
        },
      ],
    },
  }),
);

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.stryker-tmp/', '**/*.cjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', '**/*.system.ts', 'bench/**', 'examples/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
    },
  },
  ...boundaryRules,
);
