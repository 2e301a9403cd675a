export * from './correlate';
export * from './event-error';
export * from './event-line';
export * from './format-correlation';
export * from './format-events';
export * from './parsed-events';
export * from './read-log';
export * from './requests';
