import { type Command, InvalidArgumentError, Option } from 'commander';
import { once } from 'node:events';
import { KEY_GROUPS, type KeyGroupSetting } from '../../../protocol';
import {
  FAULTS,
  type FaultName,
  type LabHost,
  LabHostError,
  type LabHostOptions,
  startLabHost,
} from '../../lab-host';
import { type ControlServer, startControlServer } from '../../lab-host/control';
import type { Publication } from '../../jobs/discovery';
import { findProfile, suggest } from '../../target/config';
import { Random } from '../../support/random';
import { UsageError } from '../../support/usage-error';
import { type CliContext, EXIT, type Verb } from '../verb';

const DEFAULT_PORT = 1688;

interface HostOptions {
  readonly port: number;
  readonly fault: readonly FaultName[];
  readonly profile?: string;
  readonly keyGroup: KeyGroupSetting;
  readonly ndr64: 'on' | 'off';
  readonly control?: number;
  readonly checkClock?: boolean;
  readonly checkMac?: boolean;
  readonly ipv6?: boolean;
  readonly idleClose?: number;
  readonly seed: number;
  readonly slowMs?: number;
  readonly verbose?: boolean;
  readonly publish?: string;
  readonly dns?: string;
  readonly publishName?: string;
  readonly publishPriority: number;
  readonly publishWeight: number;
}

/** `kmsspec host`: the lab host in the foreground, until it is interrupted. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option('--port <port>', 'TCP port; 0 takes a free one', integer(0, 65535), DEFAULT_PORT)
      .option('--fault <name>', 'a fault to have; may be repeated (kmsspec list faults)', addFault, [])
      .option('--profile <name>', 'win7-2008r2 (default), vista-2008, or a file')
      .addOption(
        new Option('--key-group <group>', 'what its key activates')
          .choices([...KEY_GROUPS, 'any'])
          .default('any'),
      )
      .addOption(new Option('--ndr64 <on|off>', 'prefer NDR64').choices(['on', 'off']).default('on'))
      .option('--control <port>', 'take reset, restart and advance on this port', integer(0, 65535))
      .option('--check-clock', 'refuse clients whose clock is more than 4 hours off')
      .option('--check-mac', 'refuse requests that the lab key does not verify')
      .option('--ipv6', 'listen on [::1] instead of 127.0.0.1')
      .option('--idle-close <seconds>', 'close silent connections; 0 for never', integer(0, 86_400))
      .option('--slow-ms <ms>', 'how long slow faults take', integer(1, 600_000))
      .option('--seed <n>', 'what its ePID is made from', integer(0, 0xffff_ffff), 0)
      .option('--publish <domain>', 'publish it by dynamic update, and withdraw it at the end; needs --dns')
      .option('--dns <server[:port]>', 'loopback DNS server that takes the update')
      .option('--publish-name <name>', 'its name there; kms-PORT.DOMAIN by default')
      .option('--publish-priority <n>', 'priority of its SRV record', integer(0, 65535), 0)
      .option('--publish-weight <n>', 'weight of its SRV record', integer(0, 65535), 0)
      .addHelpText('after', '\nIt listens on the loopback interface only and signs with the lab key only.');
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as HostOptions;
    const host = await started(startLabHost(await hostOptions(chosen, context)));
    try {
      const control =
        chosen.control === undefined ? null : await started(startControlServer(host, chosen.control));
      try {
        const publication = await published(host, chosen);
        context.stdout.write(`${listening(host, control, chosen)}\n`);
        if (publication !== null) context.stdout.write(`${publishedLine(publication)}\n`);
        if (!context.signal.aborted) await once(context.signal, 'abort');
        await publication?.withdraw();
      } finally {
        await control?.close();
      }
    } finally {
      await host.close();
    }
    return EXIT.ok;
  },
};

async function hostOptions(options: HostOptions, context: CliContext): Promise<LabHostOptions> {
  return {
    port: options.port,
    ipv6: options.ipv6 ?? false,
    faults: options.fault,
    profile: await findProfile(options.profile, context.cwd),
    keyGroup: options.keyGroup,
    ndr64: options.ndr64 === 'on',
    checkClock: options.checkClock ?? false,
    checkMac: options.checkMac ?? false,
    seed: options.seed,
    ...(options.idleClose === undefined ? {} : { idleCloseSeconds: options.idleClose }),
    ...(options.slowMs === undefined ? {} : { slowMs: options.slowMs }),
    ...(options.verbose ? { onRequest: (line: string) => context.stdout.write(`${line}\n`) } : {}),
  };
}

/** Publishes the host where that was asked for. @throws UsageError, DnsError */
async function published(host: LabHost, options: HostOptions): Promise<Publication | null> {
  const { publish: domain, dns, publishName, publishPriority, publishWeight, seed } = options;
  if (domain === undefined) return null;
  if (dns === undefined)
    throw new UsageError('--publish needs --dns SERVER[:PORT], a DNS server on this machine');
  // Loaded here: a host that is not published does without it.
  /* eslint-disable @typescript-eslint/no-require-imports -- as above */
  const { publish } = require('../../jobs/discovery') as typeof import('../../jobs/discovery');
  const { parseDnsServer } = require('../../target/discovery') as typeof import('../../target/discovery');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return publish({
    domain: domain.replace(/^\.|\.$/g, ''),
    server: parseDnsServer(dns),
    host: { host: host.address, port: host.port },
    name: publishName,
    priority: publishPriority,
    weight: publishWeight,
    random: new Random(seed ^ host.port),
  });
}

const publishedLine = ({ records }: Publication): string =>
  `published as ${records.target} (${records.address}) in ${records.service}, priority ${records.priority}, weight ${records.weight}`;

/** Ports that are taken are the user's to mend. */
async function started<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof LabHostError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function listening(host: LabHost, control: ControlServer | null, options: HostOptions): string {
  const address = host.address.includes(':') ? `[${host.address}]` : host.address;
  const parts = [
    `lab host listening on ${address}:${host.port}`,
    `profile ${options.profile ?? 'win7-2008r2'}`,
    `key group ${options.keyGroup}`,
    ...(options.fault.length > 0 ? [`faults ${options.fault.join(' ')}`] : []),
    ...(control === null ? [] : [`controls on port ${control.port} with token ${control.token}`]),
  ];
  return parts.join(', ');
}

function addFault(name: string, others: readonly FaultName[]): FaultName[] {
  const fault = FAULTS.find((candidate) => candidate.name === name);
  if (fault !== undefined) return [...others, fault.name];
  const near = suggest(
    name,
    FAULTS.map((candidate) => candidate.name),
  );
  const advice = near === undefined ? 'kmsspec list faults names them all' : `did you mean ${near}?`;
  throw new InvalidArgumentError(`there is no such fault: ${advice}`);
}

function integer(least: number, most: number): (word: string) => number {
  return (word) => {
    const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
