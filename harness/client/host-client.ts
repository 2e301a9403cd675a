import type { Answer, KmsRequestInput } from '../../protocol';
import type { SeenExchange } from './exchange-window';

/** What came of one request. */
export interface HostReply {
  readonly answer: Answer;
  /** What was sent and received; undefined where nothing is encoded. */
  readonly exchange?: SeenExchange | undefined;
}

/**
 * A host as streams and fleets see it: it answers one request at a time, and perhaps lets its clock be set forward. A target
 * over TCP, a lab host in the same process and the bare counting model all are one.
 */
export interface HostClient {
  /** For what is shown, such as `127.0.0.1:1688`. */
  readonly name: string;
  /**
   * Resolves for every answer, a refusal or a fault too.
   * @throws HostFailure where none came
   */
  activate(request: KmsRequestInput): Promise<HostReply>;
  /** Null where the harness cannot do it to this host. */
  readonly advanceClock: ((seconds: number) => Promise<void>) | null;
  readonly reset: (() => Promise<void>) | null;
  readonly restart: (() => Promise<void>) | null;
}

/** The count of an answer, or null where it is something else. */
export function countOf(answer: Answer): number | null {
  return answer.kind === 'response' ? answer.value.currentClientCount : null;
}
