import { fault } from './fault';

/** Faults of what is counted. */
export const COUNTING_FAULTS = [
  fault('counts-from-zero', 'It answers with the count as it was before the request.', ['CNT-01']),
  fault('counts-itself', 'It counts itself, too.', ['CNT-01']),
  fault('count-stops-at-one', 'It answers 1 to everybody.', ['CNT-02']),
  fault('counts-in-pairs', 'It raises its answer with every second client only.', ['CNT-02']),
  fault('counts-every-request', 'It counts requests, not machines.', ['CNT-03']),
  fault('count-by-cmid-and-status', 'It counts a machine anew when its LicenseStatus changes.', ['CNT-03']),
  fault('count-by-cmid-and-name', 'It counts a machine anew when its name changes.', ['CNT-03']),
  fault('count-by-cmid-and-sku', 'It counts a machine anew when its SKU changes.', ['CNT-03']),
  fault('count-by-cmid-and-previous', 'It counts a machine anew when its CMID_prev changes.', ['CNT-03']),
  fault('half-cmid', 'It tells machines apart by the first 8 bytes of the CMID.', ['CNT-04']),
  fault('last-half-cmid', 'It tells machines apart by the last 8 bytes of the CMID.', ['CNT-04']),
  fault('first-group-cmid', 'It tells machines apart by the first group of the CMID.', ['CNT-04']),
  fault('cmid-less-last-byte', 'It leaves the last byte of the CMID out.', ['CNT-04']),
  fault('count-by-name', 'It counts workstation names.', ['CNT-05']),
  fault('virtual-as-other-profile', 'It treats virtual machines as the other profile does.', ['CNT-06']),
  fault('virtual-counted-twice', 'It counts a virtual machine and its host.', ['CNT-06']),
  fault('count-by-product', 'It counts each product by itself.', ['CNT-07']),
  fault('servers-apart', 'It counts client and server operating systems apart.', ['CNT-07']),
  fault('servers-count-half', 'It answers servers with half of the count.', ['CNT-08']),
  fault('cap-below-threshold', 'It holds one machine less than the threshold asks for.', [
    'CNT-08',
    'CNT-09',
  ]),
  fault('threshold-counts-as-met', 'It answers the 24th client with 25.', ['CNT-09']),
  fault('threshold-of-50', 'It holds the count at 24 until 50 machines have asked.', ['CNT-09']),
  fault('refuses-below-threshold', 'It refuses with 0xC004F038 while the count is below the threshold.', [
    'CNT-10',
  ]),
  fault('early-clients-keep-count', 'It answers a machine with the count that it received first.', [
    'CNT-11',
  ]),
  fault('lost-update', 'It reads its table when a client binds and writes it back when the client asks.', [
    'CNT-12',
  ]),
  fault('counts-refused', 'It counts clients that it refuses.', ['CNT-13', 'KEY-08'], '2008-b'),
  fault('counts-huge-required-count', 'It counts a client whose N_Policy it refuses.', ['CNT-13']),
  fault('counts-short-message', 'It counts what has a CMID, though the message is cut.', ['ROB-07']),
  fault('counts-other-versions', 'It counts clients of versions that it refuses.', ['ROB-08']),
  fault('applications-together', 'It counts Windows and Office together.', ['CNT-14']),
  fault('renewal-misses-itself', 'It leaves a renewing client of a full cache out of its answer.', [
    'CNT-15',
  ]),
  fault('full-cache-answers-zero', 'It answers 0 where the cache is full.', ['CNT-15', 'CNT-16']),
  fault('refuses-after-1000', 'It refuses machines beyond the first 1,000.', ['CNT-16']),
] as const;
