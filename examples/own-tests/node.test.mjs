// node --test node.test.mjs
import { describe, it } from 'node:test';
import { expectConforming, startLabHost } from 'kmsspec';

describe('our KMS host', () => {
  it('conforms', async () => {
    // A host of one's own is named by its address: expectConforming('127.0.0.1:1688', …).
    const host = await startLabHost();
    try {
      await expectConforming(host, ['MSG', 'RPC-0?']);
    } finally {
      await host.close();
    }
  });
});
