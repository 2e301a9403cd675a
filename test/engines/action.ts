import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../harness/support/package-root';

const stepSchema = z.strictObject({
  name: z.string(),
  id: z.string().optional(),
  if: z.string().optional(),
  shell: z.literal('bash').optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  with: z.record(z.string(), z.string()).optional(),
});

/** What GitHub's documentation lets the metadata of a composite action hold, as far as ours does; nothing else may stand there. */
const actionSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({ using: z.literal('composite'), steps: z.array(stepSchema) }),
  branding: z.record(z.string(), z.string()).optional(),
});

export type ActionStep = z.infer<typeof stepSchema>;

export const readAction = (): z.infer<typeof actionSchema> =>
  actionSchema.parse(parse(readFileSync(join(packageRoot(), 'action.yml'), 'utf8')));

/** The expressions of GitHub that the action uses, with what they stand for. @throws for one that nothing stands for */
export function evaluated(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*([^}\s]+)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing stands for ${name}`);
    return value;
  });
}

/** Runs a step as GitHub does: its lines in a file, by `bash -e -o pipefail`. */
export function runStep(
  { run = '', env = {} }: ActionStep,
  values: Readonly<Record<string, string>>,
  { cwd, more }: { readonly cwd: string; readonly more: Readonly<Record<string, string>> },
): { code: number | null; stdout: string; stderr: string } {
  const own = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, evaluated(text, values)]));
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', evaluated(run, values)],
    {
      cwd,
      env: { ...process.env, ...more, ...own },
      encoding: 'utf8',
      timeout: 200_000,
    },
  );
  return { code: status, stdout, stderr };
}
