import { type FuzzCase, type Step } from '../../../cases/case';
import { ask, asks, client, conversation, policy, range } from './scripted';

const walk = (server: boolean, count: number): Step => ({ kind: 'walk', server, count, application: 0 });
const burst = (count: number, server = true, requiredClientCount: number | null = null): Step => ({
  ...{ kind: 'burst', count, server, application: 0 },
  requiredClientCount,
});
/** One machine over two connections at once. */
const twice = (machine: number, requiredClientCount: number | null = null): Step => ({
  ...{ kind: 'burst', count: 2, server: true, application: 0 },
  ...{ machine, requiredClientCount },
});
const days = (count: number, seconds = 0): Step => ({ kind: 'advance', seconds: count * 86_400 + seconds });
const restart: Step = { kind: 'restart' };

/** Who is the same machine, and who is not. */
const IDENTITY: readonly FuzzCase[] = [
  conversation([ask(0)]),
  conversation([client(0)]),
  conversation([ask(0, { syntax: 'ndr64' })]),
  conversation([ask(0), ask(1)]),
  conversation([ask(0), ask(0), ask(1), ask(0), ask(2), ask(1), ask(2)]),
  // Equal but for one end.
  ...[
    ['11111111-2222-4333-8444-555555555555', '11111111-2222-4333-8444-555555555556'],
    ['11111111-2222-4333-8444-555555555555', '21111111-2222-4333-8444-555555555555'],
    ['11111111-2222-4333-8444-555555555555', '11111111-2222-4333-9555-666666666666'],
    ['11111111-2222-4333-8444-555555555555', '99999999-3333-4444-8444-555555555555'],
    ['11111111-2222-4333-8444-555555555555', '11111111-3333-4444-8555-777777777777'],
  ].map((machines) => conversation([ask(0), ask(1), ask(0)], { machines })),
  conversation([ask(0), asks(0, { workstationName: 'OTHER.example.test' }), ask(1)]),
  conversation([
    asks(0, { workstationName: 'SAME.example.test' }),
    asks(1, { workstationName: 'SAME.example.test' }),
  ]),
  conversation([ask(0), asks(0, { licenseStatus: 1 }), asks(0, { licenseStatus: 5 }), ask(1)]),
  conversation([ask(0), asks(0, { skuId: 'c06b6981-d7fd-4a35-b7b4-054742b7af67' }), ask(1)]),
  conversation([
    ask(0),
    ask(0, { previous: 1 }),
    ask(1),
    ask(1, { previous: 0 }),
    ask(2, { previous: 2 }),
    ask(2),
    ask(0),
  ]),
  conversation([
    asks(0, { isVirtualMachine: 1 }),
    asks(1, { isVirtualMachine: 1 }),
    asks(0, { isVirtualMachine: 1 }),
    ask(2),
  ]),
  conversation([
    ask(0),
    ask(0, { application: 1 }),
    ask(1),
    ask(1, { application: 1 }),
    ask(0),
    ask(0, { application: 1 }),
  ]),
  conversation([ask(0), client(0), client(1), ask(1), ask(2)]),
  conversation([ask(0), ask(0, { syntax: 'ndr64' }), ask(1, { syntax: 'ndr64' }), ask(1)]),
];

/** What a machine that is asked about at the end of a conversation shows of who is still known: there is room for it then. */
const probes = (numbers: readonly number[]): readonly Step[] => numbers.map((number) => client(number));

const full = (count: number): readonly Step[] => range(0, count - 1).map((number) => ask(number));
const fullOfClients = (count: number): readonly Step[] => range(0, count - 1).map((number) => client(number));

/** The smallest tables, in which little shows how many there is room for, and who gives way. */
const LITTLE_ROOM: readonly FuzzCase[] = [
  conversation([policy(0, 1), policy(1, 1), policy(2, 1)]),
  conversation([policy(0, 1), policy(1, 1), policy(2, 2), policy(3, 1), policy(4, 1), policy(5, 2)]),
  conversation([policy(0, 2), policy(1, 1), policy(2, 1), policy(3, 1)]),
  // An N_Policy of which a host might read the low octet alone.
  conversation([policy(0, 257), policy(1, 257), policy(2, 257)]),
  conversation([policy(0, 1), policy(1, 1), policy(2, 1), policy(1, 2), policy(2, 2), policy(0, 2)]),
  conversation([policy(1, 1), policy(0, 1), policy(2, 1), policy(0, 2)]),
  conversation([policy(0, 1), policy(1, 1), policy(0, 1), policy(2, 1), policy(0, 2), policy(1, 2)]),
  conversation([policy(0, 1), policy(1, 1), policy(1, 1), policy(2, 1), policy(1, 2)]),
];

