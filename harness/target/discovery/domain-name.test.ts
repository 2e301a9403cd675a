import { expect } from 'chai';
import { UsageError } from '../../support/usage-error';
import { isQueryable, parseDomain } from './domain-name';

describe('the name of a domain', () => {
  const read: [string, string][] = [
    ['corp.example', 'corp.example'],
    ['.corp.example', 'corp.example'],
    ['corp.example.', 'corp.example'],
    [' corp.example ', 'corp.example'],
    ['_vlmcs._tcp.corp.example', 'corp.example'],
    ['_VLMCS._TCP.corp.example.', 'corp.example'],
    ['corp', 'corp'],
    ['_sites.corp.example', '_sites.corp.example'],
    ['1.example', '1.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ];
  for (const [text, domain] of read) {
    it(`reads ${JSON.stringify(text)}`, () => expect(parseDomain(text, 'x')).to.equal(domain));
  }

  const refused: [string, RegExp][] = [
    ['', /is empty/],
    [' ', /is empty/],
    ['.', /is empty/],
    ['10.0.0.1', /an address/],
    ['10.0.0.1:1688', /an address/],
    ['::1', /an address/],
    ['[::1]:1688', /an address/],
    ['http://corp.example', /a URL/],
    ['https://corp.example/kms', /a URL/],
    ['_vlmcs._tcp', /no domain stands behind/],
    ['_vlmcs._tcp.', /no domain stands behind/],
    ['corp..example', /no domain name/],
    ['..corp.example', /no domain name/],
    ['corp.example:1688', /no domain name/],
    ['corp example', /no domain name/],
    ['corp/example', /no domain name/],
    ['user@corp.example', /no domain name/],
    ['-corp.example', /no domain name/],
    ['corp-.example', /no domain name/],
    ['*.example', /no domain name/],
    ['corp.example\u0000', /no domain name/],
    ['corp.example\u001b[2J', /no domain name/],
    ['10.0.0', /a number or a part of an address/],
    ['_ldap._tcp.corp.example', /the name of a service/],
    [`${'a.'.repeat(118)}example`, /more than 253 octets/],
    [`${'a'.repeat(64)}.example`, /no domain name/],
    [`${'a.'.repeat(130)}example`, /no domain name/],
  ];
  for (const [text, problem] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))} with what to give`, () => {
      expect(() => parseDomain(text, 'discover'))
        .to.throw(UsageError, problem)
        .with.property('message')
        .that.matches(/^discover ".*such as corp\.example$/);
    });
  }

  it('asks DNS for names that fit only', () => {
    const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;
    expect([isQueryable(longest), isQueryable(`${longest}.`), isQueryable(`${longest}e`)]).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(['', '.', 'a..b', `${'a'.repeat(64)}.b`, '.a'].map(isQueryable)).to.deep.equal(
      Array(5).fill(false),
    );
  });
});
