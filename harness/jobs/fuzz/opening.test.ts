import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../../cli/testing/in-process';
import { type FaultName, startLabHost } from '../../lab-host';
import { Random } from '../../support/random';
import type { Finding } from './findings/finding';
import { replayFinding } from './findings/replay-finding';
import { openFuzzLab } from './testing/fuzz-lab';

/** What the cases find that every campaign begins with, and whether it shows again. */
async function openingOf(fault?: FaultName): Promise<{ findings: Finding[]; shown: number }> {
  const lab = await openFuzzLab(fault === undefined ? {} : { faults: [fault] });
  try {
    await lab.session.runOpening();
    const [first] = lab.findings;
    if (first === undefined) return { findings: [], shown: 0 };
    const options = { timeoutMs: 1000, random: new Random(9), attempts: 10 };
    const { failures } = await replayFinding(first, lab.target, options);
    return { findings: lab.findings, shown: failures };
  } finally {
    await lab.close();
  }
}

describe('the cases that every campaign begins with', () => {
  it('find nothing on a good host', async () => {
    expect((await openingOf()).findings).to.deep.equal([]);
  });

  it('find nothing where they are cut off before the host has answered', async () => {
    const isRequest = ([, , ptype]: Uint8Array): boolean => ptype === 0;
    const lab = await openFuzzLab({ cutAt: isRequest });
    try {
      await lab.session.runOpening().catch(() => undefined);
      expect(lab.findings).to.deep.equal([]);
    } finally {
      await lab.close();
    }
  });

  for (const [fault, clause] of [
    ['one-less-at-37', 'CNT-20'],
    ['refuses-the-33rd', 'CNT-16'],
    ['loses-oldest-at-41', 'CNT-20'],
    ['counts-malformed-as-windows', 'CNT-13'],
  ] as const) {
    it(`find ${fault}, by ${clause}, and show it 10 times of 10`, async () => {
      const { findings, shown } = await openingOf(fault);
      expect(findings.map((finding) => finding.clause)).to.include(clause);
      expect(findings.every(({ reproduced }) => reproduced)).to.equal(true);
      expect(shown).to.equal(10);
    });
  }

  it('and all others are asked again of the same host as if it had not met them', async () => {
    const host = await startLabHost({ seed: 3 });
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-again-'));
    try {
      for (const out of ['first', 'second', 'third']) {
        const target = ['--target', `127.0.0.1:${host.port}`, '--seed', '5', '--runs', '150', '--out', out];
        const { exitCode, stdout } = await runInProcess(['fuzz', ...target], { cwd: folder });
        expect(exitCode, stdout).to.equal(0);
      }
    } finally {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
