import { createMac, type KeyGroup, type KeyGroupSetting, LAB_KEY, type Mac } from '../../protocol';
import { type Endpoint, formatEndpoint, KmsClient, type KmsClientOptions } from '../client';
import { type Clock, systemClock } from '../support/clock';
import { type LabHostOptions, startLabHost } from '../lab-host';
import { DEFAULT_PROFILE, type Profile } from '../model/profile';
import { UsageError } from '../support/usage-error';
import { type ControlCommands, controlNames, openControls, type TargetControls } from './controls';
import { guardTarget, type Lookup } from './loopback';
import { parseTarget } from './target-address';

/** A host under test, and what can be done to it. */
export interface Target {
  readonly endpoint: Endpoint;
  /** The host's model of counting. */
  readonly profile: Profile;
  readonly controls: TargetControls;
  /** True for the lab host of this process. */
  readonly embedded: boolean;
  /** The host's key group, where it is known; `any` where it grants every product. */
  readonly keyGroup: KeyGroupSetting | undefined;
  /** Another host like this one, with a key of that group, which the caller closes; only where this one is embedded and grants all unasked. */
  readonly keyed?: (keyGroup: KeyGroup) => Promise<Target>;
  /** Signs requests and verifies answers; undefined without a key. */
  readonly mac: Mac | undefined;
  readonly clock: Clock;
  /** As the report has it. */
  readonly description: TargetDescription;
  /** A client of this target, with the target's key and clock, and with `options`. */
  client(options?: Partial<KmsClientOptions>): KmsClient;
  /** Ends the embedded host, and the program that carries out controls. */
  close(): Promise<void>;
}

/** What reports say of a target. */
export interface TargetDescription {
  readonly address: string;
  readonly embedded: boolean;
  readonly profile: string;
  readonly controls: string[];
}

/** How a target is named, what is known of it, and how it is controlled. */
export interface TargetConfig {
  /** As in `--target`; without it an embedded lab host is started. */
  readonly address?: string | undefined;
  readonly allowRemote?: boolean;
  readonly profile?: Profile;
  readonly keyGroup?: KeyGroupSetting | undefined;
  readonly controls?: ControlCommands;
  /** Working directory of the controls: the folder of the configuration. */
  readonly controlsFolder?: string;
  readonly macKey?: Uint8Array | undefined;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** For the embedded host, over what the rest of the configuration says. */
  readonly lab?: LabHostOptions;
  readonly lookup?: Lookup;
  /** Finds the host to use in a domain: DNS discovery. */
  readonly discover?: (domain: string) => Promise<Endpoint>;
}

/**
 * Makes the target of a run ready: starts the embedded lab host, or checks that the one named may be talked to. It does not connect.
 * @throws UsageError for a target that is none, or remote without permission; HostFailure where a name has no address
 */
export async function openTarget(config: TargetConfig = {}): Promise<Target> {
  return config.address === undefined ? openEmbedded(config) : openNamed(config.address, config);
}

async function openEmbedded(config: TargetConfig): Promise<Target> {
  const clock = config.clock ?? systemClock;
  const profile = config.profile ?? DEFAULT_PROFILE;
  const chosen = config.lab?.keyGroup ?? config.keyGroup;
  const keyGroup = chosen ?? 'any';
  const lab = await startLabHost({ clock, profile, keyGroup, bothFamilies: true, ...config.lab });
  return target(config, {
    endpoint: { host: lab.address, port: lab.port, addresses: lab.addresses },
    profile,
    keyGroup,
    controls: lab.controls,
    embedded: true,
    ...(chosen === undefined
      ? { keyed: (group: KeyGroup) => openEmbedded({ ...config, keyGroup: group }) }
      : {}),
    mac: createMac(config.macKey ?? LAB_KEY),
    clock,
    close: () => lab.close(),
  });
}

async function openNamed(address: string, config: TargetConfig): Promise<Target> {
  const endpoint = await guardTarget(
    await locate(address, config),
    config.allowRemote ?? false,
    config.lookup,
  );
  const { controls, close } = openControls(config.controls ?? {}, {
    ...(config.controlsFolder === undefined ? {} : { cwd: config.controlsFolder }),
    ...(config.signal === undefined ? {} : { signal: config.signal }),
  });
  return target(config, {
    endpoint,
    profile: config.profile ?? DEFAULT_PROFILE,
    keyGroup: config.keyGroup,
    controls,
    embedded: false,
    mac: config.macKey === undefined ? undefined : createMac(config.macKey),
    clock: config.clock ?? systemClock,
    close,
  });
}

async function locate(address: string, { discover }: TargetConfig): Promise<Endpoint> {
  const parsed = parseTarget(address);
  if (parsed.kind === 'host') return { host: parsed.host, port: parsed.port };
  if (discover !== undefined) return discover(parsed.domain);
  throw new UsageError(`the target ${address} is a domain; name one host of it as HOST[:PORT]`);
}

function target(config: TargetConfig, made: Omit<Target, 'description' | 'client'>): Target {
  const { timeoutMs, signal } = config;
  return {
    ...made,
    description: {
      address: formatEndpoint(made.endpoint),
      embedded: made.embedded,
      profile: made.profile.name,
      controls: controlNames(made.controls),
    },
    client: (options = {}) =>
      new KmsClient({
        endpoint: made.endpoint,
        clock: made.clock,
        sign: made.mac,
        signal,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...options,
      }),
  };
}
