import { expect } from 'chai';
import { Remembered } from './remembered';

describe('what is remembered', () => {
  it('is made once', () => {
    const remembered = new Remembered<number>();
    let made = 0;
    const of = (key: string): number => remembered.of(key, () => ++made);
    expect([of('a'), of('b'), of('a'), remembered.has('b'), remembered.has('c')]).to.deep.equal([
      1,
      2,
      1,
      true,
      false,
    ]);
  });

  it('is forgotten where there is too much of it', () => {
    const remembered = new Remembered<number>();
    for (let i = 0; i < 65_536; i++) remembered.of(String(i), () => i);
    expect(remembered.has('0')).to.equal(true);
    remembered.of('one more', () => 1);
    expect([remembered.has('0'), remembered.has('one more')]).to.deep.equal([false, true]);
    expect(remembered.of('0', () => 5)).to.equal(5);
  });
});
