export * from './evtx-reader';
