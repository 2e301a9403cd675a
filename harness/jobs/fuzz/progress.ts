/** How far a campaign has come. */
export interface Progress {
  /** Cases of this shard that are over, those of runs before too. */
  readonly cases: number;
  /** Of all; null where there is no end. */
  readonly of: number | null;
  readonly casesPerSecond: number;
  readonly findings: number;
  readonly secondsLeft: number | null;
}

/** What a campaign knows of its own course. */
export interface Course {
  /** Cases of this shard that are over, those of runs before too. */
  readonly cases: number;
  /** Cases that this run has added. */
  readonly casesNow: number;
  /** Of all; Infinity where there is no end. */
  readonly of: number;
  readonly findings: number;
  /** Since this run began. */
  readonly seconds: number;
  /** How long it may run; null for no end. */
  readonly milliseconds: number | null;
}

export function progressOf({ cases, casesNow, of, findings, seconds, milliseconds }: Course): Progress {
  const casesPerSecond = casesNow / seconds;
  const byCases = of === Infinity ? Infinity : (of - cases) / casesPerSecond;
  const byTime = milliseconds === null ? Infinity : milliseconds / 1000 - seconds;
  const left = Math.max(0, Math.min(byCases, byTime));
  return {
    cases,
    of: of === Infinity ? null : of,
    casesPerSecond,
    findings,
    secondsLeft: Number.isFinite(left) ? left : null,
  };
}
