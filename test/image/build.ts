import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';

/** Of Debian: what Node and npm need, and the tools that `Dockerfile` calls. */
const PACKAGES = 'base-files,base-passwd,dash,coreutils,libc6,libstdc++6,libgcc-s1,ca-certificates';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** What an image says of how it is run; the names are those of the OCI image specification. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
}

/** Images and containers of one folder: nothing of this machine's own is seen or touched. */
export class Buildah {
  readonly #store: readonly string[];
  constructor(readonly folder: string) {
    const [root, runroot] = [join(folder, 'store'), join(folder, 'run')];
    this.#store = ['--storage-driver', 'vfs', '--root', root, '--runroot', runroot];
  }

  /** @returns what it printed @throws where it fails, with what it said */
  call(...words: string[]): string {
    return execFileSync('buildah', [...this.#store, ...words], {
      encoding: 'utf8',
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  /** A container of an image. @returns its name */
  container(image: string): string {
    return this.call('from', '--pull-never', image);
  }

  /** Where the files of a container are, as they are in its image. */
  rootOf(container: string): string {
    return this.call('mount', container);
  }

  configOf(container: string): ImageConfig {
    const { OCIv1 } = JSON.parse(this.call('inspect', container)) as { OCIv1: { config: ImageConfig } };
    return OCIv1.config;
  }

  /** Stands in for Node's slim image, which no registry gives here: Debian's files unpacked, and the Node that runs this. */
  makeBase(image: string): void {
    const root = join(this.folder, 'base');
    const suite = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))![1]!;
    const debian = ['--quiet', '--variant=extract', '--mode=root', `--include=${PACKAGES}`];
    execFileSync('mmdebstrap', [...debian, suite, root], { stdio: ['ignore', 'ignore', 'pipe'] });
    addNode(root);
    const container = this.call('from', 'scratch');
    this.call('add', '--quiet', container, root, '/');
    // This machine may reach registries by a certificate of its own.
    if (existsSync(CERTIFICATES))
      this.call('config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container);
    this.call('config', '--cmd', 'node', container);
    this.call('commit', '--quiet', '--rm', container, image);
  }

  /** Builds `Dockerfile` as it stands, of a folder that holds the tarball. */
  build(image: string, base: string, tarball: string): void {
    const context = join(this.folder, 'context');
    mkdirSync(context);
    cpSync(tarball, join(context, 'kmsspec-under-test.tgz'));
    for (const name of ['Dockerfile', '.dockerignore', 'docker-init.sh'])
      cpSync(join(packageRoot(), name), join(context, name));
    const args = ['--build-arg', `BASE=${base}`, '--build-arg', 'TARBALL=kmsspec-under-test.tgz'];
    this.call('build', '--isolation', 'chroot', '--pull-never', ...args, '--tag', image, context);
  }
}

/** The Node at hand with its npm, where Node's image has them. */
function addNode(root: string): void {
  cpSync(process.execPath, join(root, 'usr/bin/node'));
  const npm = join(dirname(process.execPath), '../lib/node_modules/npm');
  cpSync(npm, join(root, 'usr/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
  if (existsSync(CERTIFICATES)) cpSync(CERTIFICATES, join(root, CERTIFICATES), { dereference: true });
}
