export * from './capture-file';
export * from './capture-observer';
