import type { KmsRequest } from '../../protocol/message';
import { APPLICATIONS, PRODUCTS } from '../../protocol/products';
import { HRESULT } from '../../protocol/status';
import { isGranted } from '../model/decide-grant';
import { type HostCounters, STATUS_COUNTERS } from '../model/host-counters';
import type { CountingRules, CountTable } from './counting-rules';
import type { LabSettings } from './settings';

/** What a host tells of itself beside the wire. Its requests are counted from when it was made on, through resets and restarts. */
export class OwnCounters {
  #total = 0;
  #failed = 0;
  readonly #byStatus = STATUS_COUNTERS.map(() => 0);

  constructor(private readonly settings: LabSettings) {}

  /** Notes a request that was decided. @param request null for one that is malformed */
  note(hresult: number, request: KmsRequest | null): void {
    this.#total++;
    if (hresult !== HRESULT.ok) this.#failed++;
    else if (request !== null && request.licenseStatus < this.#byStatus.length) {
      this.#byStatus[request.licenseStatus]!++;
    }
  }

  /** @param tables what the host holds, by application */
  read(
    tables: ReadonlyMap<string, CountTable>,
    { expired, lifetimeMs }: Pick<CountingRules, 'expired' | 'lifetimeMs'>,
  ): HostCounters {
    const { clock, keyGroup } = this.settings;
    const table = tables.get(applicationOf(keyGroup));
    const gone = table === undefined ? 0 : expired(table, clock.now(), lifetimeMs).length;
    const statuses = STATUS_COUNTERS.map((name, status) => [name, this.#byStatus[status]!] as const);
    return {
      currentCount: (table?.records.size ?? 0) - gone,
      requiredClientCount: smallestThreshold(keyGroup),
      totalRequests: this.#total,
      failedRequests: this.#failed,
      ...Object.fromEntries(statuses),
    };
  }
}

/** The application that a host's counters are about: that of its key, Windows where it has several. */
function applicationOf(keyGroup: LabSettings['keyGroup']): string {
  const granted = PRODUCTS.filter((product) => isGranted(product, keyGroup));
  const isWindows = granted.some(({ applicationId }) => applicationId === APPLICATIONS.windows);
  return isWindows ? APPLICATIONS.windows : APPLICATIONS.office2010;
}

function smallestThreshold(keyGroup: LabSettings['keyGroup']): number {
  const application = applicationOf(keyGroup);
  const served = PRODUCTS.filter(
    (product) => product.applicationId === application && isGranted(product, keyGroup),
  );
  return Math.min(...served.map(({ requiredClientCount }) => requiredClientCount));
}
