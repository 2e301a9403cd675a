import { expect } from 'chai';
import { bindOf, callOf, Lab, type LabConnection, requestOf } from '../testing/lab';
import { countIn } from '../testing/count-in';

describe('overlap', () => {
  it('lost-update: what two clients read at once, one of them loses', () => {
    const lab = new Lab({ faults: ['lost-update'] });
    const open = (): LabConnection => {
      const connection = lab.associate();
      connection.send(bindOf());
      return connection;
    };
    const ask = (machine: number, connection: LabConnection): number =>
      countIn(connection.send(callOf(requestOf(machine), { syntax: 'ndr64', contextId: 1 })), 'ndr64');
    const [first, second] = [open(), open()];
    expect([ask(1, first), ask(2, second)]).to.deep.equal([1, 1]);
    expect(ask(3, open())).to.equal(2);
  });
});
