import { execFileSync } from 'node:child_process';

/**
 * Fails, with the line that installs them, where a program is missing that a system test needs.
 * @param packages the Debian package of each program, such as `{ chromium: 'chromium', xmllint: 'libxml2-utils' }`
 * @throws Error naming every program that is not there
 */
export function requirePrograms(packages: Readonly<Record<string, string>>): void {
  const missing = Object.keys(packages).filter((program) => !isThere(program));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map((program) => packages[program]))].join(' ');
  throw new Error(`not installed: ${missing.join(', ')}; run: apt-get install -y ${names}`);
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
