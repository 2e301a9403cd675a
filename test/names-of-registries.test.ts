import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

/** Every file of the repository that people read or copy. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: packageRoot(),
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) =>
    /^(README|CONTRIBUTING|SECURITY|docs\/|examples\/|action\.yml|templates\/|compose\.yaml|Dockerfile|\.github\/)/.test(
      file,
    ),
  )
  .filter((file) => !/\.(png|svg|pcap)$/.test(file));

/** Lines that would run, or install, what a registry serves under our name: it need not be ours. */
const TRUSTING = [
  /\bnpx,?\s+(?!--no-install\b)(-\S+\s+)*kmsspec\b/,
  /\bnpm\s+(i|install|add|exec)\b[^\n`]*\s(?!\.{0,2}\/|"|\$)kmsspec(@\S+)?(\s|$|`)/,
  /\b(yarn|pnpm|bunx?)\s+(dlx|add|x)\s+kmsspec\b/,
  /^\s*(image|uses):\s*kmsspec([:@/]|\s|$)(?!local)/m,
];

describe('what is documented', () => {
  it('runs nothing that a registry may serve under our name', () => {
    const found = files.flatMap((file) =>
      TRUSTING.flatMap((pattern) => {
        const hit = pattern.exec(readFileSync(join(packageRoot(), file), 'utf8'));
        return hit === null || hit[0].includes('kmsspec:') ? [] : [`${file}: ${hit[0].trim()}`];
      }),
    );
    expect(found).to.deep.equal([]);
    expect(files).to.have.length.greaterThan(30);
  });

  for (const [line, isTrusting] of [
    ['npx kmsspec run', true],
    ['npx, kmsspec, ctl', true],
    ['npx -y kmsspec run', true],
    ['npm install --global kmsspec@0.1.0', true],
    ['npm i kmsspec', true],
    ['pnpm dlx kmsspec run', true],
    ['npx --no-install kmsspec run', false],
    ['npm install --global ./kmsspec-0.1.0.tgz', false],
  ] as const) {
    it(`${isTrusting ? 'would find' : 'allows'} ${line}`, () => {
      expect(TRUSTING.some((pattern) => pattern.test(line))).to.equal(isTrusting);
    });
  }
});
