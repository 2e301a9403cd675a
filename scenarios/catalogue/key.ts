import { design, must } from './entry';
import { DG, LM, MODEL, RECORDED, UK, VA } from './sources';

/** Key groups, for a host whose key group the configuration names. */
export const KEY = [
  must('KEY-01', 'with a key of the group vista grants the products of that group and below', [VA, LM]),
  must('KEY-02', 'with a key of the group a grants the products of that group and below', [VA, LM]),
  must('KEY-03', 'with a key of the group b grants the products of that group and below', [VA, LM]),
  must('KEY-04', 'with a key of the group c grants the products of that group and below', [VA, LM]),
  must('KEY-05', 'with a key of the group vista refuses the products above it with 0xC004F042', [VA, LM]),
  must('KEY-06', 'with a key of the group a refuses the products above it with 0xC004F042', [VA, LM]),
  must('KEY-07', 'with a key of the group b refuses the products above it with 0xC004F042', [VA, LM]),
  design('KEY-08', 'counts nothing for a refused product', [MODEL]),
  must(
    'KEY-09',
    'refuses an unknown KMSID or one of another application, unless the configuration says `grantsAny`',
    [RECORDED],
  ),
  must('KEY-10', 'with a win7 or r2 key grants the older generation in that group and below', [UK('2.9')]),
  must('KEY-11', 'with a key of the 2008 generation refuses Windows 7 and R2', [UK('2.9')]),
  must('KEY-12', 'refuses Office without an Office key, and Windows with only that', [DG]),
] as const;
