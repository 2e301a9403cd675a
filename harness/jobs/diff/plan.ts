import type { BaselineUse } from '../../baseline/known-outcomes';
import type { CaseLevel } from '../../cases/case';
import type { Clause } from '../../cases/judge/clauses';
import type { Target } from '../../target';

/** What is asked of both hosts, and what of their answers is compared. */
export interface DiffPlan {
  readonly seed: number;
  readonly levels: readonly CaseLevel[];
  /** A folder of captures: what their clients sent is sent to both, as it was and changed; null for none. */
  readonly corpus: string | null;
  /** Drawn cases; null for no end. */
  readonly runs: number | null;
  /** How long; null for no end. */
  readonly milliseconds: number | null;
  /** Per answer. */
  readonly timeoutMs: number;
  /** Fields, such as `response.renewalIntervalMinutes`, or signatures of differences, that are not looked at. ePID and MAC never are. */
  readonly ignore?: readonly string[];
  /** Tells where one takes longer than the other, by class of answer. */
  readonly timing?: boolean;
  /** Folder for differences, with the captures of both sides; none are saved where it is left out. */
  readonly out?: string;
  /** That folder as reports name it. */
  readonly shownOut?: string;
  /** Differences that are known, each with a reason. */
  readonly baseline?: BaselineUse | undefined;
  /** The requirements that differences are told by: the catalogue of `kmsspec/scenarios`. */
  readonly clauses?: readonly Clause[];
  /** Ends at the first difference that is not known. */
  readonly stopOnDifference?: boolean;
  /** By which a command line repeats it; the names of the hosts alone where nobody says. */
  readonly words?: CommandWords;
}

/** Parts of the command line that compares the two, as it can be typed in any folder. */
export interface CommandWords {
  readonly hosts: readonly [string, string];
  /** How the hosts are asked: key, profile, consent, patience. */
  readonly asked: readonly string[];
  /** That, and what is sent and compared. */
  readonly all: readonly string[];
}

/** One of the two hosts, and how people call it. */
export interface DiffHost {
  readonly target: Target;
  readonly name: string;
}
