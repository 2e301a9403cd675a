import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const CI_EXAMPLES = join(__dirname, '..', '..', 'examples', 'ci');

/** A shell line of an example that calls kmsspec, with the environment that the example gives it. */
export interface ExampleLine {
  readonly file: string;
  /** Job or container and step that it stands in. */
  readonly where: string;
  /** As a POSIX shell takes it: continuation lines joined. */
  readonly line: string;
  /** What the file sets itself; expressions of the engine as they stand. */
  readonly env: Readonly<Record<string, string>>;
}

/** The documents of an example; a file that is no YAML throws. */
export function documentsOf(file: string): unknown[] {
  return parseAllDocuments(readFileSync(join(CI_EXAMPLES, file), 'utf8')).map((document) => {
    if ('errors' in document && document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as unknown;
  });
}

/** Every line of `examples/ci`, and of the GitLab component beside them, that calls kmsspec, for tests that run them. */
export function exampleLines(): ExampleLine[] {
  return [
    ...githubLines('github.yml'),
    ...githubLines('pages.yml'),
    ...githubLines('minimal.yml'),
    ...githubLines('diff.yml'),
    ...gitlabLines('gitlab.yml'),
    ...componentLines('../../templates/kmsspec.yml'),
    ...azureLines('azure.yml'),
    ...jenkinsLines('Jenkinsfile'),
    ...kubernetesLines('kubernetes.yaml'),
  ];
}

type Environment = Record<string, string>;

interface GithubWorkflow {
  env?: Environment;
  jobs: Record<string, { env?: Environment; steps: { name?: string; run?: string }[] }>;
}

function githubLines(file: string): ExampleLine[] {
  const workflow = documentsOf(file)[0] as GithubWorkflow;
  return Object.entries(workflow.jobs).flatMap(([job, { env, steps }]) =>
    steps.flatMap(({ name = '', run = '' }) =>
      kmsspecLines(run).map((line) => ({
        file,
        where: `${job}: ${name}`,
        line,
        env: { ...workflow.env, ...env },
      })),
    ),
  );
}

type GitlabJobs = Record<string, { script: string[]; variables?: Environment }>;

const gitlabLines = (file: string): ExampleLine[] => linesOfJobs(file, documentsOf(file)[0] as GitlabJobs);

/** Of a component, with each input as it is where nobody sets it. */
function componentLines(file: string): ExampleLine[] {
  const [{ spec }, jobs] = documentsOf(file) as [
    { spec: { inputs: Record<string, { default: string }> } },
    GitlabJobs,
  ];
  const filled = JSON.stringify(jobs).replace(
    /\$\[\[ inputs\.(\w+) \]\]/g,
    (_, name: string) => spec.inputs[name]!.default,
  );
  return linesOfJobs(file, JSON.parse(filled) as GitlabJobs);
}

function linesOfJobs(file: string, jobs: GitlabJobs): ExampleLine[] {
  return Object.entries(jobs).flatMap(([job, { script, variables = {} }]) =>
    script.flatMap(kmsspecLines).map((line) => ({ file, where: job, line, env: variables })),
  );
}

function azureLines(file: string): ExampleLine[] {
  const { steps, variables: env } = documentsOf(file)[0] as {
    variables: Environment;
    steps: { script?: string; displayName?: string }[];
  };
  return steps.flatMap(({ script = '', displayName = '' }) =>
    kmsspecLines(script).map((line) => ({ file, where: displayName, line, env })),
  );
}

/** Of a declarative pipeline with one stage: Groovy is not parsed, only its blocks `environment` and its `sh` texts are read. */
function jenkinsLines(file: string): ExampleLine[] {
  const text = readFileSync(join(CI_EXAMPLES, file), 'utf8');
  const block = /environment \{([^}]*)\}/.exec(text)?.[1] ?? '';
  const env = Object.fromEntries<string>(
    [...block.matchAll(/(\w+) = '([^']*)'/g)].map(([, name = '', value = '']) => [name, value] as const),
  );
  const where = /stage\('([^']*)'\)/.exec(text)?.[1] ?? '';
  const scripts = [...text.matchAll(/\bsh ('''|')([\s\S]*?)\1/g)].map(([, , script = '']) => script);
  return scripts.flatMap(kmsspecLines).map((line) => ({ file, where, line, env }));
}

interface KubernetesObject {
  kind: string;
  metadata: { name: string };
  spec: {
    template?: {
      spec: { containers: { name: string; command: string[]; env?: { name: string; value: string }[] }[] };
    };
  };
}

function kubernetesLines(file: string): ExampleLine[] {
  return (documentsOf(file) as KubernetesObject[]).flatMap(({ metadata, spec }) =>
    (spec.template?.spec.containers ?? []).flatMap(({ name, command, env = [] }) =>
      kmsspecLines(command.at(-1) ?? '').map((line) => ({
        file,
        where: `${metadata.name}: ${name}`,
        line,
        env: Object.fromEntries(env.map((each) => [each.name, each.value])),
      })),
    ),
  );
}

/** The lines of a shell script that call kmsspec, continuation lines joined. */
export function kmsspecLines(script: string): string[] {
  return script
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/g, ' '))
    .filter((line) => line.startsWith('kmsspec '));
}
