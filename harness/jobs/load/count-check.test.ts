import { expect } from 'chai';
import type { KmsRequestInput, ProductKey } from '../../../protocol';
import { machineRequest } from '../../model/machine-request';
import { Random } from '../../support/random';
import { CountCheck } from './count-check';
import { SharedMachines } from './shared-machines';

function machines(product: ProductKey, count: number): KmsRequestInput[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => machineRequest({ product, random, clock: { now: () => 0 } }));
}

describe('bounds of counts under load', () => {
  it('lie between what had been answered and what had been sent', () => {
    const bounds = new CountCheck(machines('win7', 10), true, new SharedMachines());
    const first = bounds.send(0);
    const second = bounds.send(1);
    expect([first, second]).to.deep.equal([1, 1]);
    expect(bounds.answer(1, 2, second)).to.equal(null);
    expect(bounds.answer(0, 1, first)).to.equal(null);
    expect(bounds.send(0)).to.equal(2);
    expect(bounds.answer(0, 3, 2)).to.equal('a count of 3 where the model allows 2 to 2');
    expect(bounds.answer(0, 1, 2)).to.equal('a count of 1 where the model allows 2 to 2');
  });

  it('end at the places of the cache, which others may have filled at a host that was not fresh', () => {
    const fresh = new CountCheck(machines('r2-b', 100), true, new SharedMachines());
    for (let machine = 0; machine < 100; machine++) {
      const least = fresh.send(machine);
      expect(least).to.equal(Math.min(10, machine + 1));
      expect(fresh.answer(machine, Math.min(10, machine + 1), least)).to.equal(null);
    }
    const used = new CountCheck(machines('r2-b', 100), false, new SharedMachines());
    expect(used.answer(0, 50, used.send(0))).to.equal(null);
    expect(used.answer(1, 51, used.send(1))).to.equal('a count of 51 where the model allows 2 to 50');
  });

  it('know the machines of other threads', () => {
    const shared = new SharedMachines();
    const other = new CountCheck(machines('win7', 5), true, new SharedMachines(shared.buffer));
    const own = new CountCheck(machines('win7', 5), true, shared);
    for (let machine = 0; machine < 5; machine++) other.send(machine);
    expect(own.answer(0, 6, own.send(0))).to.equal(null);
    expect(own.answer(0, 7, own.send(0))).to.be.a('string');
  });
});
