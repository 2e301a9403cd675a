import { FAULT } from '../../../protocol';
import { habit } from './habit';

/** The alloc_hint of a fault without extended error information, as Windows has it (MS-RPCE 2.2.2.8). */
const FAULT_HINT = 32;

/** What good hosts write into the headers of answers to calls. */
export const CALL_HABITS = [
  habit({
    name: 'returns-the-whole-context',
    sentence: 'It returns a context_id whole, where Windows returns its low octet.',
    override: ({ answerPdu }) => ({
      answerPdu: (answer, call, ...rest) => {
        const right = answerPdu(answer, call, ...rest);
        if (right.kind !== 'response') return right;
        return { ...right, body: { ...right.body, contextId: call.body.contextId } };
      },
    }),
  }),
  habit({
    name: 'names-context-0-in-faults',
    sentence: 'Its faults name context 0 where it found no context, and carry an alloc_hint of 32.',
    override: ({ answerPdu }) => ({
      answerPdu: (answer, ...rest) => {
        const right = answerPdu(answer, ...rest);
        if (right.kind !== 'fault') return right;
        const contextId = right.body.status === FAULT.unknownInterface ? 0 : right.body.contextId;
        return { ...right, body: { ...right.body, contextId, allocHint: FAULT_HINT } };
      },
    }),
  }),
  habit({
    name: 'names-the-context-in-faults',
    sentence: 'Its faults name the context of the call, whether it found it or not, and carry no hint.',
    override: ({ answerPdu }) => ({
      answerPdu: (answer, call, ...rest) => {
        const right = answerPdu(answer, call, ...rest);
        if (right.kind !== 'fault') return right;
        return { ...right, body: { ...right.body, contextId: call.body.contextId, allocHint: 0 } };
      },
    }),
  }),
];
