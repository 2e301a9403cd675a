import { expect } from 'chai';
import { type Answer, decodeRequest, HRESULT, type KmsRequest, type ProductKey } from '../../protocol';
import { VirtualClock } from '../support/clock';
import { createInProcessHost } from './in-process';
import { HostDeath } from './host-failure';
import type { LabHostOptions } from './settings';
import { type RequestFields, requestOf, START_MS } from './testing/lab';

const request = (machine: number, product: ProductKey = 'win7', fields: RequestFields = {}): KmsRequest =>
  decodeRequest(requestOf(machine, product, fields)).value as KmsRequest;

function hostAt(options: LabHostOptions = {}): ReturnType<typeof createInProcessHost> {
  return createInProcessHost({ clock: new VirtualClock(START_MS), ...options });
}

const outcome = (answer: Answer): number | string =>
  answer.kind === 'response'
    ? answer.value.currentClientCount
    : answer.kind === 'refusal'
      ? answer.hresult
      : answer.kind;

describe('in-process host', () => {
  it('counts, forgets and lets time pass', () => {
    const host = hostAt();
    expect([1, 2, 1].map((machine) => outcome(host.answer(request(machine))))).to.deep.equal([1, 2, 2]);
    host.advanceClock(31 * 86_400);
    expect(outcome(host.answer(request(3)))).to.equal(1);
    host.reset();
    expect(outcome(host.answer(request(4)))).to.equal(1);
  });

  it('has another ePID after a restart, and the same for the same seed', () => {
    const ePidOf = (host: ReturnType<typeof hostAt>): unknown => {
      const answer = host.answer(request(1));
      return answer.kind === 'response' ? answer.value.ePid : answer.kind;
    };
    const host = hostAt({ seed: 7 });
    const first = ePidOf(host);
    expect(first).to.match(/^99999-99999-\d{3}-\d{6}-03-1033-7600\.0000-\d{3}2009$/);
    expect(ePidOf(host)).to.equal(first);
    host.restart();
    expect(ePidOf(host)).to.not.equal(first);
    expect(ePidOf(hostAt({ seed: 7 }))).to.equal(first);
    expect(ePidOf(hostAt({ seed: 8 }))).to.not.equal(first);
  });

  it('checks N_Policy before the product, and the product before the clock', () => {
    const host = hostAt({ keyGroup: '2008-a', checkClock: true });
    const farOff = { requestTime: 0n };
    const asked: [ProductKey, RequestFields, number][] = [
      ['win7', { ...farOff, requiredClientCount: 1001 }, HRESULT.invalidData],
      ['win7', farOff, HRESULT.productNotOffered],
      ['vista', farOff, HRESULT.clockTooFarOff],
      ['vista', { requiredClientCount: 1000 }, 1],
    ];
    for (const [product, fields, expected] of asked) {
      expect(outcome(host.answer(request(1, product, fields)))).to.equal(expected);
    }
  });

  it('takes clocks that are up to four hours off', () => {
    const host = hostAt({ checkClock: true });
    const right = request(1).requestTime;
    const fourHours = 4n * 3600n * 10_000_000n;
    // The request's clock is 1234 ticks ahead of the host's.
    const offsets: [bigint, number][] = [
      [fourHours - 1234n, 1],
      [fourHours - 1233n, HRESULT.clockTooFarOff],
      [-fourHours - 1234n, 1],
      [-fourHours - 1235n, HRESULT.clockTooFarOff],
    ];
    for (const [offset, expected] of offsets) {
      const answer = host.answer(request(1, 'win7', { requestTime: right + offset }));
      expect(outcome(answer), `${offset}`).to.equal(expected);
    }
  });

  it('refuses a MAC that the lab key does not verify, where it is told to check', () => {
    const host = hostAt({ checkMac: true });
    expect(outcome(host.answer(request(1)))).to.equal(HRESULT.invalidData);
  });

  it('dies and answers malformed messages as its faults have it', () => {
    const deadly = hostAt({ faults: ['dies-of-time-zero'] });
    expect(() => deadly.answer(request(1, 'win7', { requestTime: 0n }))).to.throw(
      HostDeath,
      'dies-of-time-zero',
    );
    expect(outcome(hostAt({ faults: ['no-mac-field'] }).answer(request(1)))).to.equal('malformed');
  });
});
