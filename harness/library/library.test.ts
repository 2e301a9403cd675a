import { expect } from 'chai';
import { type LabHost, startLabHost } from '../lab-host';
import { UsageError } from '../support/usage-error';
import { checkHost, expectConforming, NonConformance } from '.';

async function refusal(check: Promise<unknown>): Promise<Error> {
  return check.then(
    () => {
      throw new Error('it conforms');
    },
    (error: Error) => error,
  );
}

describe('the library', () => {
  let good: LabHost;
  let bad: LabHost;
  before(async () => {
    good = await startLabHost();
    bad = await startLabHost({ faults: ['nil-cmid'] });
  });
  after(() => Promise.all([good.close(), bad.close()]));

  it('lets a good host pass, by its address and with what it brings along', async () => {
    const { conforms, results, summary } = await expectConforming(good, ['MSG-02', 'CACHE-11']);
    expect(results.map(({ id, outcome }) => [id, outcome])).to.deep.equal([
      ['MSG-02', 'passed'],
      ['CACHE-11', 'passed'],
    ]);
    expect([conforms, summary.passed]).to.deep.equal([true, 2]);
    await expectConforming(`127.0.0.1:${good.port}`, ['MSG-02']);
  });

  it('fails one that does not conform, names what and how to see it again', async () => {
    const error = await refusal(expectConforming(bad, ['MSG-01', 'MSG-02'], { seed: 5 }));
    expect(error).to.be.instanceOf(NonConformance);
    expect(error.message).to.match(/^the host does not conform: 1 of 2 requirements\n {2}MSG-02 \(MUST\) /);
    expect(error.message).to.contain('kmsspec run MSG-02 --seed 5');
    const [failure] = (error as NonConformance).check.failures;
    expect(failure!.evidence).to.have.length.greaterThan(1);
  });

  it('fails where nothing was checked, and where what is required was not', async () => {
    const address = `127.0.0.1:${good.port}`;
    const nothing = await refusal(expectConforming(address, ['CACHE-11']));
    expect(nothing.message).to.match(/^nothing was conclusive: CACHE-11 /);
    const required = await refusal(
      expectConforming(address, ['MSG-01', 'CACHE-11'], { require: ['CACHE-11'] }),
    );
    expect(required.message).to.match(/^the host does not conform: 1 of 2 requirements\n {2}CACHE-11/);
  });

  it('counts the levels that it is told to', async () => {
    expect((await checkHost(bad, ['MSG-02'], { failOn: ['OBSERVED'] })).conforms).to.equal(true);
  });

  it('fails where the host is not there, or goes away', async () => {
    const error = await refusal(expectConforming('127.0.0.1:1', ['MSG-01'], { timeoutMs: 500 }));
    expect(error.message).to.match(/^the check ended early: .*127\.0\.0\.1:1/);
  });

  it('refuses a word that names no requirement, and a host that is not this machine', async () => {
    expect(await refusal(checkHost(good, ['MSG-99']))).to.be.instanceOf(UsageError);
    expect((await refusal(checkHost('192.0.2.1'))).message).to.contain('allow-remote');
  });

  it('checks hosts at the same time', async () => {
    const checks = await Promise.all([checkHost(good, ['MSG']), checkHost(bad, ['MSG'])]);
    expect(checks.map(({ conforms }) => conforms)).to.deep.equal([true, false]);
  });
});
