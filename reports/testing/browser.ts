import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { requirePrograms } from './require-programs';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs `use` with Debian's chromium on a profile of its own, which is gone afterwards. */
export async function withBrowser<T>(use: (context: BrowserContext) => Promise<T>, dark = false): Promise<T> {
  requirePrograms({ chromium: 'chromium' });
  const profile = mkdtempSync(join(tmpdir(), 'kmsspec-chromium-'));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      args: ARGUMENTS,
      colorScheme: dark ? 'dark' : 'light',
    });
    try {
      return await use(context);
    } finally {
      await context.close();
    }
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
