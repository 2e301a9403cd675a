export { generate, type GenerateOptions, type StreamRequest, type StreamStep } from './generate';
export { isUnbounded, type StreamProgram } from './notation';
export { parseStream } from './parse';
export { runStream, type StreamEvent, type StreamPoint, type StreamRunOptions } from './run-stream';
export { StreamError } from './stream-error';
export { TrajectoryCollector } from './trajectory';
