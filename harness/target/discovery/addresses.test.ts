import { expect } from 'chai';
import { isPublicAddress, whyUnaskable } from './addresses';

it('addresses at which no host is are told as what they are', () => {
  const said = ['0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255', 'fe80::1'].map(whyUnaskable);
  expect(said.every((why) => why !== null)).to.equal(true);
  const askable = ['127.0.0.1', '::1', '10.0.0.1', '169.254.1.1', '8.8.8.8', 'fd00::1', '::ffff:10.0.0.1'];
  expect(askable.map(whyUnaskable)).to.deep.equal(askable.map(() => null));
});

describe('public addresses', () => {
  const publicOnes = [
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '2600::1',
    '::ffff:8.8.8.8',
  ];
  const others = [
    '10.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.255.1',
    '100.64.0.1',
    '192.0.2.1',
    '198.51.100.9',
    '203.0.113.4',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::1',
    '::',
    'fd12::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    'no address',
    '',
  ];
  for (const address of publicOnes)
    it(`${address} is`, () => expect(isPublicAddress(address)).to.equal(true));
  for (const address of others)
    it(`"${address}" is not`, () => expect(isPublicAddress(address)).to.equal(false));
});
