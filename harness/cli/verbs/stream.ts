import type { Command } from 'commander';
import type { Report, Result } from '../../../reports/results/model';
import { isUnbounded, streamLength } from '../../jobs/stream/notation';
import { parseStream } from '../../jobs/stream/parse';
import { SegmentCollector } from '../../jobs/stream/segments';
import {
  rehearseStream,
  runStream,
  type StreamJobOptions,
  type StreamPlan,
} from '../../jobs/stream/stream-job';
import { wholeNumber } from '../options/option-values';
import { addReportOptions, addTargetOptions, resolveSettings } from '../options/options';
import { linesOf } from '../output/listing';
import { counted, whileTelling } from '../output/progress-line';
import { streamLines } from '../output/stream-lines';
import { runJob } from '../pipeline/run-job';
import type { Verb } from '../verb';

interface StreamOptions {
  readonly keep?: boolean;
  readonly reset?: boolean;
  readonly requests?: number;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec stream`: a generated CMID stream, the count after each request beside the model's. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(addTargetOptions(command))
      .option('--keep', 'one connection for all requests, instead of one each as clients do')
      .option('--no-reset', 'do not reset the target first, where its controls could')
      .option(
        '--requests <N>',
        'stop after so many requests; for streams without an end',
        wholeNumber(1, 1e12),
      )
      .addHelpText('after', `\n${NOTATION_HELP}`);
  },

  async run([notation = ''], options, context): Promise<number> {
    const { keep, reset, requests, verbose, quiet }: StreamOptions = options;
    const program = parseStream(notation);
    const settings = await resolveSettings(options, context);
    const { signal } = context;
    if (program.items.some(({ node, times }) => node.kind === 'mix' && times === 1)) {
      context.stderr.write(
        'kmsspec: note: a mix without a count draws one request; with one: mix(servers=20%)*1000\n',
      );
    }
    const plan: StreamPlan = { program, seed: settings.seed, keep, requests };
    const first = rehearseStream(plan);
    const segments = new SegmentCollector();
    const total = Math.min(requests ?? Infinity, streamLength(program.items));
    let sent = 0;
    return runJob(
      { verb: 'stream', settings, context },
      {
        example: reset === false ? undefined : () => first,
        run: (host) => {
          const onEvent: StreamJobOptions['onEvent'] = (event) => {
            if (event.kind !== 'point') return;
            segments.add(event.point);
            sent = event.point.index + 1;
          };
          const told = counted('requests sent', () => sent, total);
          return whileTelling(context, quiet === true, told, () =>
            runStream(plan, host, { signal, onEvent }),
          );
        },
        text: ({ sections: { trajectory } }, report) =>
          trajectory.requests === 0 && report.run.ended !== undefined
            ? ''
            : linesOf([
                ...streamLines(trajectory, verbose === true ? null : segments),
                '',
                ...verdictLines(report, isUnbounded(program)),
              ]),
      },
    );
  },
};

const NOTATION_HELP = `The stream is items with blanks between them:
  server*15 client*45      new machines; also virtual, virtual(server), or a product: win7, vista, 2008-b, r2-c, office2010
  renew(server)*5          machines that ask again, the one that was silent longest first; renew(all), renew(newest)
  duplicate clone reimage  the same request again; another machine with the same CMID; a new CMID with CMID_prev
  wait(30d) reset restart  controls of the target
  par(client*20 renew(server)*5)  at the same time: there must be an order that gives the counts
  (server client*2)*10     groups; shuffle(server*15 client*45) in an order that the seed gives
  mix(servers=20%, virtual=10%, renewals=50%, duplicates=1%, clones=1%, reimaged=1%)*1000
  *forever                 without an end (see --requests)`;

function verdictLines({ run, results, trajectory }: Report, unbounded: boolean): string[] {
  const { outcome, message, reason }: Result = results[0]!;
  const sent = `${trajectory!.requests} ${trajectory!.requests === 1 ? 'request' : 'requests'}${unbounded ? ' of a stream without an end' : ''}, seed ${run.seed}`;
  switch (outcome) {
    case 'passed':
      return [`${sent}: every count is the model's`];
    case 'failed':
      return [`${sent}: not as the model counts`, `  ${message}`];
    default:
      return [`${sent}: ${outcome}, ${reason}`, ...(message === undefined ? [] : [`  ${message}`])];
  }
}
