export * from './capture-file';
export * from './capture-observer';
export * from './recording-proxy';
