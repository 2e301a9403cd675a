export { generate, type GenerateOptions, type StreamRequest, type StreamStep } from './generate';
export { isUnbounded, type StreamProgram } from './notation';
export { parseStream } from './parse';
export { playStream, type PlayStreamOptions } from './play-stream';
export type { StreamEvent, StreamPoint } from './stream-event';
export { StreamError } from './stream-error';
export {
  rehearseStream,
  runStream,
  type StreamJobOptions,
  type StreamJobOutcome,
  type StreamPlan,
} from './stream-job';
export { TrajectoryCollector } from './trajectory';
