/**
 * What a sensor "EXE/Script Advanced" of PRTG takes, after the element tables of its manual ("Custom Sensors", Advanced Script, HTTP Data,
 * and REST Custom Sensors). It accepts more ways to write a value; this is what it is documented to accept as JSON.
 */
const limit = { type: 'number' } as const;

const channel = {
  type: 'object',
  required: ['channel', 'value'],
  additionalProperties: false,
  properties: {
    channel: { type: 'string', minLength: 1 },
    value: { type: 'number' },
    unit: {
      enum: [
        ...['BytesBandwidth', 'BytesDisk', 'Temperature', 'Percent', 'TimeResponse', 'TimeSeconds', 'Custom'],
        ...['Count', 'CPU', 'BytesFile', 'SpeedDisk', 'SpeedNet', 'TimeHours'],
      ],
    },
    customunit: { type: 'string', minLength: 1 },
    float: { enum: [0, 1] },
    limitmode: { enum: [0, 1] },
    ...{ limitmaxerror: limit, limitmaxwarning: limit, limitminerror: limit, limitminwarning: limit },
  },
  allOf: [
    // Without `float` a value is read as an integer; limits do nothing without `limitmode`; a custom unit has a name.
    { if: { not: { required: ['float'] } }, then: { properties: { value: { type: 'integer' } } } },
    {
      if: {
        anyOf: ['limitmaxerror', 'limitmaxwarning', 'limitminerror', 'limitminwarning'].map((name) => ({
          required: [name],
        })),
      },
      then: { required: ['limitmode'], properties: { limitmode: { const: 1 } } },
    },
    {
      if: { required: ['unit'], properties: { unit: { const: 'Custom' } } },
      then: { required: ['customunit'] },
    },
  ],
} as const;

const text = { type: 'string', maxLength: 2000, pattern: '^[^\\u0000-\\u001f]*$' } as const;

export const PRTG_SCHEMA = {
  type: 'object',
  required: ['prtg'],
  additionalProperties: false,
  properties: {
    prtg: {
      oneOf: [
        {
          type: 'object',
          required: ['result'],
          additionalProperties: false,
          properties: { result: { type: 'array', minItems: 1, maxItems: 50, items: channel }, text },
        },
        {
          type: 'object',
          required: ['error', 'text'],
          additionalProperties: false,
          properties: { error: { const: 1 }, text },
        },
      ],
    },
  },
} as const;
