import { expect } from 'chai';
import { Interruption, type Interruptible } from './interruption';

class FakeProcess implements Interruptible {
  readonly listeners = new Map<string, () => void>();
  readonly exits: number[] = [];
  readonly told: string[] = [];
  readonly turns: (() => void)[] = [];
  readonly stderr = { write: (text: string) => this.told.push(text) };
  on = (signal: string, listener: () => void): void => void this.listeners.set(signal, listener);
  off = (signal: string): boolean => this.listeners.delete(signal);
  exit = (code: number): void => void this.exits.push(code);
  everyTurn = (turn: () => void): number => this.turns.push(turn);
}

describe('an interruption', () => {
  let process: FakeProcess;
  let interruption: Interruption;
  beforeEach(() => {
    process = new FakeProcess();
    interruption = new Interruption(process, process.everyTurn);
    interruption.listen();
  });
  const send = (signal: 'SIGINT' | 'SIGTERM'): void => process.listeners.get(signal)!();

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`asks by ${signal}, and ends nothing at once`, () => {
      expect(interruption.exitCode).to.equal(null);
      send(signal);
      expect(interruption.signal.aborted).to.equal(true);
      expect(interruption.exitCode).to.equal(code);
      expect(process.exits).to.deep.equal([]);
    });
  }

  it('ends by the second signal', () => {
    send('SIGTERM');
    send('SIGINT');
    expect(process.exits[0]).to.equal(130);
    expect(interruption.exitCode, 'that of the first').to.equal(143);
  });

  it('ends by time, in 18 turns, and says so', () => {
    send('SIGINT');
    for (let turn = 1; turn < 18; turn++) process.turns[0]!();
    expect(process.exits).to.deep.equal([]);
    process.turns[0]!();
    expect(process.exits).to.deep.equal([130]);
    expect(process.told.join('')).to.match(/did not end within 1.8 s/);
  });

  it('leaves signals to the system when told', () => {
    interruption.leave();
    expect(process.listeners.size).to.equal(0);
  });
});
