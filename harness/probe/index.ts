export * from './ask';
export * from './formats';
export * from './good-request';
export * from './health';
