import { z } from 'zod';
import { KEY_GROUPS } from '../../../protocol';
import { meaning } from '../../support/meaning';
import { CONTROLS } from '../control-name';

const text = z.string().min(1, 'must not be empty');
const words = z
  .array(z.string(), { error: 'expected a list of words, such as ["./ctl", "reset"]' })
  .min(1, 'needs at least the program')
  .refine(([program]) => program !== '', 'needs a program as its first word');
const command = words.meta({ prefixItems: [{ type: 'string', minLength: 1 }] });
/** A clock that is set by another time than asked for makes every judgement by age wrong. */
const clockCommand = words
  .refine((all) => all.some((word) => word.includes('{seconds}')), {
    error:
      'needs the word {seconds}, which stands for how far to advance, such as ["./ctl", "advance", "{seconds}"]',
  })
  .meta({
    prefixItems: [{ type: 'string', minLength: 1 }],
    contains: { type: 'string', pattern: '\\{seconds\\}' },
  });
const positive = z.number().positive();
/** What a host's interface takes (Operations Guide, WMI methods). */
const intervalMinutes = z.number().int().min(15).max(43_200);

const excluded = z.strictObject(
  {
    id: meaning(text, 'a requirement, or a glob such as `DNS-*`, that does not run; `--exclude`', 'all run'),
    reason: meaning(text, 'why; the report says so', 'must be given'),
  },
  { error: 'expected an entry such as { id: CNT-14, reason: "the host serves Windows only" }' },
);

const EXPECTED =
  'expected the name of a host, or an entry such as { host: kms01.corp.example, domain: corp.example }';
/** A host that one domain should publish, and others need not. */
const expectedInDomain = z.strictObject({ host: text, domain: text }, { error: EXPECTED });

const controls = z
  .strictObject({
    reset: meaning(
      command,
      'command that makes the host forget its records and capacity, as a new one',
      'CACHE-11, ROB-10 and ROB-14 cannot be checked. CACHE-01, 03, 05 to 10 and 13, CNT-08 and LIFE, only on an empty host; CACHE-02 and 04, most of CNT, KEY-08 and RPC-19, only while the host counts few machines. `replay`, `stream` and `fleet` cannot start from nothing',
    ).optional(),
    restart: meaning(
      command,
      "command that restarts the host's service; a host that dies in a run is restarted, and the run goes on",
      'CACHE-12 cannot be checked; where the host dies, the rest is not run',
    ).optional(),
    advanceClock: meaning(
      clockCommand,
      "command that sets the host's clock forward by `{seconds}`",
      'CACHE-07 to CACHE-10, CACHE-13 and LIFE-01 to LIFE-05 cannot be checked; `wait(…)` ends a stream',
    ).optional(),
    observe: meaning(
      command,
      "command that prints the host's own counters: one JSON object, or what `slmgr /dlv` prints in English",
      'OBS-01 to OBS-03 cannot be checked',
    ).optional(),
    coverage: meaning(
      command,
      'program that stays for the whole campaign and tells what code the host ran; `fuzz` ([its lines](fuzzing.md#with-the-hosts-help))',
      '`fuzz` sees answers alone',
    ).optional(),
    command: meaning(
      command,
      'program that carries out controls for the whole run, instead of a command for each',
      'each control has its command',
    ).optional(),
    persistent: meaning(
      z.literal(true, { error: 'expected true: a program that runs for each control has a key of its own' }),
      '`true`, and needed with `controls.command`: it is started once',
      'as above',
    ).optional(),
    offers: meaning(
      z
        .array(z.enum(CONTROLS, { error: `expected some of ${CONTROLS.join(', ')}` }))
        .min(1, 'needs at least one control'),
      'what that program can do, of `reset`, `restart`, `advanceClock`, `observe`, `coverage`',
      '`[reset, restart, advanceClock]`',
    ).optional(),
  })
  .refine((given) => (given.command === undefined) === (given.persistent === undefined), {
    error: 'a program that stays for the whole run needs both command and persistent: true',
  })
  .refine((given) => given.offers === undefined || given.command !== undefined, {
    error: 'offers says what the program of command can do, and there is no command',
  })
  .meta({
    dependentRequired: { command: ['persistent'], persistent: ['command'], offers: ['command'] },
  });

const budgets = z.strictObject({
  p99Ms: meaning(
    positive,
    'milliseconds that 99 of 100 answers may take',
    'TIME-04 cannot be checked; `load` measures and judges nothing',
  ).optional(),
  rate: meaning(positive, 'requests a second at which they are measured', 'as above').optional(),
  idleCloseSeconds: meaning(
    positive,
    'when the host closes a silent connection',
    'TIME-08 cannot be checked',
  ).optional(),
});

const intervals = z.strictObject({
  activationMinutes: meaning(
    intervalMinutes,
    'the activation interval that the host is set to, 15 to 43200',
    '120, what TIME-02 expects',
  ).optional(),
  renewalMinutes: meaning(
    intervalMinutes,
    'the renewal interval that the host is set to, 15 to 43200',
    '10080, what TIME-03 expects',
  ).optional(),
});

const GROUPS = [...KEY_GROUPS, 'any'] as const;

/** All that a configuration can say, with what each key means; every key may be left out. */
export const configSchema = z
  .strictObject({
    target: meaning(
      text,
      'the host, `HOST[:PORT]` (1688), or `.DOMAIN` to find it by DNS; `--target`',
      'the embedded lab host',
    ).optional(),
    profile: meaning(
      text,
      '`win7-2008r2`, `vista-2008`, or a file (docs/profiles.md); `--profile`',
      '`win7-2008r2`',
    ).optional(),
    keyGroup: meaning(
      z.enum(GROUPS, { error: `expected one of ${GROUPS.join(', ')}` }),
      `what the host's key activates: ${KEY_GROUPS.map((group) => `\`${group}\``).join(', ')}, or \`any\`; \`--key-group\``,
      'KEY-01 to KEY-12 cannot be checked (of the embedded host: hosts with a key of each group are tried in turn)',
    ).optional(),
    grantsAny: meaning(
      z.boolean(),
      '`true`: the host grants every product, as `keyGroup: any`',
      '`false`',
    ).optional(),
    controls: controls.optional(),
    budgets: budgets.optional(),
    intervals: intervals.optional(),
    domains: meaning(
      z.array(text),
      'list of domains that publish the host in DNS; `kmsspec discover DOMAIN`',
      'DNS-01 to DNS-09 cannot be checked',
    ).optional(),
    expectedHosts: meaning(
      z.array(z.union([text, expectedInDomain], { error: EXPECTED })),
      'hosts that they should publish, by name, alias or address: a name for every domain, or `{ host: …, domain: … }` for one; `--expect`',
      'DNS-05 cannot be checked',
    ).optional(),
    dns: meaning(text, 'DNS server to ask, `SERVER[:PORT]`; `--dns`', "the system's").optional(),
    exclude: z.array(excluded).optional(),
  })
  .meta({ title: 'kmsspec.yaml', description: 'What kmsspec is told of a host: docs/configuration.md' });

export type Config = z.infer<typeof configSchema>;
export type Exclusion = z.infer<typeof excluded>;
