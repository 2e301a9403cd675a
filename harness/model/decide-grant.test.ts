import { expect } from 'chai';
import { HRESULT, KEY_GROUPS, PRODUCTS, product } from '../../protocol';
import { decideGrant, isGranted } from './decide-grant';

describe('what a host grants', () => {
  it('grants the products of its key group and no others, by KMSID and AppID', () => {
    for (const group of KEY_GROUPS) {
      for (const one of PRODUCTS) {
        const offers = (one.keyGroups as readonly string[]).includes(group);
        expect(decideGrant(one, group), `${one.key} of ${group}`).to.equal(
          offers ? HRESULT.ok : HRESULT.productNotOffered,
        );
      }
    }
    const stranger = { ...product('win7'), applicationId: product('office2010').applicationId };
    expect(decideGrant(stranger, 'win7')).to.equal(HRESULT.productNotOffered);
  });

  it('grants what it does not know only where it grants everything', () => {
    const unknown = { ...product('win7'), kmsCountedId: '00000000-0000-0000-0000-000000000001' };
    expect(isGranted(unknown, 'any')).to.equal(true);
    expect(isGranted(unknown, 'r2-c')).to.equal(false);
  });

  it('refuses an N_Policy over 1000 before it looks at the product', () => {
    const asked = (requiredClientCount: number) => ({ ...product('office2010'), requiredClientCount });
    expect(decideGrant(asked(1000), 'office2010')).to.equal(HRESULT.ok);
    expect(decideGrant(asked(1001), 'any')).to.equal(HRESULT.invalidData);
    expect(decideGrant(asked(1001), 'win7')).to.equal(HRESULT.invalidData);
    expect(decideGrant(asked(1000), 'win7')).to.equal(HRESULT.productNotOffered);
  });
});
