import type { CacheRequest } from './client-cache';
import type { Possibility } from './possible-histories';

type Pending = readonly CacheRequest[];

/** What a host may still come to of applications whose count nobody knows: it is so once the count is known again. */
export class ToCome {
  readonly #pending = new Map<string, Pending>();

  of(applicationId: string): Pending {
    return this.#pending.get(applicationId) ?? [];
  }

  add(applicationId: string, request: CacheRequest): void {
    this.#pending.set(applicationId, [...this.of(applicationId), request]);
  }

  /** What was known of an application is so no more, but for what the host may still come to. */
  keep(applicationId: string, states: readonly Possibility[]): void {
    if (states.length > 0) this.#pending.set(applicationId, pendingIn(states));
  }

  /** The host comes to this request, the same object, no more. */
  over(applicationId: string, request: CacheRequest): void {
    this.#pending.set(applicationId, without(this.of(applicationId), request));
  }

  /** The count is known again: its states say what is pending. */
  delete(applicationId: string): void {
    this.#pending.delete(applicationId);
  }

  clear(): void {
    this.#pending.clear();
  }
}

/** All that is pending in any state: which of it each has come to differs. One that was recorded twice may be there twice. */
export function pendingIn(states: readonly Possibility[]): Pending {
  const all: CacheRequest[] = [];
  for (const { pending } of states) {
    const others = [...all];
    for (const one of pending) {
      const at = others.indexOf(one);
      if (at < 0) all.push(one);
      else others.splice(at, 1);
    }
  }
  return all;
}

/** Without a request, the same object, once; the same list where it is not there. */
export function without(pending: Pending, request: CacheRequest): Pending {
  const at = pending.indexOf(request);
  return at < 0 ? pending : pending.toSpliced(at, 1);
}
