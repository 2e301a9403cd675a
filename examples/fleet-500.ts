/**
 * The example of the article: 500 volume-licensed systems and one KMS host (volume-activation-article, "Suppose you have …").
 *
 *   node -r ts-node/register examples/fleet-500.ts [FILE.svg]
 *
 * tells when they were activated, and draws it.
 */
import { writeFileSync } from 'node:fs';
import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import {
  ARTICLE_FLEET,
  type FleetAnswer,
  type FleetResult,
  FLEET_EPOCH_MS,
  inProcessFleetHost,
  judgeActivation,
  PROFILES,
  simulateFleet,
} from 'kmsspec/harness';

const THRESHOLD = 25;
const SHOWN_HOURS = 6;

interface Point {
  readonly hour: number;
  readonly machines: number;
}

async function main(file: string | undefined): Promise<void> {
  const profile = PROFILES['vista-2008'];
  const answers: FleetAnswer[] = [];
  const result = await simulateFleet({
    groups: ARTICLE_FLEET,
    days: 2,
    hosts: [inProcessFleetHost({ profile }, FLEET_EPOCH_MS)],
    seed: 2008,
    profile,
    onAnswer: (answer) => answers.push(answer),
  });
  const { thresholdHour, early, late, never } = judgeActivation(result, THRESHOLD);
  process.stdout.write(
    [
      `the 25th of 500 machines asked after ${thresholdHour?.toFixed(2)} hours`,
      `activated before that: ${early.length}; more than two hours late: ${late.length}; never: ${never.length}`,
      `the first was activated after ${result.firstActivationHour?.toFixed(2)} hours, the last after ${result.lastActivationHour?.toFixed(2)}`,
      '',
    ].join('\n'),
  );
  if (file !== undefined) writeFileSync(file, picture(result, answers, thresholdHour!));
}

/** How many machines an event had happened to by when, as steps. */
function risingSteps(hours: readonly (number | null)[]): Point[] {
  const sorted = hours.filter((hour) => hour !== null).sort((a, b) => a - b);
  const steps = sorted.map((hour, index) => ({ hour, machines: index + 1 }));
  const shown = steps.filter(({ hour }) => hour <= SHOWN_HOURS);
  return [{ hour: 0, machines: 0 }, ...shown, { hour: SHOWN_HOURS, machines: shown.at(-1)?.machines ?? 0 }];
}

function picture({ machines }: FleetResult, answers: readonly FleetAnswer[], thresholdHour: number): string {
  const asked = risingSteps(machines.map(({ firstAskedHour }) => firstAskedHour));
  const activated = risingSteps(machines.map(({ activatedHour }) => activatedHour));
  const counts = answers
    .filter(({ hour }) => hour <= SHOWN_HOURS)
    .map(({ hour, answered }) => ({ hour, machines: answered ?? 0 }));
  const x = scaleLinear([0, SHOWN_HOURS], [60, 700]);
  const y = scaleLinear([0, asked.at(-1)!.machines], [320, 30]).nice();
  const path = line<Point>()
    .x(({ hour }) => Number(x(hour).toFixed(1)))
    .y((point) => Number(y(point.machines).toFixed(1)))
    .curve(curveStepAfter);
  const drawn = (points: readonly Point[], colour: string, dash = ''): string =>
    `<path d="${path([...points]) ?? ''}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
  const label = (hour: number, at: number, words: string, colour: string): string =>
    `<text x="${x(hour).toFixed(1)}" y="${y(at).toFixed(1)}" fill="${colour}">${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 370" font-family="system-ui, sans-serif" font-size="13" role="img">
<title>500 client systems and one KMS host: the first six hours</title>
<desc>Machines that have asked rise evenly. None is activated before the 25th has asked, after ${thresholdHour.toFixed(2)} hours; two hours later all that wait are.</desc>
<rect width="720" height="370" fill="#ffffff"/>
${y
  .ticks(6)
  .map(
    (tick) =>
      `<path d="M60 ${y(tick).toFixed(1)}H700" stroke="#e3e6ea"/><text x="52" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end" fill="#57606a">${tick}</text>`,
  )
  .join('\n')}
${x
  .ticks(6)
  .map((tick) => `<text x="${x(tick).toFixed(1)}" y="340" text-anchor="middle" fill="#57606a">${tick}</text>`)
  .join('\n')}
<text x="380" y="362" text-anchor="middle" fill="#57606a">virtual hours</text>
<path d="M${x(thresholdHour).toFixed(1)} 30V320" stroke="#8c959f" stroke-dasharray="2 4"/>
<path d="M${x(thresholdHour + 2).toFixed(1)} 30V320" stroke="#8c959f" stroke-dasharray="2 4"/>
<text x="${(x(thresholdHour) + 6).toFixed(1)}" y="42" fill="#57606a">the 25th asks</text>
<text x="${(x(thresholdHour + 2) + 6).toFixed(1)}" y="42" fill="#57606a">two hours later</text>
${drawn(asked, '#3d8bd9')}
${drawn(activated, '#2f8f5b')}
${drawn(counts, '#d1605e', '4 3')}
${label(4.1, y.invert(y(asked.at(-1)!.machines) + 40), 'have asked', '#3d8bd9')}
${label(4.9, 78, 'are activated', '#2f8f5b')}
${label(4.2, 38, 'count that the host answers', '#d1605e')}
</svg>
`;
}

void main(process.argv[2]);