/** How many there is room for, and who gives way. */
const ROOM: readonly FuzzCase[] = [
  conversation([walk(true, 12)]),
  conversation([walk(false, 53)]),
  conversation([walk(true, 12), walk(false, 45)]),
  conversation([...full(11), ...probes([20, 0, 1, 2, 10])]),
  conversation([...full(10), ask(0), ask(10), ...probes([20, 0, 1, 2, 9])]),
  conversation([...full(10), ask(5), ask(11), ask(5), ask(12), ...probes([20, 5, 0, 1, 2])]),
  conversation([...full(6), client(6), client(7), ask(8), ask(9), ask(10), ask(11), ask(12)]),
  conversation([...fullOfClients(25), client(25), ask(26), client(0), client(25)]),
  conversation([
    ...fullOfClients(52),
    policy(60, 26),
    policy(0, 26),
    policy(1, 26),
    policy(2, 26),
    policy(51, 26),
  ]),
  conversation([...fullOfClients(50), client(0), client(50), policy(60, 26), policy(0, 26), policy(1, 26)]),
  conversation([...full(10), policy(10, 6), policy(11, 7), ask(12), ask(13), ask(14)]),
  conversation([policy(0, 500), ...range(1, 14).map((number) => ask(number))]),
  ...[
    0, 1, 2, 24, 26, 127, 128, 129, 499, 500, 999, 1000, 1001, 1002, 0x7fffffff, 0x80000000, 0xffffffff,
  ].map((count) => conversation([policy(0, count), ask(1), ask(2), policy(0, count), ask(3)])),
  conversation(range(0, 59).map((number) => policy(number, 0))),
  conversation([policy(0, 128), ...range(1, 12).map((number) => ask(number))]),
  conversation([policy(0, 1001), ...range(1, 54).map((number) => policy(number, 1001))]),
  conversation([policy(0, 1000), walk(false, 110)]),
];

/** What errors and refusals leave behind. */
const BEHIND_ERRORS: readonly FuzzCase[] = [
  conversation([ask(0), policy(1, 1001), ask(2), ask(1), ask(3)]),
  conversation([
    ask(0),
    ask(1, { body: [{ field: 'opnum', mode: 'boundary', value: 1 }] }),
    ask(2),
    ask(1),
    ask(3),
  ]),
  conversation([
    ask(0),
    ask(1, { stub: [{ field: 'maxCount', mode: 'boundary', value: 300n }] }),
    ask(2),
    ask(1),
    ask(3),
  ]),
  conversation([
    ask(0),
    ask(1, { stub: [{ field: 'requestSize', mode: 'boundary', value: 8n }] }),
    ask(2),
    ask(1),
  ]),
  conversation([ask(0), ask(1, { messageSize: 100 }), ask(2), ask(1), ask(3)]),
  conversation([
    ask(0),
    asks(1, { majorVersion: 3 }),
    ask(2),
    asks(3, { majorVersion: 5 }),
    ask(1),
    asks(2, { majorVersion: 6 }),
  ]),
  conversation([
    ask(0),
    ask(1, { body: [{ field: 'contextId', mode: 'boundary', value: 77 }] }),
    ask(2),
    ask(1),
  ]),
];

/** Machines that ask at once, new ones and such as are known; then one by one who is still known. */
const AT_ONCE: readonly FuzzCase[] = [
  conversation([burst(4), ask(0), burst(4), ask(1)]),
  conversation([burst(8, false), client(0), burst(8, false), client(1)]),
  conversation([twice(0), ask(0), ask(1)]),
  conversation([ask(0), twice(0), ask(1), twice(0), ask(0)]),
  conversation([policy(0, 1), policy(1, 1), twice(0, 1), policy(2, 1), policy(0, 2)]),
  conversation([burst(3, true, 1)]),
  conversation([policy(0, 1), policy(1, 1), burst(2, true, 1), policy(0, 2)]),
  conversation([...full(8), burst(4), ...probes([20, 0, 1, 2, 3, 4, 7]), burst(4, false), client(21)]),
  conversation([...full(10), burst(4), ...probes([20, 0, 3, 4, 5, 9]), burst(4, false), client(21)]),
  conversation([
    ...full(6),
    burst(4),
    burst(4),
    ask(6),
    ...probes([20, 0, 1, 2, 3, 4, 5]),
    burst(4, false),
    client(21),
  ]),
];

/** What time and restarts leave. */
const TIME: readonly FuzzCase[] = [
  conversation([policy(0, 2), days(31), policy(1, 1), policy(2, 1), policy(3, 1)]),
  conversation([ask(0), ask(1), ask(2), days(8), ask(3), ask(0)]),
  conversation([ask(0), ask(1), ask(2), days(29, 600), ask(3), ask(0), ask(4)]),
  conversation([ask(0), ask(1), ask(2), days(30, 600), ask(3), ask(4), ask(0)]),
  conversation([ask(0), ask(1), ask(2), days(30, 600), client(3), client(4)]),
  conversation([ask(0), ask(1), ask(2), days(31, 600), ask(3), ask(4), ask(0)]),
  conversation([ask(0), ask(1), days(20), ask(0), days(11), ask(2), ask(0), ask(1)]),
  conversation([
    ask(0),
    ask(1),
    ask(2),
    ask(3),
    days(20),
    ask(0),
    ask(1),
    days(11),
    ask(4),
    ...probes([0, 1, 2, 3]),
  ]),
  conversation([ask(0), days(20), ask(1), ask(2), days(11), ask(3), ...probes([1, 2, 0])]),
  conversation([...full(10), client(10), days(31), ask(11), walk(true, 12)]),
  conversation([ask(0), ask(1), days(29), ...[burst(3)], days(2), burst(3), ask(2)]),
  conversation([ask(0), ask(1), ask(2), restart, ask(0), ask(3), ask(1)]),
  conversation([...full(10), client(10), restart, ask(0), walk(true, 12)]),
].map((one) => ({ ...one, level: 'control' }));

/** More machines than any host counts. */
export const MANY_MACHINES: readonly FuzzCase[] = [conversation([policy(0, 1000), walk(false, 1010)])];

/** How hosts count. */
export const COUNTING: readonly FuzzCase[] = [
  ...IDENTITY,
  ...LITTLE_ROOM,
  ...ROOM,
  ...BEHIND_ERRORS,
  ...AT_ONCE,
];
/** How they count as time goes by: both hosts need the controls for it. */
export const COUNTING_IN_TIME: readonly FuzzCase[] = TIME;
