// npx --no-install vitest run vitest.test.mjs
import { describe, it } from 'vitest';
import { expectConforming, startLabHost } from 'kmsspec';

describe('our KMS host', () => {
  it('conforms', { timeout: 60_000 }, async () => {
    // A host of one's own is named by its address: expectConforming('127.0.0.1:1688', …).
    const host = await startLabHost();
    try {
      await expectConforming(host, ['MSG', 'RPC-0?']);
    } finally {
      await host.close();
    }
  });
});
