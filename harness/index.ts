/** What talks to hosts and simulates them: the lab host, the client, targets, the counting model, streams, fleets, replay. */
export * from './clock';
export * from './random';
export { UsageError } from './usage-error';
export * from './model/counting-model';
export * from './model/profile';
export * from './lab-host';
export * from './client';
export * from './target';
export * from './stream';
export * from './fleet';
export * from './load';
export * from './replay';
export * from './discovery';
export * from './record';
export * from './events';
export * from './probe';
