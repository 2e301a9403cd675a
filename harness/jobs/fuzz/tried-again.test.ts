import { expect } from 'chai';
import { ControlFailure } from '../../target';
import { triedAgain } from './tried-again';

describe('controls of a campaign', () => {
  const failure = new ControlFailure('reset', ['./ctl', 'reset'], 'exited with 1', '');
  const failing = (times: number, error: Error = failure): { done: number; control: () => Promise<void> } => {
    const counted = {
      done: 0,
      control: () => (++counted.done <= times ? Promise.reject(error) : Promise.resolve()),
    };
    return counted;
  };
  const thrownBy = async (act: () => Promise<void>): Promise<unknown> => {
    try {
      await act();
    } catch (error) {
      return error;
    }
    return null;
  };

  it('that fail once are tried again, and it is noted', async () => {
    const notes: string[] = [];
    const [reset, restart] = [failing(1), failing(1)];
    const controls = triedAgain({ reset: reset.control, restart: restart.control }, (text) =>
      notes.push(text),
    );
    await controls.reset!();
    await controls.restart!();
    expect([reset.done, restart.done]).to.deep.equal([2, 2]);
    expect(notes[0]).to.match(
      /^controls\.reset failed once, and did it when it was tried again \(.*exited with 1/,
    );
    expect(notes).to.have.length(2);
  });

  it('that fail always, fail', async () => {
    const notes: string[] = [];
    const reset = failing(9);
    const controls = triedAgain({ reset: reset.control }, (text) => notes.push(text));
    expect(await thrownBy(controls.reset!)).to.equal(failure);
    expect([reset.done, notes.length, controls.restart]).to.deep.equal([2, 0, undefined]);
  });

  it('are not tried again where that may do it twice, or where the failure is another', async () => {
    const clock = failing(1);
    const defect = new TypeError('ours');
    const reset = failing(1, defect);
    const controls = triedAgain({ advanceClock: clock.control, reset: reset.control }, () => {});
    expect(await thrownBy(() => controls.advanceClock!(1))).to.equal(failure);
    expect(await thrownBy(controls.reset!)).to.equal(defect);
    expect([clock.done, reset.done]).to.deep.equal([1, 1]);
  });
});
