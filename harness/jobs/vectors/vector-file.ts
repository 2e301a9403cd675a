import { z } from 'zod';
import {
  kmsRequest,
  kmsResponse,
  pduHeader,
  refusalStub,
  requestBody,
  requestStub,
  requestWithObjectBody,
  responseStub,
  sealedMessage,
} from '../../../protocol';
import { historySchema } from '../../model/history/history-schema';
import type { Value } from './plain/lay-out';
import { PDU_BODIES, PDU_KINDS, type PduKind } from './plain/pdu';
import { hexSchema, valueSchema } from './value-schema';

/** Name and version of the JSON of vector files. */
export const VECTORS_SCHEMA = 'kmsspec.vectors/1';

const common = {
  id: z
    .string()
    .regex(/^[a-z]+-[0-9]{4}$/)
    .describe('Its group and number: the same in every file of this version'),
  comment: z.string().min(1).describe('What it is there for'),
  source: z.string().min(1).describe('The recording that the octets are of; made: laid out for the purpose'),
};

const u32 = z.number().int().min(0).max(0xffff_ffff);
const guid = z.string().min(1);
const bigEndian = z.boolean().describe('Byte order of integers and of the first three groups of GUIDs');
const transferSyntax = z.enum(['ndr32', 'ndr64']).describe('NDR lengths have 4 octets in ndr32, 8 in ndr64');
const octets = hexSchema.describe('The octets, in hex');
const hresult = u32.describe('HRESULT');

const pduBody = (kind: PduKind): z.ZodType<Value> =>
  kind === 'request'
    ? z.union([valueSchema(requestBody), valueSchema(requestWithObjectBody)])
    : valueSchema(PDU_BODIES[kind]);

const pduOf = (kind: PduKind) =>
  z.strictObject({
    ...common,
    bytes: octets,
    bigEndian,
    kind: z.literal(kind),
    header: valueSchema(pduHeader),
    body: pduBody(kind),
    authTrailer: hexSchema.describe(
      'The authentication verifier at the end: 8 octets and what auth_length counts',
    ),
  });

const pdu = z.discriminatedUnion('kind', PDU_KINDS.map(pduOf) as [ReturnType<typeof pduOf>]);

const stubOf = (
  of: 'request' | 'answer',
  kind: 'request' | 'response' | 'refusal',
  value: z.ZodType<Value>,
) =>
  z.strictObject({
    ...common,
    bytes: octets,
    transferSyntax,
    bigEndian,
    of: z.literal(of).describe('Whose stub it is'),
    kind: z.literal(kind),
    value,
  });

const stub = z.discriminatedUnion('kind', [
  stubOf('request', 'request', valueSchema(requestStub)),
  stubOf('answer', 'response', valueSchema(responseStub)),
  stubOf('answer', 'refusal', valueSchema(refusalStub)),
]);

const clear = (value: z.ZodType<Value>) => z.strictObject({ kind: z.literal('clear'), value });
const sealed = z.strictObject({ kind: z.literal('sealed'), value: valueSchema(sealedMessage) });
const requestContent = z.discriminatedUnion('kind', [clear(valueSchema(kmsRequest)), sealed]);
const responseContent = z.discriminatedUnion('kind', [clear(valueSchema(kmsResponse)), sealed]);

const messageOf = <T extends 'request' | 'response'>(of: T, content: typeof requestContent) =>
  z.strictObject({
    ...common,
    bytes: octets,
    of: z.literal(of),
    content,
    labMac: z
      .enum(['matches', 'differs', 'none'])
      .describe('Whether it ends in the MAC of the lab key; a sealed one has none'),
  });
const message = z.discriminatedUnion('of', [
  messageOf('request', requestContent),
  messageOf('response', responseContent),
]);

const mac = z.strictObject({
  ...common,
  key: hexSchema.length(40),
  message: octets,
  mac: hexSchema.length(32),
});

const error = z.strictObject({
  code: z.enum(['truncated', 'trailing', 'bad-value', 'too-long']),
  path: z.string().min(1).describe('The field that does not fit'),
  offset: z.number().int().min(0).describe('Where it stands: from the start of `bytes`'),
});

const malformed = z.strictObject({
  ...common,
  bytes: octets,
  of: z.enum(['pdu', 'requestStub', 'answerStub', 'requestMessage', 'responseMessage']),
  transferSyntax: transferSyntax.optional().describe('Of stubs'),
  bigEndian: bigEndian.optional().describe('Of stubs; a PDU says it itself'),
  error,
});

const call = z.strictObject({
  ...common,
  of: z.enum(['request', 'response']),
  pdus: z.array(hexSchema).min(1).describe('The PDUs of one direction, in order'),
  calls: z.array(
    z.strictObject({
      callId: u32,
      contextId: u32,
      fragmentCount: z.number().int().min(1),
      stub: hexSchema.describe('The stubs of all fragments, joined'),
    }),
  ),
  error: error
    .extend({
      at: z.number().int().min(0).describe('Which of `pdus` it is, from 0; what comes behind is not read'),
    })
    .nullable(),
});

const conversation = z.strictObject({
  ...common,
  sent: octets.describe('All that the client sent on one connection'),
  received: octets.describe('All that the host sent'),
  exchanges: z.array(
    z.strictObject({
      callId: u32,
      transferSyntax,
      request: requestContent,
      answer: z.union([responseContent, z.strictObject({ kind: z.literal('refusal'), hresult })]),
    }),
  ),
});

const grant = z.strictObject({
  ...common,
  keyGroup: z.string().min(1),
  request: z.strictObject({ applicationId: guid, kmsCountedId: guid, requiredClientCount: u32 }),
  hresult: hresult.describe('0: it is granted'),
});

const profile = z.strictObject({
  countsVirtualMachines: z.boolean(),
  countSurvivesRestart: z.boolean(),
});
const atMs = z.number().int().min(0).describe("The host's clock, ms");

const counting = z.strictObject({
  ...common,
  profile,
  steps: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('request'),
        atMs,
        applicationId: z.string().min(1),
        clientMachineId: z.string().min(1),
        requiredClientCount: u32,
        virtual: z.boolean(),
        answer: z.union([z.strictObject({ count: u32 }), z.strictObject({ hresult })]),
      }),
      z.strictObject({ kind: z.enum(['reset', 'restart']), atMs }),
    ]),
  ),
});

const history = z.strictObject({
  ...common,
  profile,
  history: historySchema,
  hasOrder: z.boolean().describe('Whether some order of its events gives the counts'),
});

/** The vectors of each group. */
export const GROUPS = { pdu, stub, message, mac, malformed, call, conversation, grant, counting, history };
/** The name of a group of vectors, which is that of its file. */
export type GroupName = keyof typeof GROUPS;
/** One vector of a group. */
export type VectorOf<G extends GroupName> = z.output<(typeof GROUPS)[G]>;

const fileOf = (group: GroupName) =>
  z.strictObject({
    schema: z.literal(VECTORS_SCHEMA),
    group: z.literal(group),
    about: z.string().min(1).describe('What an implementation does with them'),
    vectors: z.array(GROUPS[group]).min(1),
  });

/** What `kmsspec vectors` writes: a file a group. */
export const vectorFileSchema = z.discriminatedUnion(
  'group',
  (Object.keys(GROUPS) as GroupName[]).map(fileOf) as [ReturnType<typeof fileOf>],
);
