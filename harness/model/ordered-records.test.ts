import { expect } from 'chai';
import fc from 'fast-check';
import { OrderedRecords } from './ordered-records';

const KEYS = 200;

/** What is done to one of several copies. */
const CHANGE = fc.record({
  copy: fc.nat(3),
  does: fc.constantFrom('put', 'put', 'put', 'delete', 'drop the first', 'clone'),
  key: fc.nat(KEYS - 1).map(String),
});

describe('records in the order in which they were put', () => {
  it('are those of a Map, whatever becomes of the copies', () => {
    const changes = fc.array(CHANGE, { minLength: 300, maxLength: 1500 });
    fc.assert(
      fc.property(changes, (all) => {
        const copies = Array.from({ length: 4 }, () => ({
          own: new OrderedRecords<number>(),
          plain: new Map<string, number>(),
        }));
        for (const [i, { copy, does, key }] of all.entries()) {
          const { own, plain } = copies[copy]!;
          if (does === 'clone') copies[i % copies.length] = { own: own.clone(), plain: new Map(plain) };
          else if (does === 'put') {
            own.put(key, i);
            plain.delete(key);
            plain.set(key, i);
          } else {
            const gone = does === 'delete' ? key : plain.keys().next().value;
            if (gone === undefined) continue;
            own.delete(gone);
            plain.delete(gone);
          }
        }
        for (const { own, plain } of copies) {
          expect([...own]).to.deep.equal([...plain]);
          expect(own.size).to.equal(plain.size);
          expect(own.first()).to.equal(plain.values().next().value);
          for (let key = 0; key < KEYS; key++) expect(own.get(String(key))).to.equal(plain.get(String(key)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come all where they are deleted as they come, those behind the shared ones too', () => {
    let records = new OrderedRecords<number>();
    for (let i = 0; i < 200; i++) records.put(`shared ${i}`, i);
    records = records.clone();
    for (let i = 0; i < 20; i++) records.put(`own ${i}`, i);
    const came: string[] = [];
    for (const [key] of records) {
      came.push(key);
      records.delete(key);
    }
    expect(came).to.have.lengthOf(220);
    expect([records.size, records.first()]).to.deep.equal([0, undefined]);
  });
});
