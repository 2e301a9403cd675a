export * from './target-address';
export * from './loopback';
export * from './key-file';
export * from './controls';
export * from './target';
