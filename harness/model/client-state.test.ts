import { expect } from 'chai';
import { PROFILES } from './profile';
import { ClientRules, type ClientState, DAY_MS, HOUR_MS } from './client-state';

const T0 = Date.UTC(2026, 0, 1);
const WIN7 = new ClientRules(25, PROFILES['win7-2008r2']);
const VISTA = new ClientRules(25, PROFILES['vista-2008']);
const SERVER_2008 = new ClientRules(5, PROFILES['vista-2008']);

const answer = (currentClientCount: number) => ({
  currentClientCount,
  activationIntervalMinutes: 120,
  renewalIntervalMinutes: 10_080,
});
const licensed: ClientState = { licence: 'licensed', endsAtMs: T0 + 180 * DAY_MS };

describe('the KMS client as a state machine', () => {
  it('starts in a grace period of 30 days, 60 for Server 2008, and asks at once', () => {
    expect(WIN7.start(T0)).to.deep.equal({
      state: { licence: 'OOB grace', endsAtMs: T0 + 30 * DAY_MS },
      nextAskMs: T0,
    });
    expect(VISTA.start(T0).state.endsAtMs).to.equal(T0 + 30 * DAY_MS);
    expect(SERVER_2008.start(T0).state.endsAtMs).to.equal(T0 + 60 * DAY_MS);
  });

  it('asks every two hours as long as the count is below its N_Policy', () => {
    const { state } = WIN7.start(T0);
    expect(WIN7.answered(state, answer(24), T0)).to.deep.equal({ state, nextAskMs: T0 + 2 * HOUR_MS });
    expect(WIN7.failed(state, T0)).to.deep.equal({ state, nextAskMs: T0 + 2 * HOUR_MS });
  });

  it('is activated by a count that reaches its N_Policy, for 180 days, and renews after 7', () => {
    const { state } = WIN7.start(T0);
    expect(WIN7.answered(state, answer(25), T0)).to.deep.equal({
      state: licensed,
      nextAskMs: T0 + 7 * DAY_MS,
    });
    expect(SERVER_2008.answered(state, answer(5), T0).state.licence).to.equal('licensed');
    expect(SERVER_2008.answered(state, answer(4), T0).state.licence).to.equal('OOB grace');
  });

  it('starts the 180 days again with every renewal', () => {
    const renewed = WIN7.answered(licensed, answer(50), T0 + 7 * DAY_MS);
    expect(renewed.state.endsAtMs).to.equal(T0 + 187 * DAY_MS);
  });

  it('goes by the intervals that the host sends', () => {
    const { state } = WIN7.start(T0);
    const often = { activationIntervalMinutes: 15, renewalIntervalMinutes: 60 };
    expect(WIN7.answered(state, { ...often, currentClientCount: 3 }, T0).nextAskMs).to.equal(
      T0 + 15 * 60_000,
    );
    expect(WIN7.answered(state, { ...often, currentClientCount: 30 }, T0).nextAskMs).to.equal(T0 + HOUR_MS);
  });

  it('asks a host that sends shorter intervals than hosts can be given every 15 minutes, so that time goes on', () => {
    const { state } = WIN7.start(T0);
    const never = { activationIntervalMinutes: 0, renewalIntervalMinutes: 0 };
    expect(WIN7.answered(state, { ...never, currentClientCount: 3 }, T0).nextAskMs).to.equal(
      T0 + 15 * 60_000,
    );
    expect(WIN7.answered(state, { ...never, currentClientCount: 30 }, T0).nextAskMs).to.equal(
      T0 + 15 * 60_000,
    );
  });

  it('tries a failed renewal again as the profile says, and stays licensed', () => {
    expect(WIN7.failed(licensed, T0)).to.deep.equal({ state: licensed, nextAskMs: T0 + 2 * HOUR_MS });
    expect(VISTA.failed(licensed, T0)).to.deep.equal({ state: licensed, nextAskMs: T0 + 7 * DAY_MS });
    expect(VISTA.answered(licensed, answer(3), T0)).to.deep.equal({
      state: licensed,
      nextAskMs: T0 + 7 * DAY_MS,
    });
  });

  it('ends in notification when its time is over, not before, and can be activated from there', () => {
    expect(WIN7.lapsed(licensed, T0 + 180 * DAY_MS - 1)).to.equal(licensed);
    const lapsed = WIN7.lapsed(licensed, T0 + 180 * DAY_MS);
    expect(lapsed).to.deep.equal({ licence: 'notification', endsAtMs: Infinity });
    expect(WIN7.lapsed(WIN7.start(T0).state, T0 + 30 * DAY_MS).licence).to.equal('notification');
    expect(VISTA.retryAfterMs(lapsed)).to.equal(2 * HOUR_MS);
    expect(WIN7.answered(lapsed, answer(25), T0).state.licence).to.equal('licensed');
  });

  it('loses its licence to other hardware or genuineness for 30 days of grace, and asks at once', () => {
    expect(WIN7.applyIncident(licensed, 'hardware-change', T0)).to.deep.equal({
      state: { licence: 'out-of-tolerance grace', endsAtMs: T0 + 30 * DAY_MS },
      nextAskMs: T0,
    });
    expect(WIN7.applyIncident(licensed, 'non-genuine', T0).state.licence).to.equal('non-genuine grace');
    const { state } = WIN7.start(T0);
    expect(WIN7.applyIncident(state, 'hardware-change', T0).state).to.equal(state);
    expect(WIN7.applyIncident(licensed, 'reimage', T0)).to.deep.equal(WIN7.start(T0));
  });
});
