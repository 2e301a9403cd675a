import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Tasks at the same time, whatever this machine has. */
const PLACES = 4;

/** A Slurm cluster of this machine alone, on loopback: its daemons are this process's, its files in one folder. */
export class Cluster {
  readonly #daemons: ChildProcess[] = [];
  #said = '';
  private constructor(readonly folder: string) {}

  /** @throws where a daemon of Debian's packages does not run */
  static async start(folder: string): Promise<Cluster> {
    const cluster = new Cluster(folder);
    const [controller, node] = await freePorts(2);
    for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
    writeFileSync(cluster.#conf, configuration(folder, controller!, node!));
    execFileSync('mungekey', ['--create', `--keyfile=${join(folder, 'munge.key')}`]);
    const munge = ['socket', 'key-file', 'pid-file', 'seed-file'].map(
      (key) => `--${key}=${join(folder, `munge.${key.replace('-file', '')}`)}`,
    );
    await cluster.#daemon('munged', ['--foreground', ...munge], /Created \d+ work threads/);
    await cluster.#daemon('slurmctld', ['-D', '-v', '-f', cluster.#conf], /Running as primary controller/);
    await cluster.#daemon('slurmd', ['-D', '-v', '-f', cluster.#conf], /slurmd started/);
    return cluster;
  }

  get #conf(): string {
    return join(this.folder, 'slurm.conf');
  }

  /** What clients of this cluster need in their environment. */
  get env(): Record<string, string> {
    return { SLURM_CONF: this.#conf };
  }

  /** What the daemons said. */
  get log(): string {
    return this.#said;
  }

  /** Jobs and tasks that are not over, as `ID STATE`. */
  queue(): string[] {
    const env = { ...process.env, ...this.env };
    const queue = execFileSync('squeue', ['--noheader', '--array', '--format=%i %T'], {
      encoding: 'utf8',
      env,
    });
    return queue.split('\n').filter((line) => line !== '');
  }

  async stop(): Promise<void> {
    for (const daemon of this.#daemons.reverse()) {
      if (daemon.exitCode !== null) continue;
      daemon.kill();
      await once(daemon, 'exit');
    }
  }

  async #daemon(program: string, words: readonly string[], ready: RegExp): Promise<void> {
    // Root's daemons are in sbin, which PATH need not have.
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
    const daemon = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#daemons.push(daemon);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      daemon.once('error', reject);
      daemon.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
      for (const stream of [daemon.stdout, daemon.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          this.#said += text;
          said += text;
          if (ready.test(said)) resolve();
        });
    });
  }
}

/** Nothing of it listens beyond loopback; a requeued task need not wait for two minutes, as it does where `cred_expire` is not said. */
function configuration(folder: string, controller: number, node: number): string {
  return `ClusterName=kmsspec
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1
ReturnToService=2
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=${PLACES} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
`;
}

/** Ports that nobody listens on, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
