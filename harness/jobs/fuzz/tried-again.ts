import { ControlFailure, type TargetControls } from '../../target';

/** Before a control is tried a second time. */
const PAUSE_MS = 250;

/**
 * Controls of which a single failure does not end a campaign: what may be done twice is tried again. The clock is not set twice, since nobody
 * knows whether the first time set it.
 * @param note hears, for the report, what failed once
 */
export function triedAgain(controls: TargetControls, note: (text: string) => void): TargetControls {
  const again =
    (name: 'reset' | 'restart', control: () => Promise<void>): (() => Promise<void>) =>
    async () => {
      try {
        await control();
      } catch (error) {
        if (!(error instanceof ControlFailure)) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        await control();
        note(`controls.${name} failed once, and did it when it was tried again (${error.message})`);
      }
    };
  const { reset, restart } = controls;
  return {
    ...controls,
    ...(reset === undefined ? {} : { reset: again('reset', reset) }),
    ...(restart === undefined ? {} : { restart: again('restart', restart) }),
  };
}
