import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { EventEmitter, once } from 'node:events';
import type { ImageConfig } from './build';

/** What `docker run --read-only --tmpfs /tmp --user … -v WORK:MOUNT --network … IMAGE …` would be told. */
export interface RunOptions {
  /** The files of the image. */
  readonly root: string;
  readonly config: ImageConfig;
  /** A network namespace with a loopback interface of its own. */
  readonly network: string;
  /** Behind the entry point; the image's own without it. */
  readonly args?: readonly string[];
  /** Instead of the entry point and what stands behind it. */
  readonly instead?: readonly string[];
  /** `UID:GID`; the image's own without it. */
  readonly user?: string;
  /** Folders of this machine, and where they are in the container. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** What a program in a container came to. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A root that cannot be written, /tmp in memory, /proc of this container's processes; what follows is its first process. */
const ENTER = `set -eu
root=$1 user=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
while [ "$1" != -- ]; do mkdir -p "$root$2"; mount --bind "$1" "$root$2"; shift 2; done; shift
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" "$root" "$@"`;

/** A program in a container of Linux's namespaces, made here because `buildah run` has neither a read-only root nor a first process. */
export class Container {
  readonly #unshare: ChildProcess;
  readonly #heard = new EventEmitter();
  #output = '';

  constructor({
    root,
    config,
    network,
    args = config.Cmd,
    instead,
    user = config.User,
    mounts = {},
  }: RunOptions) {
    const command = instead ?? [...config.Entrypoint, ...args];
    // PATH is the last of those that the image sets.
    const inside = ['/usr/bin/env', '-i', '-C', config.WorkingDir, 'HOME=/', ...config.Env, ...command];
    const outside = ['unshare', '--mount', '--pid', '--fork', 'sh', '-c', ENTER, 'sh'];
    const words = [...outside, root, user, ...Object.entries(mounts).flat(), '--', ...inside];
    this.#unshare = spawn('ip', ['netns', 'exec', network, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#unshare.stdout!, this.#unshare.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#heard.emit('more');
      });
    this.ended = once(this.#unshare, 'close').then(([code]) => ({
      code: code as number,
      output: this.#output,
    }));
  }

  readonly ended: Promise<Ended>;

  /** Waits until the program has said something of that kind. @throws where it ends before */
  async says(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.#output)) {
      const event = await Promise.race([once(this.#heard, 'more'), this.ended]);
      if ('code' in event && !wanted.test(this.#output)) throw new Error(`it ended: ${event.output}`);
    }
  }

  /** Number of the container's first process, as this machine counts them; 0 as long as there is none. */
  get pid(): number {
    const { pid } = this.#unshare;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  }

  /** What the kernel says of that process, such as `Uid`. */
  status(key: string): string {
    return new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))![1]!;
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Ends it, and with it all that it started: they do not outlive the first process of their namespace. */
  kill(): void {
    if (this.pid !== 0) this.signal('SIGKILL');
  }
}
